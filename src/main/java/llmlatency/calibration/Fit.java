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
 * @param family the engines that it was fitted as
 * @param before the engine as it was
 * @param after the engine as fitted
 * @param groups groups (source, GPU, model, format) that the rows fall into
 * @param rows accuracy before, in all and by regime
 * @param fitted the same after
 * @param outOfFold the same for rows that were left out while the rest was fitted
 * @param kernels how far kernels run alone are met, by table, device and format; empty: none were given
 */
public record Fit(
        EngineFamily family,
        Engine before,
        Engine after,
        int groups,
        Validation rows,
        Validation fitted,
        Map<Fold, Validation> outOfFold,
        List<KernelError> kernels) {
    /** What figures there are, unless others are asked for. */
    public static final Validation.Question BY_REGIME =
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
     * Fits an engine to rows; with those whose profiles extend it, if there are any, as one.
     *
     * @param engine the engine
     * @param extending the engines whose profiles extend it
     * @param leaveOut folds that are left out in turn; with {@link Scope#PROFILE} their errors decide the intervals
     * @throws Refusal when no row can be used
     */
    public static Fit of(Engine engine, List<Engine> extending, List<Resolved> rows, Scope scope, Set<Fold> leaveOut) {
        return of(engine, extending, rows, List.of(), scope, leaveOut);
    }

    /**
     * The same to rows and to kernels run alone. What kernels say is fitted first and stays as it is for whole passes.
     *
     * @param kernels tables of kernels; with none, what they would say stays as the profile has it
     * @throws Refusal when nothing can be used
     */
    public static Fit of(
            Engine engine,
            List<Engine> extending,
            List<Resolved> rows,
            List<KernelTable> kernels,
            Scope scope,
            Set<Fold> leaveOut) {
        if (!kernels.isEmpty() && scope == Scope.DEVICES) {
            throw new Refusal("kernels alone say nothing of a device's own factors; add --whole-profile");
        }
        EngineFamily family = new EngineFamily(engine, scope == Scope.PROFILE ? extending : List.of());
        if (leaveOut.contains(Fold.ENGINE) && family.members().isEmpty()) {
            throw new Refusal("without the rows of " + engine.name()
                    + " nothing is left to fit; an engine can be left out of those that extend one profile");
        }
        List<FitCase> cases = new ArrayList<>();
        for (Resolved row : rows) {
            FitCase one = row instanceof MeasuredCase measured ? FitCase.of(measured, family.names()) : null;
            if (one != null) {
                cases.add(one);
            }
        }
        List<KernelCase> alone = KernelCase.of(kernels, family);
        if (cases.isEmpty() && alone.isEmpty()) {
            throw new Refusal("none of the rows is of " + engine.name() + ", trusted, and answerable; nothing to fit");
        }
        return scope == Scope.PROFILE ? profile(family, cases, alone, leaveOut) : devices(family, cases, leaveOut);
    }

    private static Fit profile(EngineFamily family, List<FitCase> cases, List<KernelCase> alone, Set<Fold> leaveOut) {
        Engine engine = family.together();
        KernelFit kernels = new KernelFit(alone);
        Engine tuned = alone.isEmpty() ? engine : kernels.fitted(engine);
        Engine after =
                cases.isEmpty() ? tuned : EngineFit.ofProfile(tuned, cases).fitted();
        Map<String, Engine> leftOut = leaveOut.contains(Fold.GPU) ? kernels.leftOut(after) : Map.of();
        Map<Fold, List<CrossValidation.Held>> held = new EnumMap<>(Fold.class);
        for (Fold fold : cases.isEmpty() ? Set.<Fold>of() : leaveOut) {
            held.put(
                    fold,
                    CrossValidation.of(
                            cases, fold, name -> fold == Fold.GPU ? leftOut.getOrDefault(name, after) : after));
        }
        List<CrossValidation.Held> all =
                held.values().stream().flatMap(List::stream).toList();
        Engine wide = CrossValidation.withIntervals(after, all);
        Map<Fold, Validation> outOfFold = new EnumMap<>(Fold.class);
        held.forEach((fold, folds) -> outOfFold.put(
                fold,
                validation(folds.stream()
                        .map(one -> one.row().comparison(EngineFit.withIntervalsOf(one.engine(), wide)))
                        .toList())));
        return new Fit(
                family,
                engine,
                wide,
                groups(cases),
                over(cases, engine),
                over(cases, wide),
                outOfFold,
                kernels.errors(wide, leaveOut.contains(Fold.GPU) ? leftOut : null));
    }

    private static Fit devices(EngineFamily family, List<FitCase> cases, Set<Fold> leaveOut) {
        Engine engine = family.base();
        DeviceRules rules = new DeviceRules(engine);
        Engine after = rules.fitted(cases);
        Map<Fold, Validation> outOfFold = new EnumMap<>(Fold.class);
        leaveOut.forEach(fold -> outOfFold.put(
                fold,
                validation(rules.held(cases, fold).stream()
                        .map(one -> one.row().comparison(one.engine()))
                        .toList())));
        return new Fit(
                family, engine, after, groups(cases), over(cases, engine), over(cases, after), outOfFold, List.of());
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

    /** Figures of several fits together: before, fitted, and with each fold left out, in this order. */
    public static Map<String, Validation> together(List<Fit> fits, Validation.Question question) {
        Map<String, List<Comparison>> stages = new LinkedHashMap<>();
        for (Fit fit : fits) {
            fit.stages()
                    .forEach((stage, validation) -> stages.computeIfAbsent(stage, name -> new ArrayList<>())
                            .addAll(validation.comparisons()));
        }
        Map<String, Validation> together = new LinkedHashMap<>();
        stages.forEach((stage, rows) -> together.put(stage, Validation.of(rows, question)));
        return together;
    }

    /** The same fit with other figures of how accurate it is. */
    public Fit asked(Validation.Question question) {
        Map<Fold, Validation> folds = new EnumMap<>(Fold.class);
        outOfFold.forEach((fold, validation) -> folds.put(fold, validation.asked(question)));
        return new Fit(family, before, after, groups, rows.asked(question), fitted.asked(question), folds, kernels);
    }

    /** Its accuracy before, fitted, and with each fold left out, in this order. */
    public Map<String, Validation> stages() {
        Map<String, Validation> stages = new LinkedHashMap<>();
        stages.put("before", rows);
        stages.put("fitted, in sample", fitted);
        outOfFold.forEach((fold, validation) -> stages.put("one " + fold.word() + " left out", validation));
        return stages;
    }

    /** The engines as fitted: the one asked for, then those whose profiles extend it. */
    public List<Engine> engines() {
        return family.members().isEmpty() ? List.of(after) : family.apart(after);
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
