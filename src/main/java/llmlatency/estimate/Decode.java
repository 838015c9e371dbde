package llmlatency.estimate;

import llmlatency.units.Seconds;

/**
 * The tokens after the first.
 *
 * @param mean the mean step, k; its time times the steps is the exact sum
 * @param first the first step's time
 * @param last the last step's time
 * @param total the exact sum of all steps
 * @param maxDeviation largest difference between the line {@code kx + b} and the exact curve
 */
public record Decode(Phase mean, Seconds first, Seconds last, Seconds total, Seconds maxDeviation) {}
