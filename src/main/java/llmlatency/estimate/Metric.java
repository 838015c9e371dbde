package llmlatency.estimate;

import java.util.function.BiFunction;
import java.util.function.Function;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * Every figure of an answer about time, declared once: JSON, CSV and budgets walk this list. A figure that does not exist
 * (k of a single token) is null, never zero. New ones go to the end.
 */
public enum Metric {
    TTFT("ttft_ms", Better.LOWER, (e, t) -> ms(t.prefill().time())),
    TPOT("tpot_ms", Better.LOWER, (e, t) -> ms(decode(t, d -> d.mean().time()))),
    TPOT_FIRST("tpot_first_ms", Better.LOWER, (e, t) -> ms(decode(t, Decode::first))),
    TPOT_LAST("tpot_last_ms", Better.LOWER, (e, t) -> ms(decode(t, Decode::last))),
    TOTAL("total_ms", Better.LOWER, (e, t) -> ms(t.total())),
    TOKENS_PER_SECOND("tokens_per_second", Better.HIGHER, (e, t) -> rate(t, batch(e))),
    TOKENS_PER_SECOND_PER_SEQUENCE("tokens_per_second_per_sequence", Better.HIGHER, (e, t) -> rate(t, 1)),
    END_TO_END_TOKENS_PER_SECOND(
            "end_to_end_tokens_per_second",
            Better.HIGHER,
            (e, t) -> batch(e)
                    * e.scenario().workload().outputTokens()
                    / t.total().value()),
    SPEED_OF_LIGHT_PERCENT("speed_of_light_percent", Better.HIGHER, Metric::speedOfLight),
    CURVE_K("curve.k_ms", Better.LOWER, (e, t) -> ms(decode(t, d -> d.mean().time()))),
    CURVE_B("curve.b_ms", Better.LOWER, (e, t) -> ms(t.prefill().time())),
    CURVE_MAX_DEVIATION("curve.max_deviation_ms", Better.LOWER, (e, t) -> ms(decode(t, Decode::maxDeviation))),
    PREFILL_WEIGHTS("breakdown.prefill.weights_ms", Better.LOWER, prefill(Breakdown::weights)),
    PREFILL_KV_CACHE("breakdown.prefill.kv_cache_ms", Better.LOWER, prefill(Breakdown::kvCache)),
    PREFILL_COMPUTE("breakdown.prefill.compute_ms", Better.LOWER, prefill(Breakdown::compute)),
    PREFILL_COMMUNICATION("breakdown.prefill.communication_ms", Better.LOWER, prefill(Breakdown::communication)),
    PREFILL_OVERHEAD("breakdown.prefill.overhead_ms", Better.LOWER, prefill(Breakdown::overhead)),
    DECODE_WEIGHTS("breakdown.decode.weights_ms", Better.LOWER, step(Breakdown::weights)),
    DECODE_KV_CACHE("breakdown.decode.kv_cache_ms", Better.LOWER, step(Breakdown::kvCache)),
    DECODE_COMPUTE("breakdown.decode.compute_ms", Better.LOWER, step(Breakdown::compute)),
    DECODE_COMMUNICATION("breakdown.decode.communication_ms", Better.LOWER, step(Breakdown::communication)),
    DECODE_OVERHEAD("breakdown.decode.overhead_ms", Better.LOWER, step(Breakdown::overhead)),
    LOAD_TTFT("load.ttft_ms", Better.LOWER),
    LOAD_TPOT("load.tpot_ms", Better.LOWER),
    LOAD_TPOT_INCLUSIVE("load.tpot_inclusive_ms", Better.LOWER),
    LOAD_TOTAL("load.total_ms", Better.LOWER),
    LOAD_REQUESTS_PER_SECOND("load.requests_per_second", Better.HIGHER),
    LOAD_TOKENS_PER_SECOND("load.tokens_per_second", Better.HIGHER),
    OUTPUT_COST("usd_per_million_output_tokens", Better.LOWER),
    INPUT_COST("usd_per_million_input_tokens", Better.LOWER),
    LOAD_OUTPUT_COST("load.usd_per_million_output_tokens", Better.LOWER),
    OUTPUT_ENERGY("joules_per_output_token", Better.LOWER),
    INPUT_ENERGY("joules_per_input_token", Better.LOWER),
    LOAD_OUTPUT_ENERGY("load.joules_per_output_token", Better.LOWER);

    /** Which way is better. */
    public enum Better {
        LOWER,
        HIGHER
    }

    /**
     * Between which values a figure should stay.
     *
     * @param low the lower one, whichever way is better
     * @param high the higher one
     */
    public record Range(double low, double high) {}

    private final String key;
    private final Better better;

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final @Nullable BiFunction<Estimate, Timings, @Nullable Double> value;

    /** One of cost, energy or load: of these no functions are kept, since each would cost every start a class. */
    Metric(String key, Better better) {
        this.key = key;
        this.better = better;
        this.value = null;
    }

    Metric(String key, Better better, BiFunction<Estimate, Timings, @Nullable Double> value) {
        this.key = key;
        this.better = better;
        this.value = value;
    }

    /** Its key within a block of JSON; points separate levels, and the last word is its unit. */
    public String key() {
        return key;
    }

    /** Whether it speaks of requests that keep coming. */
    public boolean underLoad() {
        return key.startsWith("load.");
    }

    /** Whether it is a cost, which there is none of where no price is known. */
    public boolean cost() {
        return this == OUTPUT_COST || this == INPUT_COST || this == LOAD_OUTPUT_COST;
    }

    /** Whether it is an energy, which there is none of where no board power is known. */
    public boolean energy() {
        return this == OUTPUT_ENERGY || this == INPUT_ENERGY || this == LOAD_OUTPUT_ENERGY;
    }

    /** Which way is better. */
    public Better better() {
        return better;
    }

    /** Its value in the unit that the key ends in, or null where there is none. */
    public @Nullable Double of(Estimate estimate, Timings timings) {
        if (value != null) {
            return value.apply(estimate, timings);
        }
        Load load = timings.load();
        return of(estimate.scenario(), timings, load == null ? null : load.figures());
    }

    /**
     * Between which values it should stay, {@link Interval#LEVEL} of the time, and never better than the floor; null
     * where nothing is expected, or no width is known.
     */
    public @Nullable Range range(Estimate estimate) {
        Timings expected = estimate.expected();
        Double likely = expected == null ? null : of(estimate, expected);
        Double fast = end(estimate, false);
        Double slow = end(estimate, true);
        if (likely == null || fast == null || slow == null) {
            return null;
        }
        double low = Math.min(likely, Math.min(fast, slow));
        double high = Math.max(likely, Math.max(fast, slow));
        Double best = of(estimate, estimate.floor());
        if (best == null) {
            return new Range(low, high);
        }
        return better == Better.LOWER
                ? new Range(Math.min(likely, Math.max(low, best)), high)
                : new Range(low, Math.max(likely, Math.min(high, best)));
    }

    private @Nullable Double end(Estimate estimate, boolean slow) {
        Timings expected = estimate.expected();
        if (!underLoad()) {
            Timings end = Estimator.end(estimate, slow);
            return end == null ? null : of(estimate, end);
        }
        Load load = expected == null ? null : expected.load();
        Load.Figures figures = load == null ? null : slow ? load.high() : load.low();
        if (expected == null || figures == null) {
            return null;
        }
        return of(estimate.scenario(), expected, figures);
    }

    private @Nullable Double of(Scenario scenario, Timings timings, Load.@Nullable Figures load) {
        return cost()
                ? cost(scenario, timings, load)
                : energy() ? energy(scenario, timings, load) : load == null ? null : underLoad(load);
    }

    private static @Nullable Double ms(@Nullable Seconds time) {
        return time == null ? null : (Double) time.milliseconds();
    }

    private static @Nullable Seconds decode(Timings timings, Function<Decode, Seconds> part) {
        return timings.decode() == null ? null : part.apply(timings.decode());
    }

    private @Nullable Double energy(Scenario scenario, Timings timings, Load.@Nullable Figures load) {
        TokenEnergy energy = TokenEnergy.of(scenario);
        if (energy == null) {
            return null;
        }
        return switch (this) {
            case OUTPUT_ENERGY -> energy.output(scenario.workload(), timings);
            case INPUT_ENERGY -> (Double) energy.input(scenario.workload(), timings);
            default -> load == null ? null : energy.underLoad(load);
        };
    }

    private @Nullable Double cost(Scenario scenario, Timings timings, Load.@Nullable Figures load) {
        TokenCost cost = TokenCost.of(scenario);
        if (cost == null) {
            return null;
        }
        return switch (this) {
            case OUTPUT_COST -> cost.output(scenario.workload(), timings);
            case INPUT_COST -> (Double) cost.input(scenario.workload(), timings);
            default -> load == null ? null : cost.underLoad(load);
        };
    }

    /** Its value under load. */
    private @Nullable Double underLoad(Load.Figures figures) {
        return switch (this) {
            case LOAD_TTFT -> ms(figures.first());
            case LOAD_TPOT -> ms(figures.step());
            case LOAD_TPOT_INCLUSIVE -> ms(figures.inclusive());
            case LOAD_TOTAL -> ms(figures.total());
            case LOAD_REQUESTS_PER_SECOND -> figures.requestsPerSecond();
            case LOAD_TOKENS_PER_SECOND -> figures.tokensPerSecond();
            default -> throw new IllegalStateException(key);
        };
    }

    private static double batch(Estimate estimate) {
        return estimate.scenario().workload().batch();
    }

    /** {@code B / TPOT}: decode alone (how-it-counts.md). */
    private static @Nullable Double rate(Timings timings, double sequences) {
        Seconds step = decode(timings, d -> d.mean().time());
        return step == null ? null : (Double) (sequences / step.value());
    }

    /** {@code 100 · floor's TPOT / this TPOT} (how-it-counts.md). */
    private static @Nullable Double speedOfLight(Estimate estimate, Timings timings) {
        Seconds floor = decode(estimate.floor(), d -> d.mean().time());
        Seconds step = decode(timings, d -> d.mean().time());
        return floor == null || step == null ? null : (Double) (100 * floor.value() / step.value());
    }

    private static BiFunction<Estimate, Timings, @Nullable Double> prefill(Function<Breakdown, Seconds> part) {
        return (e, t) -> ms(part.apply(t.prefill().breakdown()));
    }

    private static BiFunction<Estimate, Timings, @Nullable Double> step(Function<Breakdown, Seconds> part) {
        return (e, t) -> ms(decode(t, d -> part.apply(d.mean().breakdown())));
    }
}
