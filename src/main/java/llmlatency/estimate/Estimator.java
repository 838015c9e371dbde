package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Performance;
import llmlatency.hardware.Rate;
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
        scenario.model().requireFits(scenario.deployment().parallelism());
        ModelFacts facts = Sizes.facts(scenario);
        Memory memory = Sizes.memory(scenario);
        List<Assumption> assumptions = new ArrayList<>(scenario.assumptions());
        assumptions.addAll(assumptions(scenario));
        Timings floor = Timeline.floor(scenario).timings(scenario.workload());
        Performance performance = Timeline.performance(scenario);
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
                    warnings(scenario));
        }
        assumptions.addAll(EngineAssumptions.of(scenario.deployment(), performance));
        List<Source> sources = new ArrayList<>(scenario.sources());
        sources.addAll(scenario.deployment().engineSources());
        return new Estimate(
                scenario,
                facts,
                memory,
                floor,
                Timeline.expected(scenario, performance, performance.microBatch())
                        .timings(scenario.workload()),
                interval(scenario, performance, floor),
                performance,
                assumptions,
                sources,
                warnings(scenario));
    }

    private static @Nullable Interval interval(Scenario scenario, Performance performance, Timings floor) {
        Timeline fast = Timeline.end(scenario, performance, performance.microBatch(), -1);
        Timeline slow = Timeline.end(scenario, performance, performance.microBatch(), 1);
        return fast == null || slow == null
                ? null
                : Interval.of(fast.timings(scenario.workload()), slow.timings(scenario.workload()), floor);
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
        addFallback(assumptions, scenario, scenario.weights());
        if (!scenario.cache().is(scenario.weights())) {
            addFallback(assumptions, scenario, scenario.cache());
        }
        return assumptions;
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
