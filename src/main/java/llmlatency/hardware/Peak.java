package llmlatency.hardware;

import llmlatency.units.FlopsPerSecond;
import org.jspecify.annotations.Nullable;

/**
 * Dense peak rate of a device in one arithmetic.
 *
 * @param wide with FP32 (or INT32) accumulation
 * @param narrow with FP16 accumulation, where the device states one
 */
public record Peak(FlopsPerSecond wide, @Nullable FlopsPerSecond narrow) {
    /** Whether the rate with FP16 accumulation is the larger one. */
    boolean fasterNarrow() {
        return narrow != null && narrow.value() > wide.value();
    }

    /** The larger of the two: what the floor takes (how-it-counts.md). */
    public FlopsPerSecond fastest() {
        return narrow != null && narrow.value() > wide.value() ? narrow : wide;
    }
}
