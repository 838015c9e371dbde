package llmlatency.estimate;

import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the model.
 *
 * @param promptTokens P, tokens of each prompt
 * @param cachedTokens of these, already in the cache
 * @param outputTokens n, tokens generated for each sequence
 * @param batch B, sequences that run together
 * @param demand requests that keep coming besides; null: none
 */
public record Workload(
        long promptTokens,
        long cachedTokens,
        long outputTokens,
        long batch,
        @Nullable Demand demand) {
    /** One batch, and no requests after it. */
    public Workload(long promptTokens, long cachedTokens, long outputTokens, long batch) {
        this(promptTokens, cachedTokens, outputTokens, batch, null);
    }

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

    /** The same asked by requests that keep coming. */
    public Workload under(Demand demand) {
        return new Workload(promptTokens, cachedTokens, outputTokens, batch, demand);
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
