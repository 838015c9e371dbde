package llmlatency.hardware;

import org.jspecify.annotations.Nullable;

/**
 * What one run of an operation costs, in seconds.
 *
 * @param weights how long its weights alone take to read
 * @param cache how long cache and state alone take to read and write
 * @param compute how long its arithmetic alone takes
 * @param together how long all of it takes; null: the larger of moving and computing, which overlap fully
 */
public record Cost(
        double weights,
        double cache,
        double compute,
        @Nullable Double together) {
    /** How long all its bytes take to move. */
    public double memory() {
        return weights + cache;
    }

    /** How long it takes. */
    public double total() {
        return together == null ? Math.max(memory(), compute) : together;
    }
}
