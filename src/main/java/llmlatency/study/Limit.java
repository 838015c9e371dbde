package llmlatency.study;

import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.units.Refusal;

/**
 * The worst value that a metric may have.
 *
 * @param metric the metric
 * @param value the limit, in the metric's unit; an upper one where lower is better, else a lower one
 */
public record Limit(Metric metric, double value) {
    /** Relative difference that nine printed digits cannot show. */
    private static final double EQUAL = 1e-8;

    /**
     * What became of it.
     *
     * @param limit the limit
     * @param value the metric's value, in its unit
     */
    public record Outcome(Limit limit, double value) {
        /**
         * Whether the value keeps the limit. A value equal to it does, to the digits that outputs carry, so that a
         * printed value is kept as its own limit.
         */
        public boolean kept() {
            return marginPercent() >= 0;
        }

        /** Room in percent of the limit, positive when kept. */
        public double marginPercent() {
            double room = (limit.upper() ? limit.value() - value : value - limit.value()) / limit.value();
            return Math.abs(room) < EQUAL ? 0 : 100 * room;
        }
    }

    /** Whether values above it break it. */
    public boolean upper() {
        return metric.better() == Metric.Better.LOWER;
    }

    /**
     * Holds the floor of an estimate against it.
     *
     * @throws Refusal when the estimate has no such figure
     */
    Outcome heldAgainstFloor(Estimate estimate) {
        Double value = metric.of(estimate, estimate.floor());
        if (value == null) {
            throw new Refusal("there is no " + metric.key() + " with a single output token; ask for two or more (-n)");
        }
        return new Outcome(this, value);
    }
}
