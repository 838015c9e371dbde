package llmlatency.calibration;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;

/**
 * Rules for the very devices that a user measured, on top of an engine's profile. All that the profile says of a device
 * is said again for it alone, times a factor for each parameter. The factors start from 1 and are drawn to it, so that
 * ten rows are enough and one wild row does little; what was measured in one format holds for others as well.
 */
final class DeviceRules {
    /** What may be a device's own; everything else is the engine's. */
    private static final Set<Parameter> OWN = Set.of(
            Parameter.WEIGHT_BANDWIDTH,
            Parameter.MATRIX_SHARE,
            Parameter.EXPERT_SHARE,
            Parameter.ATTENTION_SHARE,
            Parameter.SCORE_BYTES,
            Parameter.HEAD_CLOCKS,
            Parameter.HEAD_TIME,
            Parameter.LAYER_TIME,
            Parameter.LAYER_CLOCKS,
            Parameter.EXPERT_LAYER_TIME,
            Parameter.EXPERT_LAYER_CLOCKS,
            Parameter.PASS_TIME);

    /** No interval is narrower, however well a few rows agree. */
    private static final double NARROWEST = 0.03;

    private static final int PARTS = 5;
    private static final String SOURCE = "fitted to measurements of this device";
    private final Engine engine;

    DeviceRules(Engine engine) {
        this.engine = engine;
    }

    /** The engine with rules for each device of the rows, and intervals from rows left out in turn. */
    Engine fitted(List<FitCase> cases) {
        Engine start = started(cases);
        Engine fitted =
                EngineFit.ofRulesFrom(engine.rules().size(), start, cases).fitted();
        List<CrossValidation.Held> held = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            List<FitCase> out = every(cases, part, true);
            List<FitCase> rest = every(cases, part, false);
            if (!out.isEmpty() && !rest.isEmpty()) {
                Engine without = EngineFit.ofRulesFrom(engine.rules().size(), start, rest)
                        .fitted();
                out.forEach(row -> held.add(new CrossValidation.Held(row, without)));
            }
        }
        return CrossValidation.withIntervals(fitted, held);
    }

    /** Every row as the others expect it. */
    List<CrossValidation.Held> held(List<FitCase> cases, Fold fold) {
        Map<String, List<FitCase>> folds = new LinkedHashMap<>();
        cases.forEach(row -> folds.computeIfAbsent(fold.of(row.measured()), key -> new ArrayList<>())
                .add(row));
        List<CrossValidation.Held> held = new ArrayList<>();
        folds.forEach((name, out) -> {
            List<FitCase> rest = cases.stream()
                    .filter(row -> !fold.of(row.measured()).equals(name))
                    .toList();
            Engine without = rest.isEmpty() ? engine : fitted(rest);
            out.forEach(row -> held.add(new CrossValidation.Held(row, without)));
        });
        return held;
    }

    private static List<FitCase> every(List<FitCase> cases, int part, boolean within) {
        List<FitCase> kept = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            if ((i % PARTS == part) == within) {
                kept.add(cases.get(i));
            }
        }
        return kept;
    }

    /** The engine with rules of each device and backend, for few rows and for many, that say what holds there now. */
    private Engine started(List<FitCase> cases) {
        Map<String, List<FitCase>> devices = new LinkedHashMap<>();
        cases.forEach(row -> devices.computeIfAbsent(row.device() + " " + row.backend(), key -> new ArrayList<>())
                .add(row));
        List<Rule> rules = new ArrayList<>(engine.rules());
        for (List<FitCase> device : devices.values()) {
            for (boolean few : new boolean[] {true, false}) {
                if (device.stream().anyMatch(row -> row.has(few, engine))) {
                    rules.addAll(own(device.get(0), few));
                    rules.add(interval(device.get(0), few));
                }
            }
        }
        return engine.with(rules);
    }

    private List<Rule> own(FitCase device, boolean few) {
        List<Rule> own = new ArrayList<>();
        for (Rule rule : engine.rules()) {
            Condition when = rule.when().narrowed(device.backend(), device.gpu(), few);
            Map<Parameter, Rule.Value> values = new EnumMap<>(Parameter.class);
            rule.values().forEach((parameter, value) -> {
                if (OWN.contains(parameter)) {
                    values.put(parameter, new Rule.Value(value.value(), value.value() > 0, null, null, SOURCE));
                }
            });
            if (when != null && !values.isEmpty()) {
                own.add(new Rule(when, values, Map.of(), null));
            }
        }
        return own;
    }

    private Rule interval(FitCase device, boolean few) {
        Double now = device.performance(engine).interval(few ? 1 : Double.MAX_VALUE);
        Rule.Value value = new Rule.Value(Math.max(NARROWEST, now == null ? 1 : now), true, null, null, SOURCE);
        Condition when = Condition.onDevice(device.backend(), device.device(), few);
        return new Rule(when, Map.of(Parameter.INTERVAL, value), Map.of(), null);
    }
}
