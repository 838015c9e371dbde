package llmlatency.study;

import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Load;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Timings;
import llmlatency.estimate.TokenCost;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment must reach.
 *
 * @param measure the figure
 * @param limit the worst that is allowed, in the unit of its metric; USD an hour for all devices where it is the price
 */
public record Requirement(Figure measure, double limit) {
    /** Relative difference that nine printed digits cannot show. */
    private static final double EQUAL = 1e-8;

    /** Figures that may be required. */
    public enum Figure {
        TTFT(Measure.TTFT),
        TPOT(Measure.TPOT),
        TOTAL(Measure.TOTAL),
        TOKENS_PER_SECOND(Measure.TOKENS_PER_SECOND),
        COST(Measure.COST),
        PRICE(null);

        private final @Nullable Measure measure;

        Figure(@Nullable Measure measure) {
            this.measure = measure;
        }

        /** What it is, for people. */
        public String title() {
            return measure == null ? "price" : measure.title();
        }

        /** Its unit, for people. */
        public String unit() {
            return switch (this) {
                case TTFT, TPOT, TOTAL -> "ms";
                case TOKENS_PER_SECOND -> "tok/s";
                case COST -> "USD/M";
                case PRICE -> "USD/h";
            };
        }

        /** Its name in JSON. */
        public String key(boolean load) {
            Metric metric = measure == null ? null : measure.metric(load);
            return metric == null ? "price_usd_per_hour" : metric.key();
        }
    }

    /** Whether larger values break it. */
    public boolean upper() {
        return measure != Figure.TOKENS_PER_SECOND;
    }

    /** Whether a value keeps it; none never does. */
    public boolean keeps(@Nullable Double value) {
        return value != null && excess(value) <= EQUAL;
    }

    /** By which part of the limit a value breaks it; negative where it does not. */
    public double excess(double value) {
        return (upper() ? value - limit : limit - value) / limit;
    }

    /** The value that is held against it; null where there is none. */
    public @Nullable Double value(Estimate estimate, Against against) {
        if (measure.measure == null) {
            TokenCost cost = TokenCost.of(estimate.scenario());
            return cost == null ? null : (Double) cost.perHour();
        }
        return value(measure.measure, estimate, against);
    }

    /** The value of a measure that is held against limits; null where there is none. */
    static @Nullable Double value(Measure measure, Estimate estimate, Against against) {
        Double likely = against == Against.FLOOR ? measure.floor(estimate) : measure.expected(estimate);
        if (against != Against.PESSIMISTIC || likely == null) {
            return likely;
        }
        Double factor = slower(measure, estimate);
        return factor == null ? null : (Double) (measure.lower() ? likely * factor : likely / factor);
    }

    /** How many times longer it takes at the slow end of the interval; null where none is known. */
    private static @Nullable Double slower(Measure measure, Estimate estimate) {
        Timings expected = estimate.expected();
        if (expected == null) {
            return null;
        }
        Load load = expected.load();
        if (load != null) {
            Load.Figures high = load.high();
            return high == null ? null : ratio(of(measure, high), of(measure, load.figures()));
        }
        Interval interval = estimate.interval();
        if (interval == null) {
            return null;
        }
        return switch (measure) {
            case TTFT -> ratio(interval.high().ttft(), expected.prefill().time());
            case TOTAL -> ratio(interval.high().total(), expected.total());
            default ->
                ratio(
                        interval.high().tpot(),
                        expected.decode() == null
                                ? null
                                : expected.decode().mean().time());
        };
    }

    private static @Nullable Seconds of(Measure measure, Load.Figures figures) {
        return switch (measure) {
            case TTFT -> figures.first();
            case TOTAL -> figures.total();
            case TPOT -> figures.step();
            default -> new Seconds(1 / figures.tokensPerSecond());
        };
    }

    private static @Nullable Double ratio(@Nullable Seconds slow, @Nullable Seconds likely) {
        return slow == null || likely == null ? null : (Double) (slow.value() / likely.value());
    }
}
