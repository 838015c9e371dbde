package llmlatency.estimate;

import llmlatency.units.Refusal;

/**
 * What is asked of the model.
 *
 * @param promptTokens P, tokens of each prompt
 * @param cachedTokens of these, already in the cache
 * @param outputTokens n, tokens generated for each sequence
 * @param batch B, sequences that run together
 */
public record Workload(long promptTokens, long cachedTokens, long outputTokens, long batch) {
    public Workload {
        if (promptTokens < 1 || outputTokens < 1 || batch < 1) {
            throw new Refusal("prompt tokens, output tokens and batch must each be at least 1, not " + promptTokens
                    + ", " + outputTokens + ", " + batch);
        }
        if (cachedTokens < 0 || cachedTokens >= promptTokens) {
            throw new Refusal("cached tokens must be fewer than the " + promptTokens + " prompt tokens, not "
                    + cachedTokens + ": at least one token is left to compute");
        }
    }

    /** Length of a finished sequence: P + n. */
    public long totalTokens() {
        return promptTokens + outputTokens;
    }

    /** Decode steps: the prompt's pass gives the first token. */
    public long decodeSteps() {
        return outputTokens - 1;
    }
}
