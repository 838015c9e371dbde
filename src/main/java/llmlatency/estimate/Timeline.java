package llmlatency.estimate;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleFunction;
import java.util.function.LongToDoubleFunction;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.hardware.Pace;
import llmlatency.hardware.Roofline;
import llmlatency.model.ForwardPass;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * How long the passes of a scenario take: at the device's limits, or as its engine runs them. The same code answers both,
 * and prefill and decode alike.
 */
public final class Timeline {
    private final ForwardPass pass;
    private final DoubleFunction<Pace> paces;
    private final long batch;
    private final @Nullable Long chunk;
    private final LongToDoubleFunction pipeline;

    /** What passes do, once worked out. */
    private final Map<Asked, PassPlan> plans;

    private Timeline(
            ForwardPass pass,
            DoubleFunction<Pace> paces,
            LongToDoubleFunction pipeline,
            long batch,
            @Nullable Long chunk,
            Map<Asked, PassPlan> plans) {
        this.pass = pass;
        this.paces = paces;
        this.pipeline = pipeline;
        this.batch = batch;
        this.chunk = chunk;
        this.plans = plans;
    }

    /** The same passes as another engine, or the same with other parameters, runs them; what they do is kept. */
    public Timeline as(Performance performance) {
        return new Timeline(pass, performance::pace, performance::pipelined, batch, chunk, plans);
    }

    /** The least time that physics allows; a prompt whose layers are split may keep all devices busy at once. */
    public static Timeline floor(Scenario scenario) {
        Pace roofline = new Roofline(scenario.deployment().gpu());
        double share = 1.0 / scenario.deployment().parallelism().stages();
        return new Timeline(
                pass(scenario),
                rows -> roofline,
                parts -> share,
                scenario.workload().batch(),
                null,
                new HashMap<>());
    }

    /** What the engine should do; null where its profile expects nothing on this device. */
    public static @Nullable Timeline expected(Scenario scenario) {
        Performance performance = performance(scenario);
        return performance == null ? null : expected(scenario, performance, performance.microBatch());
    }

    /**
     * What the engine should do.
     *
     * @param performance what it makes of the device
     * @param chunk tokens of a prompt that it takes at once; null: all
     */
    public static Timeline expected(Scenario scenario, Performance performance, @Nullable Long chunk) {
        return new Timeline(
                pass(scenario),
                performance::pace,
                performance::pipelined,
                scenario.workload().batch(),
                chunk,
                new HashMap<>());
    }

    /**
     * The ends of the 80 % interval around what the engine should do, each pass by its own width; null where the
     * profile states no width.
     *
     * @param side −1 for the fast end, 1 for the slow end
     */
    public static @Nullable Timeline end(Scenario scenario, Performance performance, @Nullable Long chunk, int side) {
        if (performance.interval(1) == null || performance.interval(Double.MAX_VALUE) == null) {
            return null;
        }
        DoubleFunction<Pace> paces = rows -> new ScaledPace(
                performance.pace(rows), Math.exp(side * Objects.requireNonNull(performance.interval(rows))));
        return new Timeline(
                pass(scenario),
                paces,
                performance::pipelined,
                scenario.workload().batch(),
                chunk,
                new HashMap<>());
    }

    /** What the engine makes of the device; null where its profile expects nothing there. */
    public static @Nullable Performance performance(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        return Performance.of(
                deployment.setup(),
                deployment.gpu(),
                scenario.weights(),
                Structure.of(scenario.model()),
                deployment.parallelism());
    }

    private static ForwardPass pass(Scenario scenario) {
        return new ForwardPass(
                scenario.model(),
                scenario.scheme(),
                scenario.cache(),
                scenario.deployment().parallelism());
    }

    /** Prefill and decode of a workload. */
    public Timings timings(Workload workload) {
        long cached = workload.cachedTokens();
        PassSeries prompt = series(new Asked(workload.promptTokens() - cached, cached, true));
        Decode decode = workload.decodeSteps() == 0
                ? null
                : series(new Asked(workload.decodeSteps(), workload.promptTokens(), false))
                        .decode();
        return new Timings(prompt.whole(), decode);
    }

    /** The mean of the {@code steps} decode steps that read cached + 1 … cached + steps entries. */
    public Seconds meanStep(long cached, long steps) {
        return new Seconds(series(new Asked(steps, cached, false)).total() / steps);
    }

    /** The mean of the {@code steps} decode steps that read cached + 1 … cached + steps entries, and what it moves. */
    public Phase meanStepInDetail(long cached, long steps) {
        return series(new Asked(steps, cached, false)).decode().mean();
    }

    /** The pass of so many new tokens of each sequence on cached ones, the head's work for the last one included. */
    public Seconds prefill(long newTokens, long cached) {
        return new Seconds(series(new Asked(newTokens, cached, true)).total());
    }

    private PassSeries series(Asked asked) {
        PassPlan plan = plans.computeIfAbsent(
                asked,
                key -> key.prompt
                        ? PassPlan.prefill(pass, key.tokens, key.cached, batch, chunk)
                        : PassPlan.decode(pass, key.cached, key.tokens, batch));
        double factor = asked.prompt ? pipeline.applyAsDouble(plan.passes()) : 1;
        return new PassSeries(plan, factor == 1 ? paces : rows -> new ScaledPace(paces.apply(rows), factor));
    }

    /** What passes are asked for: a prompt's, or decode steps. */
    private record Asked(long tokens, long cached, boolean prompt) {
        // Written out, since what Java links for a record at run time costs every start some milliseconds.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Asked asked
                    && tokens == asked.tokens
                    && cached == asked.cached
                    && prompt == asked.prompt;
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(tokens) + Long.hashCode(cached) + (prompt ? 1 : 0);
        }
    }
}
