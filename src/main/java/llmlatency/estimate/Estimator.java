package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Performance;
import llmlatency.hardware.Rate;
import llmlatency.model.Recipe;
import llmlatency.model.TensorRole;
import llmlatency.units.Assumption;
import llmlatency.units.Source;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** Answers scenarios. Stateless: the same scenario gives the same estimate. */
public final class Estimator {
    private Estimator() {}

    /**
     * The answer.
     *
     * @throws llmlatency.units.Refusal when the layout is impossible, or the device lacks a rate that is needed
     */
    public static Estimate estimate(Scenario scenario) {
        return estimate(scenario, new Workshop());
    }

    /** The same answer, sooner where scenarios before were alike. */
    public static Estimate estimate(Scenario scenario, Workshop workshop) {
        scenario.model().requireFits(scenario.deployment().parallelism());
        ModelFacts facts = workshop.facts(scenario);
        Memory memory = Sizes.memory(scenario);
        List<Assumption> assumptions = new ArrayList<>(scenario.assumptions());
        assumptions.addAll(assumptions(scenario));
        Timeline best = Timeline.floor(scenario, workshop);
        boolean load = scenario.workload().demand() != null;
        Timings alone = best.timings(scenario.workload());
        Timings floor = load ? alone.under(Load.floor(scenario, best)) : alone;
        Performance performance = workshop.performance(scenario);
        if (performance == null) {
            return new Estimate(
                    scenario,
                    facts,
                    memory,
                    floor,
                    null,
                    null,
                    null,
                    assumptions,
                    scenario.sources(),
                    warnings(scenario),
                    null);
        }
        assumptions.addAll(EngineAssumptions.of(scenario.deployment(), performance));
        addRecipe(assumptions, scenario);
        List<Source> sources = new ArrayList<>(scenario.sources());
        sources.addAll(scenario.deployment().engineSources());
        Timeline likely = Timeline.expected(scenario, performance, performance.microBatch(), workshop);
        Timings expected = likely.timings(scenario.workload());
        BatchInWaves waves = BatchInWaves.of(scenario, performance);
        if (waves != null) {
            assumptions.add(new Assumption(
                    "batch beyond memory",
                    waves.whole() ? "whole waves" : "one for one",
                    (waves.whole()
                                    ? "the next wave begins when all of one is done"
                                    : "each sequence that is done makes room for the next, as if waves of the largest"
                                            + " batch followed each other")
                            + ", as " + scenario.deployment().engine().name()
                            + " does; the figures of one batch are for all of it at once, as if it fitted"));
        }
        return new Estimate(
                scenario,
                facts,
                memory,
                floor,
                load ? expected.under(Load.expected(scenario, likely, best, performance)) : expected,
                interval(likely, scenario.workload(), floor),
                performance,
                assumptions,
                sources,
                warnings(scenario),
                waves);
    }

    /** All of an end of the interval, not held to the floor; null where there is none. Slower than the interval itself. */
    static @Nullable Timings end(Estimate estimate, boolean slow) {
        Performance performance = estimate.performance();
        if (performance == null) {
            return null;
        }
        Scenario scenario = estimate.scenario();
        Timeline end = Timeline.end(scenario, performance, performance.microBatch(), slow ? 1 : -1);
        return end == null ? null : end.timings(scenario.workload());
    }

    private static @Nullable Interval interval(Timeline likely, Workload workload, Timings floor) {
        Interval.Ends fast = likely.ends(workload, -1);
        Interval.Ends slow = likely.ends(workload, 1);
        return fast == null || slow == null ? null : Interval.of(fast, slow, floor);
    }

    private static List<Assumption> assumptions(Scenario scenario) {
        List<Assumption> assumptions = new ArrayList<>();
        assumptions.add(new Assumption(
                "activations",
                "B*P*(2d + widest row/tp)*2 + B*V*4 bytes",
                "two residual rows, the widest row between them, and the logits; engines differ"));
        if (scenario.model().layers().stream().anyMatch(layer -> layer.routed().isPresent())) {
            assumptions.add(new Assumption(
                    "expert routing",
                    "uniform and independent",
                    "T tokens touch E*(1 - (1 - k/E)^T) distinct experts; real routers touch 10 to 30 % fewer"));
        }
        TokenEnergy energy = TokenEnergy.of(scenario);
        if (energy != null) {
            assumptions.add(energy.assumption());
        }
        addFallback(assumptions, scenario, scenario.weights());
        if (scenario.workload().demand() != null) {
            assumptions.addAll(LoadAssumptions.of(scenario));
        }
        if (!scenario.cache().is(scenario.weights())) {
            addFallback(assumptions, scenario, scenario.cache());
        }
        return assumptions;
    }

    /** What engines keep wider than the format that the floor counts flat. */
    private static void addRecipe(List<Assumption> assumptions, Scenario scenario) {
        if (!(scenario.recipe() instanceof Recipe recipe) || recipe.wider().isEmpty()) {
            return;
        }
        List<String> parts = new ArrayList<>();
        add(parts, recipe, TensorRole.LM_HEAD, "lm_head");
        add(parts, recipe, TensorRole.ROUTER, "router");
        add(parts, recipe, TensorRole.ATTENTION_OUTPUT, "attention");
        assumptions.add(new Assumption(
                "recipe of " + scenario.weights().name(),
                String.join(", ", parts) + " in " + recipe.wide().name(),
                "so checkpoints of that format are made; what is expected reads them so, the floor all at "
                        + scenario.weights().name()));
    }

    private static void add(List<String> parts, Recipe recipe, TensorRole role, String word) {
        if (recipe.wider().contains(role)) {
            parts.add(word);
        }
    }

    private static void addFallback(List<Assumption> assumptions, Scenario scenario, NumberFormat format) {
        if (!scenario.deployment().gpu().runsNatively(format)) {
            Rate rate = scenario.deployment().gpu().rate(format);
            assumptions.add(new Assumption(
                    "arithmetic of " + format.name(),
                    rate.label(),
                    scenario.deployment().gpu().name() + " lists no "
                            + format.arithmetic().get(0).key() + " rate; the fastest at least as wide is taken"));
        }
    }

    private static List<String> warnings(Scenario scenario) {
        Long trained = scenario.trainedContext();
        long asked = scenario.workload().totalTokens();
        return trained == null || asked <= trained
                ? List.of()
                : List.of("prompt and output are " + asked + " tokens together, but " + scenario.modelName()
                        + " was trained for " + trained);
    }
}
