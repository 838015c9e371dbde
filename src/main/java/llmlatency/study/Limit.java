package llmlatency.study;

import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Timings;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The worst value that a metric may have.
 *
 * @param metric the metric
 * @param value the limit, in the metric's unit
 * @param upper whether values above it break it, not those below
 */
public record Limit(Metric metric, double value, boolean upper) {
    /** Relative difference that nine printed digits cannot show. */
    private static final double EQUAL = 1e-8;

    /** An upper limit where lower is better, else a lower one. */
    public Limit(Metric metric, double value) {
        this(metric, value, metric.better() == Metric.Better.LOWER);
    }

    /**
     * What became of it.
     *
     * @param limit the limit
     * @param value the value held against it, in the metric's unit; null where there is none, because requests wait for a
     *     place
     * @param range between which values it should stay; null where that does not matter or is not known
     * @param floor the floor's value; null where there is none
     */
    public record Outcome(
            Limit limit,
            @Nullable Double value,
            Metric.@Nullable Range range,
            @Nullable Double floor) {
        /** One of which nothing but the value is known. */
        public Outcome(Limit limit, @Nullable Double value) {
            this(limit, value, null, null);
        }

        /**
         * Whether the value keeps the limit. A value equal to it does, to the digits that outputs carry, so that a
         * printed value is kept as its own limit.
         */
        public boolean kept() {
            return value != null && limit.keeps(value);
        }

        /** Room in percent of the limit, positive when kept; null where there is no value. */
        public @Nullable Double marginPercent() {
            return value == null ? null : (Double) (100 * limit.room(value));
        }

        /** Whether the whole interval is on the value's side of the limit; null where there is no interval. */
        public @Nullable Boolean certain() {
            if (!kept() && floorBreaks()) {
                return true;
            }
            return range == null ? null : (Boolean) (limit.keeps(range.low()) == limit.keeps(range.high()));
        }

        /** Whether it is kept, but may not be: the interval reaches beyond the limit. */
        public boolean doubtful() {
            return kept() && Boolean.FALSE.equals(certain());
        }

        /** Whether the best that physics allows breaks it: then no engine can keep it. */
        public boolean floorBreaks() {
            boolean better = limit.upper == (limit.metric.better() == Metric.Better.LOWER);
            return better && floor != null && !limit.keeps(floor);
        }
    }

    private double room(double held) {
        double room = (upper ? value - held : held - value) / value;
        return Math.abs(room) < EQUAL ? 0.0 : room;
    }

    private boolean keeps(double held) {
        return room(held) >= 0;
    }

    /**
     * Holds an estimate against it. Where requests wait for a place, it has no figure, and breaks the limit.
     *
     * @param against which value; one that the estimate has
     * @throws Refusal when the estimate has no such figure
     */
    Outcome outcome(Estimate estimate, Against against) {
        Timings expected = estimate.expected();
        Double floor = metric.of(estimate, estimate.floor());
        Double value = against == Against.FLOOR || expected == null ? floor : metric.of(estimate, expected);
        if (value == null) {
            requireWaiting(estimate);
        }
        if (against == Against.FLOOR || value == null) {
            return new Outcome(this, value, null, floor);
        }
        Metric.Range range = metric.range(estimate);
        if (against == Against.EXPECTED) {
            return new Outcome(this, value, range, floor);
        }
        if (range == null) {
            throw new Refusal(
                    "no interval is known around the " + metric.key() + " that is expected here",
                    "hold the value itself: --against expected");
        }
        return new Outcome(this, upper ? range.high() : range.low(), range, floor);
    }

    /** A figure is absent where requests wait for a place; everywhere else it cannot be limited. */
    private void requireWaiting(Estimate estimate) {
        boolean load = estimate.scenario().workload().demand() != null;
        boolean priced = estimate.scenario().deployment().gpu().price() != null;
        if (metric.cost() && !priced) {
            throw new Refusal(
                    "no price is known for "
                            + estimate.scenario().deployment().gpu().name() + ", so nothing is known of "
                            + metric.key(),
                    "give it in USD an hour: --price 2.50");
        }
        if (metric.underLoad() && !load) {
            throw new Refusal(metric.key() + " is of requests that keep coming; give --concurrency or --request-rate");
        }
        boolean single = estimate.scenario().workload().outputTokens() == 1;
        if (!metric.underLoad() || (single && metric == Metric.LOAD_TPOT)) {
            throw new Refusal("there is no " + metric.key() + " with a single output token; ask for two or more (-n)");
        }
    }
}
