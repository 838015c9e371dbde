package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;

/**
 * How far an engine's parameters carry: each fold is left out, the rest is fitted, and the fold is expected from that.
 * Rules that no remaining row supports give way to the broader ones.
 */
final class CrossValidation {
    private static final double LEVEL = 0.8;

    /** Fewer rows than this say nothing of an interval. */
    private static final int FEWEST_ROWS = 8;

    /** What testers of the same device, model and engine differ by: a few percent in build, driver and clock. */
    private static final double BETWEEN_SOURCES = 0.04;

    private CrossValidation() {}

    /**
     * A row as the other folds expect it.
     *
     * @param row the row
     * @param engine the engine fitted without its fold
     */
    record Held(FitCase row, Engine engine) {}

    /** Every row with the engine that the other folds give. */
    static List<Held> of(Engine engine, List<FitCase> rows, Fold fold) {
        return of(rows, fold, name -> engine);
    }

    /**
     * The same where what is known before the rows are looked at differs by fold.
     *
     * @param known the engine to start from when a fold of this name is left out
     */
    static List<Held> of(List<FitCase> rows, Fold fold, Function<String, Engine> known) {
        Map<String, List<FitCase>> folds = new LinkedHashMap<>();
        rows.forEach(row -> folds.computeIfAbsent(fold.of(row.measured()), key -> new ArrayList<>())
                .add(row));
        return folds.entrySet().parallelStream()
                .map(out -> without(known.apply(out.getKey()), rows, fold, out.getKey(), out.getValue()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Held> without(
            Engine engine, List<FitCase> rows, Fold fold, String name, List<FitCase> leftOut) {
        List<FitCase> rest = rows.stream()
                .filter(row -> !fold.of(row.measured()).equals(name))
                .toList();
        if (rest.isEmpty()) {
            return List.of();
        }
        Engine supported = EngineFit.supported(engine, rest);
        Engine fitted = EngineFit.ofProfile(supported, rest).fitted();
        return leftOut.stream().map(row -> new Held(row, fitted)).toList();
    }

    /**
     * Interval widths from errors out of fold: for each rule that states one to be fitted, the width that holds 80 % of
     * the rows for which it decides, each group with the same weight.
     */
    static Engine withIntervals(Engine engine, List<Held> held) {
        Map<List<Object>, List<Weighted>> errors = new HashMap<>();
        Map<String, Integer> sizes = new HashMap<>();
        held.forEach(one -> sizes.merge(one.row().group(), 1, Integer::sum));
        for (Held one : held) {
            Rule origin = one.row().intervalRule(one.engine());
            if (origin != null) {
                double error = Math.abs(one.row().logError(one.engine()));
                errors.computeIfAbsent(List.of(origin.when(), one.row().interval()), rule -> new ArrayList<>())
                        .add(new Weighted(
                                one.row(),
                                error,
                                1.0 / sizes.getOrDefault(one.row().group(), 1)));
            }
        }
        List<Rule> rules = new ArrayList<>();
        for (Rule rule : engine.rules()) {
            Rule widened = rule;
            for (Parameter interval : Parameter.INTERVALS) {
                List<Weighted> own = errors.getOrDefault(List.<Object>of(rule.when(), interval), List.of());
                Rule.Value value = rule.values().get(interval);
                int rows = (int) own.stream().map(Weighted::row).distinct().count();
                if (value != null && value.fitted() && rows >= FEWEST_ROWS) {
                    widened = widened.with(interval, width(own)).counted(interval, rows, null);
                }
            }
            rules.add(widened);
        }
        return engine.with(rules);
    }

    /** {@code √(q² + s²)}: s only where all rows come from one source, whose habits the errors cannot show. */
    private static double width(List<Weighted> errors) {
        long sources = errors.stream()
                .map(error -> Fold.SOURCE.of(error.row().measured()))
                .distinct()
                .count();
        double width = Math.hypot(quantile(errors, LEVEL), sources == 1 ? BETWEEN_SOURCES : 0);
        return Math.min(Parameter.INTERVAL.most(), Math.max(Parameter.INTERVAL.least(), width));
    }

    private record Weighted(FitCase row, double value, double weight) {}

    /** The least value such that it and those below hold a share p of all weight. */
    private static double quantile(List<Weighted> values, double p) {
        List<Weighted> sorted = new ArrayList<>(values);
        sorted.sort(Comparator.comparingDouble(Weighted::value));
        double all = sorted.stream().mapToDouble(Weighted::weight).sum();
        double held = 0;
        for (Weighted one : sorted) {
            held += one.weight();
            if (held >= p * all) {
                return one.value();
            }
        }
        return sorted.get(sorted.size() - 1).value();
    }
}
