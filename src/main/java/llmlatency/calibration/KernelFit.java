package llmlatency.calibration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Rule;
import org.jspecify.annotations.Nullable;

/**
 * An engine's rules about kernels, fitted to kernels run alone. Those that ask nothing of the device come first, from all
 * tables together: an unknown generation falls back on them. Those of a generation then come from its own tables.
 */
final class KernelFit {
    private final List<KernelCase> cases;

    KernelFit(List<KernelCase> cases) {
        this.cases = List.copyOf(cases);
    }

    /** The engine with such rules fitted; all others stay. */
    Engine fitted(Engine engine) {
        return fitted(engine, cases);
    }

    private static Engine fitted(Engine engine, List<KernelCase> cases) {
        Engine broad = broad(engine, cases);
        return EngineFit.ofKernels(broad, cases, rule -> !isBroad(rule)).fitted();
    }

    /** The engine with the broad rules fitted as if there were no closer ones; engines' own kernels play no part. */
    private static Engine broad(Engine engine, List<KernelCase> cases) {
        List<Rule> rules = engine.rules();
        List<KernelCase> shared =
                cases.stream().filter(one -> one.engine().equals(engine.name())).toList();
        Engine without = engine.with(
                rules.stream().filter(rule -> !rule.kernels() || isBroad(rule)).toList());
        List<Rule> found =
                EngineFit.ofKernels(without, shared, rule -> true).fitted().rules();
        List<Rule> together = new ArrayList<>();
        int next = 0;
        for (Rule rule : rules) {
            together.add(!rule.kernels() || isBroad(rule) ? found.get(next++) : rule);
        }
        return engine.with(together);
    }

    private static boolean isBroad(Rule rule) {
        Condition when = rule.when();
        return when.engines().isEmpty()
                && when.architectures().isEmpty()
                && when.classes().isEmpty()
                && when.devices().isEmpty();
    }

    /**
     * The engine by the tables of all devices but those of each fold, by the fold's name; none where no others are left.
     * Rules of generations that no remaining table supports give way to the broader ones, but for formats in an arithmetic
     * that no remaining device has: nothing else could say anything of these.
     */
    Map<String, Engine> leftOut(Engine engine) {
        Map<String, List<KernelCase>> rests = new LinkedHashMap<>();
        for (KernelCase one : cases) {
            rests.computeIfAbsent(
                    Fold.gpuFamily(one.device()),
                    name -> cases.stream()
                            .filter(other -> !Fold.gpuFamily(other.device()).equals(name))
                            .toList());
        }
        rests.values().removeIf(List::isEmpty);
        Map<String, Engine> engines = new TreeMap<>();
        rests.entrySet().parallelStream()
                .map(rest -> Map.entry(rest.getKey(), without(engine, rest.getValue())))
                .toList()
                .forEach(one -> engines.put(one.getKey(), one.getValue()));
        return engines;
    }

    private Engine without(Engine engine, List<KernelCase> rest) {
        Engine supported = engine.with(engine.rules().stream()
                .filter(rule -> !rule.kernels() || isBroad(rule) || isKept(engine, rule, rest))
                .toList());
        return fitted(supported, rest);
    }

    private boolean isKept(Engine engine, Rule rule, List<KernelCase> rest) {
        if (rest.stream().anyMatch(one -> supports(one, engine, rule))) {
            return true;
        }
        List<KernelCase> own =
                cases.stream().filter(one -> supports(one, engine, rule)).toList();
        return !rule.when().formats().isEmpty()
                && !own.isEmpty()
                && own.stream()
                        .noneMatch(one -> rest.stream().anyMatch(other -> other.arithmetic() == one.arithmetic()));
    }

    private static boolean supports(KernelCase one, Engine engine, Rule rule) {
        return one.meets(engine, rule) && rule.values().keySet().stream().anyMatch(one::feels);
    }

    /**
     * How far the kernels' times are met, by table, device and format.
     *
     * @param fitted the engine as fitted to all
     * @param leftOut the engines as fitted without each device; null: not asked for
     */
    List<KernelError> errors(Engine fitted, @Nullable Map<String, Engine> leftOut) {
        Map<String, List<KernelCase>> groups = new LinkedHashMap<>();
        cases.forEach(one ->
                groups.computeIfAbsent(one.group(), key -> new ArrayList<>()).add(one));
        List<KernelError> errors = new ArrayList<>();
        for (List<KernelCase> group : groups.values()) {
            KernelCase first = group.get(0);
            Engine other = leftOut == null ? null : leftOut.get(Fold.gpuFamily(first.device()));
            List<Double> own = percents(group, fitted);
            errors.add(new KernelError(
                    first.label(),
                    first.device(),
                    first.format(),
                    first.engine(),
                    group.size(),
                    median(own.stream().map(Math::abs).toList()),
                    median(own),
                    other == null
                            ? null
                            : (Double) median(percents(group, Objects.requireNonNull(other)).stream()
                                    .map(Math::abs)
                                    .toList())));
        }
        return errors;
    }

    private static List<Double> percents(List<KernelCase> group, Engine engine) {
        return group.stream().map(one -> 100 * Math.expm1(one.logError(engine))).toList();
    }

    private static double median(List<Double> values) {
        return ErrorFigures.percentile(values.stream().sorted().toList(), 0.5);
    }
}
