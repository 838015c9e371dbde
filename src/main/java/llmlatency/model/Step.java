package llmlatency.model;

import org.jspecify.annotations.Nullable;

/**
 * One forward pass over B sequences at once: T new tokens each, on a cache of C tokens each. Prefill and decode differ
 * in these numbers alone.
 *
 * @param newTokens T, tokens computed for each sequence
 * @param cachedTokens C, tokens of each sequence that lie in the cache before
 * @param sequences B
 */
public record Step(long newTokens, long cachedTokens, long sequences) {
    public Step {
        if (newTokens < 1 || cachedTokens < 0 || sequences < 1) {
            throw new IllegalArgumentException(
                    "a pass of " + newTokens + " tokens on " + cachedTokens + " for " + sequences + " sequences");
        }
    }

    /** Tokens that pass through every matrix: {@code B · T}. */
    double tokens() {
        return (double) newTokens * sequences;
    }

    // Written out, since what Java links for a record at run time costs every start some milliseconds.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Step step
                && newTokens == step.newTokens
                && cachedTokens == step.cachedTokens
                && sequences == step.sequences;
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Long.hashCode(newTokens) + Long.hashCode(cachedTokens)) + Long.hashCode(sequences);
    }
}
