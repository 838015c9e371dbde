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
    /**
     * What became of it.
     *
     * @param limit the limit
     * @param value the metric's value, in its unit
     */
    public record Outcome(Limit limit, double value) {
        /** Whether the value keeps the limit; a value equal to it does. */
        public boolean kept() {
            return limit.upper() ? value <= limit.value() : value >= limit.value();
        }

        /** Room in percent of the limit, positive when kept. */
        public double marginPercent() {
            double room = limit.upper() ? limit.value() - value : value - limit.value();
            return 100 * room / limit.value();
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
