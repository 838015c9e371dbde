package llmlatency.estimate;

import org.jspecify.annotations.Nullable;

/**
 * Memory of the fullest device, in bytes.
 *
 * @param weightBytes weights that it holds
 * @param kvCacheBytes cache of all sequences at full length
 * @param activationBytes activations of the prompts' pass, by an assumed rule
 * @param reserveBytes what the engine needs besides
 * @param capacityBytes what the engine may take; null where the device has no known size
 * @param maxContextTokens largest prompt and output together at this batch; null where nothing bounds it
 * @param contextLimit what limits the context; null with it
 * @param maxBatch largest batch at this length; null where no size is known
 */
public record Memory(
        long weightBytes,
        long kvCacheBytes,
        long activationBytes,
        long reserveBytes,
        @Nullable Long capacityBytes,
        @Nullable Long maxContextTokens,
        @Nullable ContextLimit contextLimit,
        @Nullable Long maxBatch) {
    /** What keeps a context from being longer. */
    public enum ContextLimit {
        MEMORY,
        TRAINED_CONTEXT
    }

    /** All of it: {@code weights + cache + activations + reserve}. */
    public long totalBytes() {
        return weightBytes + kvCacheBytes + activationBytes + reserveBytes;
    }

    /** Whether it fits; null where the device has no known size. */
    public @Nullable Boolean fits() {
        return capacityBytes == null ? null : totalBytes() <= capacityBytes;
    }
}
