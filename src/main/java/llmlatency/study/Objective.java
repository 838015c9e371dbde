package llmlatency.study;

import java.util.Comparator;

/** Which of the deployments that will do is wanted. */
public enum Objective {
    /** The one with the lowest price an hour. */
    CHEAPEST(Comparator.comparingDouble(Candidate::priceOrMost)
            .thenComparingDouble(Candidate::latencyOrMost)
            .thenComparingLong(Candidate::number)),
    /** The one with the fewest devices, of these with the least memory. */
    SMALLEST(Comparator.comparingInt(Candidate::gpus)
            .thenComparingDouble(Candidate::memoryOrMost)
            .thenComparingDouble(Candidate::latencyOrMost)
            .thenComparingLong(Candidate::number)),
    /** The one with the shortest time per token. */
    FASTEST(Comparator.comparingDouble(Candidate::latencyOrMost)
            .thenComparingInt(Candidate::gpus)
            .thenComparingLong(Candidate::number));

    @SuppressWarnings("ImmutableEnumChecker") // comparators have no state
    private final Comparator<Candidate> order;

    Objective(Comparator<Candidate> order) {
        this.order = order;
    }

    /** The better first. */
    public Comparator<Candidate> order() {
        return order;
    }
}
