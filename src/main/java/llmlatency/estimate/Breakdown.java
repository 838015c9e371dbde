package llmlatency.estimate;

import llmlatency.units.Seconds;

/**
 * How long each part of a phase would take alone. The parts overlap and do not add up.
 *
 * @param weights reading the weights
 * @param kvCache reading and writing the cache
 * @param compute all arithmetic
 * @param communication between devices
 * @param overhead neither moving nor computing
 */
public record Breakdown(Seconds weights, Seconds kvCache, Seconds compute, Seconds communication, Seconds overhead) {}
