package llmlatency.estimate;

import java.util.List;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongToDoubleFunction;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.hardware.HostRoofline;
import llmlatency.hardware.Pace;
import llmlatency.hardware.Roofline;
import llmlatency.model.ForwardPass;
import llmlatency.model.Step;
import llmlatency.model.WeightScheme;
import llmlatency.units.Seconds;
import llmlatency.work.KernelKind;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * How long the passes of a scenario take: at the device's limits, or as its engine runs them. The same code answers both,
 * and prefill and decode alike.
 */
public final class Timeline {
    /** Tokens of prompts that engines take into one pass. */
    private static final double LARGEST_PART = 8192;

    private final Passes passes;
    private final Paces paces;
    private final long batch;
    private final @Nullable Long chunk;
    private final LongToDoubleFunction pipeline;
    private final @Nullable Performance performance;

    /** The question where a part of the model stays on the host; null: none does. */
    private final @Nullable Scenario offloaded;

    private Passes.@Nullable Asked promptAsked;
    private @Nullable PassSeries promptSeries;
    private Passes.@Nullable Asked stepsAsked;
    private @Nullable PassSeries stepSeries;

    private Timeline(
            Passes passes,
            Paces paces,
            LongToDoubleFunction pipeline,
            long batch,
            @Nullable Long chunk,
            @Nullable Performance performance,
            @Nullable Scenario offloaded) {
        this.offloaded = offloaded;
        this.passes = passes;
        this.paces = paces;
        this.pipeline = pipeline;
        this.batch = batch;
        this.chunk = chunk;
        this.performance = performance;
    }

    /** The same passes as another engine, or the same with other parameters, runs them; what they do is kept. */
    public Timeline as(Performance performance) {
        return new Timeline(
                passes, paces(offloaded, performance, 0), performance::pipelined, batch, chunk, performance, offloaded);
    }

    /** The same passes with so many sequences on a rank. */
    Timeline at(long sequences) {
        return sequences == batch
                ? this
                : new Timeline(passes, paces, pipeline, sequences, chunk, performance, offloaded);
    }

    /** The least time that physics allows; a prompt whose layers are split may keep all devices busy at once. */
    public static Timeline floor(Scenario scenario) {
        return floor(scenario, new Workshop());
    }

    /** The same, with what is kept of scenarios before. */
    public static Timeline floor(Scenario scenario, Workshop workshop) {
        Pace roofline = roofline(scenario.deployment());
        double share = 1.0 / scenario.deployment().parallelism().stages();
        return new Timeline(
                workshop.passes(pass(scenario, true)),
                (rows, sequences) -> roofline,
                parts -> share,
                scenario.deployment().ofRank(scenario.workload().batch()),
                null,
                null,
                offloaded(scenario));
    }

    private static Pace roofline(Deployment deployment) {
        Offload offload = deployment.offload();
        return offload == null
                ? new Roofline(deployment.gpu())
                : new HostRoofline(deployment.gpu(), offload.host(), offload.link());
    }

    private static @Nullable Scenario offloaded(Scenario scenario) {
        return scenario.deployment().offload() == null ? null : scenario;
    }

    /**
     * The pace of an engine's passes.
     *
     * @param offloaded the question where a part of the model stays on the host; null: none does
     * @param side which end of the interval: −1 the fast one, 0 none, 1 the slow one
     */
    private static Paces paces(@Nullable Scenario offloaded, Performance performance, int side) {
        Offload offload = offloaded == null ? null : offloaded.deployment().offload();
        if (offloaded == null || offload == null) {
            return side == 0
                    ? performance::pace
                    : (rows, sequences) -> new ScaledPace(
                            performance.pace(rows, sequences),
                            Math.exp(side * Objects.requireNonNull(performance.interval(rows))));
        }
        Performance there = Objects.requireNonNull(hostPerformance(offloaded, performance));
        return (rows, sequences) -> new OffloadPace(offloaded, offload, performance, there, rows, sequences, side);
    }

    /** What the engine makes of the host; null where nothing stays there, or its profile expects nothing of it. */
    public static @Nullable Performance hostPerformance(Scenario scenario, Performance performance) {
        Offload offload = scenario.deployment().offload();
        return offload == null
                ? null
                : performance.on(offload.host(), scenario.deployment().setup(), scenario.stored());
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
        return expected(scenario, performance, chunk, new Workshop());
    }

    static Timeline expected(Scenario scenario, Performance performance, @Nullable Long chunk, Workshop workshop) {
        return new Timeline(
                workshop.passes(pass(scenario, false)),
                paces(offloaded(scenario), performance, 0),
                performance::pipelined,
                scenario.deployment().ofRank(scenario.workload().batch()),
                chunk,
                performance,
                offloaded(scenario));
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
        return new Timeline(
                new Passes(pass(scenario, false)),
                paces(offloaded(scenario), performance, side),
                performance::pipelined,
                scenario.deployment().ofRank(scenario.workload().batch()),
                chunk,
                performance,
                offloaded(scenario));
    }

    /** What the engine makes of the device; null where its profile expects nothing there. */
    public static @Nullable Performance performance(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        Performance performance = Performance.of(
                deployment.setup(),
                deployment.gpu(),
                scenario.stored(),
                Structure.of(scenario.model()),
                deployment.parallelism());
        boolean hosted =
                performance == null || deployment.offload() == null || hostPerformance(scenario, performance) != null;
        return hosted ? performance : null;
    }

    private static ForwardPass pass(Scenario scenario, boolean ideal) {
        WeightScheme recipe = scenario.recipe();
        return new ForwardPass(
                scenario.model(),
                ideal || recipe == null ? scenario.scheme() : recipe,
                scenario.cache(),
                scenario.deployment().parallelism(),
                scenario.deployment().placement());
    }

    /** Prefill and decode of a workload. */
    public Timings timings(Workload workload) {
        long cached = workload.cachedTokens();
        PassSeries prompt = series(prompt(workload.promptTokens() - cached, cached));
        Decode decode = workload.decodeSteps() == 0
                ? null
                : series(steps(workload.decodeSteps(), workload.promptTokens())).decode();
        return new Timings(prompt.whole(), decode);
    }

    /** The mean of the {@code steps} decode steps that read cached + 1 … cached + steps entries. */
    public Seconds meanStep(long cached, long steps) {
        return new Seconds(series(steps(steps, cached)).total() / steps);
    }

    /** The mean of the {@code steps} decode steps that read cached + 1 … cached + steps entries, and what it moves. */
    public Phase meanStepInDetail(long cached, long steps) {
        return series(steps(steps, cached)).decode().mean();
    }

    /** The pass of so many new tokens of each sequence on cached ones, the head's work for the last one included. */
    public Seconds prefill(long newTokens, long cached) {
        return new Seconds(series(prompt(newTokens, cached)).total());
    }

    /**
     * The step of a batch whose finished requests are replaced at once, in the steady state: every step carries its share
     * of the prompts that come in, {@code step(P + n/2) + a · B/n · prompt}, a the share of a prompt that the others wait
     * for.
     *
     * <p>Source: engines.md; PagedAttention's and Orca's continuous batching. Holds for: prompts and outputs of one
     * length, as many requests in flight as places.
     */
    public Seconds steadyStep(long newTokens, long cached, long output) {
        double prompt = admitted(newTokens, cached).value();
        return new Seconds(meanStep(cached + newTokens, output).value() + share() * batch / output * prompt);
    }

    /** The share of a prompt that comes in which the others wait for. */
    double share() {
        return performance == null ? 1 : performance.value(Parameter.ADMISSION);
    }

    /**
     * The time from a request to its first token while others run: {@code a · prompt + q · (B − 1) · prompt + s · step +
     * t}.
     *
     * <p>Source: engines.md. Holds for: up to a few requests a device; what waits in a queue is not simulated.
     */
    public Seconds loadedFirst(long newTokens, long cached, long output) {
        double prompt = Math.max(admitted(newTokens, cached).value() + fixed(newTokens), leastPrompt());
        if (performance == null) {
            return new Seconds(prompt);
        }
        double times =
                performance.value(Parameter.LOAD_PROMPTS) + performance.value(Parameter.LOAD_QUEUE) * (batch - 1);
        return new Seconds(times * prompt
                + performance.value(Parameter.LOAD_STEPS)
                        * meanStep(cached + newTokens, output).value()
                + performance.value(Parameter.REQUEST_TIME));
    }

    /** What a pass over prompts takes at least: engines launch it layer by layer. */
    private double leastPrompt() {
        return performance == null
                ? 0
                : performance.structure().layers() * performance.value(Parameter.PROMPT_LAYER_TIME);
    }

    /** What a pass costs beside its operations. */
    private double fixed(long rows) {
        Pace pace = paces.of(rows, 1);
        return pace.overhead() + pace.communication();
    }

    /**
     * What one prompt adds to the passes of a running batch: its rows in the matrices, which are read anyway, and its own
     * attention.
     */
    Seconds admitted(long tokens, long cached) {
        double part = Math.min((double) tokens * batch, LARGEST_PART);
        long rows = Math.round(part);
        Pace pace = paces.of(batch + part, 1);
        // With a part on the host, a pass with a prompt may carry weights that steps without one do not.
        Pace without = offloaded == null ? pace : paces.of(batch, batch);
        double linear = Math.max(0, products(batch + rows, pace) - products(batch, without));
        double attention = 0;
        for (Operation operation : operations(new Step(tokens, cached, 1))) {
            attention += isProduct(operation)
                    ? 0
                    : operation.count() * pace.cost(operation).total();
        }
        return new Seconds(linear / part * tokens + attention);
    }

    private double products(long rows, Pace pace) {
        double time = 0;
        for (Operation operation : operations(new Step(1, 0, rows))) {
            time += isProduct(operation)
                    ? operation.count() * pace.cost(operation).total()
                    : 0;
        }
        return time;
    }

    private List<Operation> operations(Step step) {
        return passes.operations(step);
    }

    /** The head works for each sequence, whatever the rows of its prompt. */
    private static boolean isProduct(Operation operation) {
        return (operation.kind() == KernelKind.MATRIX || operation.kind() == KernelKind.EXPERTS)
                && !operation.name().equals(ForwardPass.HEAD);
    }

    private Passes.Asked prompt(long tokens, long cached) {
        return new Passes.Asked(tokens, cached, batch, true, chunk);
    }

    private Passes.Asked steps(long steps, long cached) {
        return new Passes.Asked(steps, cached, batch, false, null);
    }

    /** Answers ask for the same prompt and the same steps again. */
    private PassSeries series(Passes.Asked asked) {
        PassSeries known = asked.prompt() ? promptSeries : stepSeries;
        if (known != null && asked.equals(asked.prompt() ? promptAsked : stepsAsked)) {
            return known;
        }
        PassPlan plan = passes.plan(asked);
        double factor = asked.prompt() ? pipeline.applyAsDouble(plan.passes()) : 1;
        PassSeries series = new PassSeries(
                plan, factor == 1 ? paces : (rows, sequences) -> new ScaledPace(paces.of(rows, sequences), factor));
        if (asked.prompt()) {
            promptAsked = asked;
            promptSeries = series;
        } else {
            stepsAsked = asked;
            stepSeries = series;
        }
        return series;
    }

    /**
     * An end of the interval around a workload, each pass by its own width; null where the profile states no width.
     *
     * @param side −1 for the fast end, 1 for the slow end
     */
    Interval.@Nullable Ends ends(Workload workload, int side) {
        Performance engine = performance;
        if (engine == null || engine.interval(1) == null || engine.interval(Double.MAX_VALUE) == null) {
            return null;
        }
        if (offloaded != null) {
            // A part on the host has a width of its own in each pass.
            return new Timeline(passes, paces(offloaded, engine, side), pipeline, batch, chunk, engine, offloaded)
                    .ends(workload, rows -> 1);
        }
        return ends(workload, rows -> Math.exp(side * Objects.requireNonNull(engine.interval(rows))));
    }

    private Interval.Ends ends(Workload workload, DoubleUnaryOperator factorOfRows) {
        long cached = workload.cachedTokens();
        double first = series(prompt(workload.promptTokens() - cached, cached)).total(factorOfRows);
        long steps = workload.decodeSteps();
        if (steps == 0) {
            return new Interval.Ends(new Seconds(first), null, new Seconds(first));
        }
        double rest = series(steps(steps, workload.promptTokens())).total(factorOfRows);
        return new Interval.Ends(new Seconds(first), new Seconds(rest / steps), new Seconds(first + rest));
    }
}
