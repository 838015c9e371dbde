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
 * @param host what the host holds; null: nothing
 */
public record Memory(
        long weightBytes,
        long kvCacheBytes,
        long activationBytes,
        long reserveBytes,
        @Nullable Long capacityBytes,
        @Nullable Long maxContextTokens,
        @Nullable ContextLimit contextLimit,
        @Nullable Long maxBatch,
        @Nullable Host host) {
    /** What keeps a context from being longer. */
    public enum ContextLimit {
        MEMORY,
        TRAINED_CONTEXT
    }

    /**
     * What the host holds, in bytes.
     *
     * @param weightBytes weights that stay there
     * @param kvCacheBytes cache of all sequences, of the layers that stay there
     * @param capacityBytes what a program may have; null where no size is known
     */
    public record Host(
            long weightBytes, long kvCacheBytes, @Nullable Long capacityBytes) {
        /** All of it: {@code weights + cache}. */
        public long totalBytes() {
            return weightBytes + kvCacheBytes;
        }

        /** Whether it fits; null where no size is known. */
        public @Nullable Boolean fits() {
            return capacityBytes == null ? null : totalBytes() <= capacityBytes;
        }
    }

    /** All of it: {@code weights + cache + activations + reserve}. */
    public long totalBytes() {
        return weightBytes + kvCacheBytes + activationBytes + reserveBytes;
    }

    /** Whether it fits on the device; null where that has no known size. */
    public @Nullable Boolean deviceFits() {
        return capacityBytes == null ? null : totalBytes() <= capacityBytes;
    }

    /** Whether it fits everywhere; null where that hangs on a size that is not known. */
    public @Nullable Boolean fits() {
        Boolean device = deviceFits();
        if (host == null || Boolean.FALSE.equals(device)) {
            return device;
        }
        Boolean there = host.fits();
        return (Boolean.FALSE.equals(there) || device != null) ? there : null;
    }
}
