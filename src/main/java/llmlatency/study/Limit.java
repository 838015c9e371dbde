package llmlatency.study;

import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

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
     * @param value the metric's value, in its unit; null where there is none, because requests wait for a place
     */
    public record Outcome(Limit limit, @Nullable Double value) {
        /**
         * Whether the value keeps the limit. A value equal to it does, to the digits that outputs carry, so that a
         * printed value is kept as its own limit.
         */
        public boolean kept() {
            Double margin = marginPercent();
            return margin != null && margin >= 0;
        }

        /** Room in percent of the limit, positive when kept; null where there is no value. */
        public @Nullable Double marginPercent() {
            if (value == null) {
                return null;
            }
            double room = (limit.upper() ? limit.value() - value : value - limit.value()) / limit.value();
            return Math.abs(room) < EQUAL ? 0.0 : 100 * room;
        }
    }

    /** Whether values above it break it. */
    public boolean upper() {
        return metric.better() == Metric.Better.LOWER;
    }

    /**
     * Holds the floor of an estimate against it. Where requests wait for a place, it has no figure, and breaks the limit.
     *
     * @throws Refusal when the estimate has no such figure
     */
    Outcome heldAgainstFloor(Estimate estimate) {
        Double value = metric.of(estimate, estimate.floor());
        boolean single = estimate.scenario().workload().outputTokens() == 1;
        boolean waits = metric.underLoad() && !(single && metric == Metric.LOAD_TPOT);
        if (value == null && !waits) {
            throw new Refusal("there is no " + metric.key() + " with a single output token; ask for two or more (-n)");
        }
        return new Outcome(this, value);
    }
}
