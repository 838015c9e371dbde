package llmlatency.hardware;

import llmlatency.units.FlopsPerSecond;
import llmlatency.work.Arithmetic;

/**
 * The rate that a number format runs at on a device.
 *
 * @param value operations per second
 * @param arithmetic the arithmetic that the rate is listed for
 * @param halfAccumulation whether it is the rate with FP16 accumulation
 */
public record Rate(FlopsPerSecond value, Arithmetic arithmetic, boolean halfAccumulation) {
    /** The rate for people: {@code fp16}, or {@code fp16 with fp16 accumulation}. */
    public String label() {
        return halfAccumulation ? arithmetic.key() + " with fp16 accumulation" : arithmetic.key();
    }
}
