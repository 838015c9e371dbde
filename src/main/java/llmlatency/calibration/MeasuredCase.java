package llmlatency.calibration;

import java.util.Arrays;
import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Setup;
import llmlatency.engine.Structure;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Timeline;
import llmlatency.estimate.UnderLoad;
import llmlatency.estimate.Waves;
import org.jspecify.annotations.Nullable;

/**
 * A measurement with every name resolved, and the formula that answers its metric: one for floor and expected alike, so
 * that a measurement faster than its floor always means something (validation.md).
 */
public final class MeasuredCase implements Resolved {
    private static final double MILLISECONDS = 1e3;
    private static final double GIGABYTE = 1e9;
    private final Measurement measurement;
    private final Identity identity;
    private final MeasuredMetric metric;
    private final Scenario scenario;
    private final Lengths lengths;
    private final @Nullable String unexpected;
    private final @Nullable Waves waves;

    MeasuredCase(
            Measurement measurement,
            Identity identity,
            MeasuredMetric metric,
            Scenario scenario,
            Lengths lengths,
            @Nullable String unexpected,
            @Nullable Waves waves) {
        this.waves = waves;
        this.measurement = measurement;
        this.identity = identity;
        this.metric = metric;
        this.scenario = scenario;
        this.lengths = lengths;
        this.unexpected = unexpected;
    }

    @Override
    public Measurement measurement() {
        return measurement;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    /** Which figure was measured. */
    public MeasuredMetric metric() {
        return metric;
    }

    /** The question that the measurement answers; its workload serves for memory and batch alone. */
    public Scenario scenario() {
        return scenario;
    }

    /** The engine as it was run; the ideal one where the measured one is not known. */
    public Setup setup() {
        return scenario.deployment().setup();
    }

    /** The part of a request that the figure is about. */
    public MeasuredMetric.Span span() {
        return metric.span(measurement.request().includesPrefill());
    }

    /** The kind of measurement. */
    public Regime regime() {
        return waves != null ? Regime.WAVES : Regime.of(metric, measurement.request());
    }

    /** What was taken for granted because the source does not state it; null: nothing. */
    public @Nullable String assumed() {
        return waves != null ? "runs in waves" : lengths.assumed();
    }

    /** Why nothing can be expected of the engine; null where something may be. */
    public @Nullable String unexpected() {
        return unexpected;
    }

    /** The same case by the rules of another description of its engine, by which something may then be expected. */
    public MeasuredCase with(Engine engine) {
        Setup setup = setup();
        Deployment deployment = scenario.deployment();
        Setup other = new Setup(
                setup.engine().with(engine.rules()),
                setup.backend(),
                setup.era(),
                setup.flashAttention(),
                setup.replaced());
        return new MeasuredCase(
                measurement,
                identity,
                metric,
                scenario.on(new Deployment(deployment.gpu(), deployment.gpus(), deployment.parallelism(), other)),
                lengths,
                engine.expects() ? null : unexpected,
                waves);
    }

    /** What the engine makes of the device; null where nothing is expected of it. */
    public @Nullable Performance performance() {
        return unexpected == null ? Timeline.performance(scenario) : null;
    }

    /** What its engine makes of the device by the rules of another description; null where nothing is expected of it. */
    @Nullable
    Performance performance(Engine engine) {
        Setup setup = setup();
        Deployment deployment = scenario.deployment();
        return Performance.of(
                new Setup(
                        setup.engine().with(engine.rules()),
                        setup.backend(),
                        setup.era(),
                        setup.flashAttention(),
                        setup.replaced()),
                deployment.gpu(),
                scenario.stored(),
                Structure.of(scenario.model()),
                deployment.parallelism());
    }

    /** All that its performance depends on. */
    List<Object> alike() {
        Setup setup = setup();
        Deployment deployment = scenario.deployment();
        return Arrays.asList(
                setup.engine().name(),
                setup.backend(),
                setup.era(),
                setup.flashAttention(),
                setup.replaced(),
                deployment.gpu(),
                scenario.stored(),
                Structure.of(scenario.model()),
                deployment.parallelism());
    }

    /** Rows of the largest pass over its prompts; 0 where it has none. */
    long promptRows() {
        Integer usual = setup().engine().microBatch();
        Long measured = measurement.request().prefillChunk();
        long chunk = measured != null ? measured : usual != null ? usual : Long.MAX_VALUE;
        return Math.min(chunk, lengths.newTokens()) * measurement.request().batch();
    }

    /** Tokens of a prompt that are taken at once: those measured with, else the engine's usual; null: all. */
    public @Nullable Long chunk(Performance performance) {
        Long measured = measurement.request().prefillChunk();
        return measured == null ? performance.microBatch() : measured;
    }

    /** The best that physics allows, in the metric's unit. */
    public double floor() {
        return value(Timeline.floor(scenario));
    }

    /** What the engine should do, in the metric's unit. */
    public double expected(Performance performance) {
        return value(Timeline.expected(scenario, performance, chunk(performance)));
    }

    /**
     * The 80 % interval around what the engine should do, its fast end clipped at the floor; null where the profile
     * states none.
     */
    public @Nullable Interval interval(Performance performance) {
        Parameter underLoad = intervalUnderLoad();
        if (underLoad != null) {
            Double width = performance.loadInterval(underLoad);
            return width == null ? null : around(expected(performance), Math.exp(width));
        }
        Timeline fast = Timeline.end(scenario, performance, chunk(performance), -1);
        Timeline slow = Timeline.end(scenario, performance, chunk(performance), 1);
        if (fast == null || slow == null) {
            return null;
        }
        double floor = floor();
        double best = value(fast);
        double worst = value(slow);
        return metric.isRate()
                ? new Interval(worst, Math.min(best, floor))
                : new Interval(Math.max(best, floor), worst);
    }

    /**
     * The parameter that is the width of its interval under load, which a batch in waves is as well: sequences come and go;
     * null where it was not measured there.
     */
    @Nullable
    Parameter intervalUnderLoad() {
        return waves != null
                ? Parameter.LOAD_INTERVAL
                : !measurement.request().load()
                        ? null
                        : metric == MeasuredMetric.TTFT ? Parameter.LOAD_FIRST_INTERVAL : Parameter.LOAD_INTERVAL;
    }

    private Interval around(double expected, double factor) {
        double floor = floor();
        return metric.isRate()
                ? new Interval(expected / factor, Math.min(expected * factor, floor))
                : new Interval(Math.max(expected / factor, floor), expected * factor);
    }

    /**
     * A range in the metric's own unit.
     *
     * @param low its lower end
     * @param high its upper end
     */
    public record Interval(double low, double high) {
        /** Whether a figure lies within it. */
        boolean holds(double value) {
            return low <= value && value <= high;
        }
    }

    /**
     * The figure of the metric, in its own unit, that passes of such a pace give. With s the mean of the n steps that
     * read c+1 … c+n entries, p the prompts' pass of T new tokens on c cached ones, and e = p + the n−1 steps after it:
     *
     * <ul>
     *   <li>decode: {@code 1/s} a sequence, {@code B/s} in total, {@code s} as TPOT;
     *   <li>prefill: {@code B·P/p} as a rate, {@code p} as TTFT;
     *   <li>end to end: {@code e}; a decode rate that includes the prefill is {@code n/e} a sequence, {@code B·n/e} in
     *       total, and such a TPOT {@code e/n};
     *   <li>bandwidth: the bytes of a step over {@code s};
     *   <li>a batch that runs in waves: {@code e} of one, times their number.
     * </ul>
     *
     * <p>Source: validation.md. Holds for: batches that start together and stay together.
     */
    public double value(Timeline timeline) {
        if (measurement.request().load()) {
            return underLoad(timeline);
        }
        double time =
                seconds(timeline) * (waves == null || span() != MeasuredMetric.Span.END_TO_END ? 1 : waves.count());
        double batch = measurement.request().batch();
        double steps = span() == MeasuredMetric.Span.END_TO_END ? lengths.output() : 1;
        return switch (metric) {
            case DECODE_RATE_PER_SEQUENCE -> steps / time;
            case DECODE_RATE -> batch * steps / time;
            case TPOT -> MILLISECONDS * time / steps;
            case PREFILL_RATE -> batch * lengths.prompt() / time;
            case TTFT, END_TO_END -> MILLISECONDS * time;
            case BANDWIDTH -> bytes(timeline) / time / GIGABYTE;
        };
    }

    /**
     * The same under load, with s the steady step and f the time to a first token among others: {@code s} as TPOT, {@code
     * f} as TTFT, {@code f + (n−1)·s} end to end, and N·n over that in total, N the requests that memory admits.
     *
     * <p>Source: validation.md. Holds for: a closed loop in its steady state; the drain at its end is not modelled.
     */
    private double underLoad(Timeline timeline) {
        UnderLoad each = UnderLoad.of(timeline, lengths.newTokens(), lengths.cached(), lengths.output());
        double step = each.step().value();
        double first = each.first().value();
        // Ranks that are not all full share what there is; those that are full admit no more.
        double running =
                Math.min(measurement.request().batch(), scenario.workload().batch());
        return switch (metric) {
            case DECODE_RATE_PER_SEQUENCE -> 1 / step;
            case DECODE_RATE -> lengths.output() * each.requestsPerSecond(running);
            case TPOT -> MILLISECONDS * step;
            case PREFILL_RATE -> lengths.prompt() / first;
            case TTFT -> MILLISECONDS * first;
            case END_TO_END -> each.total().milliseconds();
            case BANDWIDTH -> throw new IllegalStateException("no bandwidth under load");
        };
    }

    private double seconds(Timeline timeline) {
        return switch (span()) {
            case DECODE -> timeline.meanStep(lengths.cached(), lengths.output()).value();
            case PREFILL ->
                timeline.prefill(lengths.newTokens(), lengths.cached()).value();
            case END_TO_END -> {
                double first =
                        timeline.prefill(lengths.newTokens(), lengths.cached()).value();
                long steps = lengths.output() - 1;
                yield steps == 0
                        ? first
                        : first
                                + steps
                                        * timeline.meanStep(lengths.afterPrompt(), steps)
                                                .value();
            }
        };
    }

    private double bytes(Timeline timeline) {
        Phase step = timeline.meanStepInDetail(lengths.cached(), lengths.output());
        return step.operations().stream().mapToDouble(OperationTime::bytes).sum();
    }
}
