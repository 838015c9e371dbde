package llmlatency.calibration;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * An engine fitted to measurements.
 *
 * @param before the engine as it was
 * @param after the engine as fitted
 * @param groups groups (source, GPU, model, format) that the rows fall into
 * @param rows accuracy before, in all and by regime
 * @param fitted the same after
 * @param outOfFold the same for rows that were left out while the rest was fitted
 */
public record Fit(
        Engine before, Engine after, int groups, Validation rows, Validation fitted, Map<Fold, Validation> outOfFold) {
    private static final Validation.Question BY_REGIME =
            new Validation.Question(List.of(), true, List.of(Attribute.REGIME, Attribute.CLASS), 1, 0);

    /** What is fitted. */
    public enum Scope {
        /** Parameters of the measured devices, on top of all that the profile says. */
        DEVICES,
        /** Every parameter of the profile that is marked as fitted. */
        PROFILE
    }

    /**
     * A parameter that a fit moved.
     *
     * @param rule the rule that states it, as fitted
     * @param parameter the parameter
     * @param before its value before; null where the rule is new
     * @param after its value after
     */
    public record Moved(
            Rule rule, Parameter parameter, @Nullable Double before, Rule.Value after) {}

    /**
     * Fits an engine to rows.
     *
     * @param leaveOut folds that are left out in turn; with {@link Scope#PROFILE} their errors decide the intervals
     * @throws Refusal when no row can be used
     */
    public static Fit of(Engine engine, List<Resolved> rows, Scope scope, Set<Fold> leaveOut) {
        List<FitCase> cases = new ArrayList<>();
        for (Resolved row : rows) {
            FitCase one = row instanceof MeasuredCase measured ? FitCase.of(measured, engine) : null;
            if (one != null) {
                cases.add(one);
            }
        }
        if (cases.isEmpty()) {
            throw new Refusal("none of the rows is of " + engine.name() + ", trusted, and answerable; nothing to fit");
        }
        return scope == Scope.PROFILE ? profile(engine, cases, leaveOut) : devices(engine, cases, leaveOut);
    }

    private static Fit profile(Engine engine, List<FitCase> cases, Set<Fold> leaveOut) {
        Engine after = EngineFit.ofProfile(engine, cases).fitted();
        Map<Fold, List<CrossValidation.Held>> held = new EnumMap<>(Fold.class);
        leaveOut.forEach(fold -> held.put(fold, CrossValidation.of(after, cases, fold)));
        List<CrossValidation.Held> all =
                held.values().stream().flatMap(List::stream).toList();
        Engine wide = CrossValidation.withIntervals(after, all);
        Map<Fold, Validation> outOfFold = new EnumMap<>(Fold.class);
        held.forEach((fold, folds) -> outOfFold.put(
                fold,
                validation(folds.stream()
                        .map(one -> one.row().comparison(EngineFit.withIntervalsOf(one.engine(), wide)))
                        .toList())));
        return new Fit(engine, wide, groups(cases), over(cases, engine), over(cases, wide), outOfFold);
    }

    private static Fit devices(Engine engine, List<FitCase> cases, Set<Fold> leaveOut) {
        DeviceRules rules = new DeviceRules(engine);
        Engine after = rules.fitted(cases);
        Map<Fold, Validation> outOfFold = new EnumMap<>(Fold.class);
        leaveOut.forEach(fold -> outOfFold.put(
                fold,
                validation(rules.held(cases, fold).stream()
                        .map(one -> one.row().comparison(one.engine()))
                        .toList())));
        return new Fit(engine, after, groups(cases), over(cases, engine), over(cases, after), outOfFold);
    }

    private static Validation over(List<FitCase> cases, Engine engine) {
        return validation(cases.stream().map(one -> one.comparison(engine)).toList());
    }

    private static Validation validation(List<Comparison> rows) {
        return Validation.of(rows, BY_REGIME);
    }

    private static int groups(List<FitCase> cases) {
        return (int) cases.stream()
                .map(one -> Accuracy.Group.of(one.measured()))
                .distinct()
                .count();
    }

    /** The accuracy of several fits together: before, fitted, and with each fold left out, in this order. */
    public static Map<String, Validation> together(List<Fit> fits) {
        Map<String, List<Comparison>> stages = new LinkedHashMap<>();
        for (Fit fit : fits) {
            fit.stages()
                    .forEach((stage, validation) -> stages.computeIfAbsent(stage, name -> new ArrayList<>())
                            .addAll(validation.comparisons()));
        }
        Map<String, Validation> together = new LinkedHashMap<>();
        stages.forEach((stage, rows) -> together.put(stage, validation(rows)));
        return together;
    }

    /** Its accuracy before, fitted, and with each fold left out, in this order. */
    public Map<String, Validation> stages() {
        Map<String, Validation> stages = new LinkedHashMap<>();
        stages.put("before", rows);
        stages.put("fitted, in sample", fitted);
        outOfFold.forEach((fold, validation) -> stages.put("one " + fold.word() + " left out", validation));
        return stages;
    }

    /** The parameters that measurements moved, in the order of the profile. */
    public List<Moved> moved() {
        List<Moved> moved = new ArrayList<>();
        for (int i = 0; i < after.rules().size(); i++) {
            Rule rule = after.rules().get(i);
            Rule old = i < before.rules().size() ? before.rules().get(i) : null;
            rule.values().forEach((parameter, value) -> {
                Rule.Value was = old == null ? null : old.values().get(parameter);
                if (value.fitted() && value.rows() != null && !value.equals(was)) {
                    moved.add(new Moved(rule, parameter, was == null ? null : (Double) was.value(), value));
                }
            });
        }
        return moved;
    }
}
