package llmlatency.estimate;

import llmlatency.units.Seconds;

/**
 * What one request meets among others, on a rank whose finished requests are replaced at once.
 *
 * @param first f, time to the first token
 * @param step s, mean time of each later token
 * @param output n, tokens of each answer
 */
public record UnderLoad(Seconds first, Seconds step, long output) {
    /**
     * What a timeline's batch gives.
     *
     * @param newTokens tokens of each prompt that are computed
     * @param cached tokens of it that lie in the cache already
     * @param output tokens of each answer
     */
    public static UnderLoad of(Timeline timeline, long newTokens, long cached, long output) {
        return new UnderLoad(
                timeline.loadedFirst(newTokens, cached, output),
                timeline.steadyStep(newTokens, cached, output),
                output);
    }

    /**
     * {@code f + (n − 1)·s}.
     *
     * <p>Source: validation.md. Holds for: the steady state; the drain at the end of a run is not modelled.
     */
    public Seconds total() {
        return first.plus(step.times(output - 1));
    }

    /**
     * Requests a second with N in flight: {@code X = N / (f + (n − 1)·s)}.
     *
     * <p>Source: Little 1961 (doi 10.1287/opre.9.3.383): what is in a system is the rate at which it comes times how long
     * it stays. Holds for: any steady state, whatever the order of service.
     */
    public double requestsPerSecond(double inFlight) {
        return inFlight / total().value();
    }

    /** The same, but nothing sooner than in another answer. */
    UnderLoad atLeast(UnderLoad least) {
        return new UnderLoad(later(first, least.first), later(step, least.step), output);
    }

    /** The same with a first token that is no sooner than that. */
    UnderLoad firstAtLeast(Seconds least) {
        return new UnderLoad(later(first, least), step, output);
    }

    static Seconds later(Seconds one, Seconds other) {
        return one.value() >= other.value() ? one : other;
    }
}
