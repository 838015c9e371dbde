package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.units.Refusal;

/**
 * Fits an engine's free parameters to measurements: least squares over {@code ln(expected / measured)}, with a loss that
 * grows linearly for outliers, every group of rows (source, GPU, model, format, phase) with the same weight, each
 * parameter within its physical bounds and drawn weakly to where it started.
 *
 * <p>Source: Huber 1964 (doi 10.1214/aoms/1177703732) for the loss, in the smooth form {@code 2·s²·(√(1+(r/s)²) − 1)}.
 */
final class EngineFit {
    /** Residuals beyond this share count linearly. */
    private static final double SOFT = 0.08;

    /** How strongly a whole profile's parameters are drawn to their starts, which many rows then outweigh. */
    private static final double WEAK_PULL = 0.06;

    /**
     * How many times as strongly factors that correct kernels measured alone are drawn to their starts: they stand for what
     * is not understood, and would take what belongs elsewhere.
     */
    private static final double FACTOR_PULL = 3;

    private static final Set<Parameter> FACTORS =
            Set.of(Parameter.BACK_TO_BACK, Parameter.EXPERT_BACK_TO_BACK, Parameter.ADMISSION, Parameter.KERNEL_SHARE);

    /** How strongly a device's own parameters are drawn to those of its class, where a few rows are all there is. */
    private static final double STRONG_PULL = 0.2;

    /** The same of what kernels alone say, of which there is plenty. */
    private static final double KERNEL_PULL = 0.01;

    private final Engine engine;
    private final List<? extends FitRow> cases;
    private final List<Slot> slots = new ArrayList<>();
    private final double[] weights;
    private final double pull;

    /** For each case the number of its kind; those of one kind perform alike by any rules. */
    private final int[] kinds;

    private final IdentityHashMap<Rule, Map<Parameter, List<Integer>>> uses;

    /**
     * A free parameter. Of several rules, all values move by the same factor.
     *
     * @param rules the rules that state it
     * @param parameter the parameter
     * @param start its value in the first of them
     * @param rows the cases that it moves, in order
     */
    private record Slot(List<Integer> rules, Parameter parameter, double start, List<Integer> rows) {}

    /**
     * All parameters of a profile that are marked as fitted, but for those that it inherits or that kernels alone say; each
     * group of rows with the same weight.
     */
    static EngineFit ofProfile(Engine engine, List<FitCase> cases) {
        Set<Rule> inherited = Collections.newSetFromMap(new IdentityHashMap<>());
        inherited.addAll(engine.rules().subList(0, engine.inherited()));
        return new EngineFit(
                engine, cases, 0, rule -> !rule.kernels() && !inherited.contains(rule), alike(cases), WEAK_PULL);
    }

    /** Those of some rules that kernels alone say; each group of kernels with the same weight. */
    static EngineFit ofKernels(Engine engine, List<KernelCase> cases, Predicate<Rule> rules) {
        return new EngineFit(engine, cases, 0, rule -> rule.kernels() && rules.test(rule), alike(cases), KERNEL_PULL);
    }

    private static double[] alike(List<? extends FitRow> cases) {
        Map<String, Integer> sizes = new HashMap<>();
        cases.forEach(one -> sizes.merge(one.group(), 1, Integer::sum));
        return cases.stream()
                .mapToDouble(one -> one.weight() / Math.sqrt(sizes.getOrDefault(one.group(), 1)))
                .toArray();
    }

    /** Those of the rules from a place on, a factor for each device, backend and kind of pass; rows of the same weight. */
    static EngineFit ofRulesFrom(int first, Engine engine, List<FitCase> cases) {
        double[] weights = new double[cases.size()];
        Arrays.fill(weights, 1);
        return new EngineFit(engine, cases, first, rule -> !rule.kernels(), weights, STRONG_PULL);
    }

    /**
     * @param first the first rule whose parameters are free, those that are marked as fitted
     * @param free which of them are
     * @param weights how much each row counts
     * @param pull how strongly parameters are drawn to their starts: a factor e away weighs like this error of a row
     */
    private EngineFit(
            Engine engine,
            List<? extends FitRow> cases,
            int first,
            Predicate<Rule> free,
            double[] weights,
            double pull) {
        this.engine = engine;
        this.pull = pull;
        this.cases = List.copyOf(cases);
        this.weights = weights;
        Map<List<Object>, Integer> known = new HashMap<>();
        this.kinds = cases.stream()
                .mapToInt(one -> known.computeIfAbsent(one.alike(), key -> known.size()))
                .toArray();
        this.uses = uses();
        Map<Object, List<Integer>> together = new LinkedHashMap<>();
        for (int i = first; i < engine.rules().size(); i++) {
            Condition when = engine.rules().get(i).when();
            Object key = first == 0 ? i : Arrays.asList(when.backends(), when.devices(), when.fewRows());
            if (free.test(engine.rules().get(i))) {
                together.computeIfAbsent(key, rules -> new ArrayList<>()).add(i);
            }
        }
        for (List<Integer> rules : together.values()) {
            for (Parameter parameter : Parameter.values()) {
                addSlot(rules, parameter);
            }
        }
    }

    private void addSlot(List<Integer> rules, Parameter parameter) {
        List<Integer> free = new ArrayList<>();
        SortedSet<Integer> rows = new TreeSet<>();
        for (int rule : rules) {
            Rule.Value value = engine.rules().get(rule).values().get(parameter);
            if (value != null && value.fitted() && !Parameter.INTERVALS.contains(parameter)) {
                if (value.value() == 0) {
                    throw new Refusal("rule " + (rule + 1) + " of " + engine.name() + " starts " + parameter.key()
                            + " at 0; a parameter to be fitted starts above it");
                }
                free.add(rule);
                rows.addAll(rows(rule, parameter));
            }
        }
        if (!rows.isEmpty()) {
            slots.add(new Slot(free, parameter, value(free.get(0), parameter), List.copyOf(rows)));
        }
    }

    /** The cases that a rule's parameter moves. */
    private List<Integer> rows(int rule, Parameter parameter) {
        return uses.getOrDefault(engine.rules().get(rule), Map.of()).getOrDefault(parameter, List.of());
    }

    private double value(int rule, Parameter parameter) {
        return Objects.requireNonNull(engine.rules().get(rule).values().get(parameter))
                .value();
    }

    /** Which rows each rule's parameters move. Rules are told apart by identity: two may state the same. */
    private IdentityHashMap<Rule, Map<Parameter, List<Integer>>> uses() {
        IdentityHashMap<Rule, Map<Parameter, List<Integer>>> uses = new IdentityHashMap<>();
        for (int i = 0; i < cases.size(); i++) {
            Performance performance = cases.get(i).performance(engine);
            for (Parameter parameter : Parameter.values()) {
                for (double rows : new double[] {1, Double.MAX_VALUE}) {
                    Rule origin = performance.origin(parameter, rows);
                    if (origin != null
                            && cases.get(i).feels(parameter)
                            && cases.get(i).has(rows == 1, engine)) {
                        List<Integer> moved = uses.computeIfAbsent(origin, rule -> new EnumMap<>(Parameter.class))
                                .computeIfAbsent(parameter, key -> new ArrayList<>());
                        if (moved.isEmpty() || moved.get(moved.size() - 1) != i) {
                            moved.add(i);
                        }
                    }
                }
            }
        }
        return uses;
    }

    /**
     * The engine with its free parameters fitted; those that no row moves stay as they are. Parameters that share no row
     * do not see each other, and are fitted apart.
     */
    Engine fitted() {
        double[] found = slots.stream().mapToDouble(Slot::start).toArray();
        for (List<Integer> part : parts()) {
            double[] best = minimum(part, found);
            for (int j = 0; j < best.length; j++) {
                found[part.get(j)] = best[j];
            }
        }
        return slots.isEmpty() ? engine : withCounts(found);
    }

    /** The free parameters, those together that some row feels both of, directly or through others. */
    private List<List<Integer>> parts() {
        int[] first = new int[cases.size()];
        Arrays.fill(first, -1);
        List<List<Integer>> parts = new ArrayList<>();
        int[] part = new int[slots.size()];
        for (int slot = 0; slot < slots.size(); slot++) {
            List<Integer> own = new ArrayList<>(List.of(slot));
            part[slot] = parts.size();
            parts.add(own);
            for (int row : slots.get(slot).rows()) {
                int other = first[row] < 0 ? part[slot] : part[first[row]];
                first[row] = slot;
                if (other != part[slot]) {
                    for (int joined : parts.get(other)) {
                        part[joined] = part[slot];
                    }
                    own.addAll(parts.get(other));
                    parts.get(other).clear();
                }
            }
        }
        return parts.stream()
                .filter(joined -> !joined.isEmpty())
                .map(joined -> joined.stream().sorted().toList())
                .toList();
    }

    /** The values of some parameters at which the rows that feel them are met best, all others as they are. */
    private double[] minimum(List<Integer> part, double[] others) {
        List<Slot> free = part.stream().map(slots::get).toList();
        double[] start = free.stream().mapToDouble(Slot::start).toArray();
        double[] least = free.stream()
                .mapToDouble(slot -> Math.max(slot.parameter().least(), slot.start() * 1e-3))
                .toArray();
        double[] most =
                free.stream().mapToDouble(slot -> slot.parameter().most()).toArray();
        SortedSet<Integer> touched = new TreeSet<>();
        free.forEach(slot -> touched.addAll(slot.rows()));
        List<Integer> rows = List.copyOf(touched);
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            places.put(rows.get(i), i);
        }
        return LeastSquares.minimum(start, least, most, new LeastSquares.Residuals() {
            @Override
            public double[] at(double[] parameters) {
                Performances now = new Performances(with(whole(parameters)));
                double[] residuals = new double[rows.size() + free.size()];
                for (int i = 0; i < rows.size(); i++) {
                    residuals[i] = residual(rows.get(i), now);
                }
                for (int j = 0; j < free.size(); j++) {
                    residuals[rows.size() + j] = pulled(free.get(j), parameters[j]);
                }
                return residuals;
            }

            @Override
            public double[] after(double[] parameters, int changed, double[] before) {
                Performances now = new Performances(with(whole(parameters)));
                double[] residuals = Arrays.copyOf(before, before.length);
                for (int i : free.get(changed).rows()) {
                    residuals[places.getOrDefault(i, 0)] = residual(i, now);
                }
                residuals[rows.size() + changed] = pulled(free.get(changed), parameters[changed]);
                return residuals;
            }

            private double[] whole(double[] parameters) {
                double[] whole = others.clone();
                for (int j = 0; j < parameters.length; j++) {
                    whole[part.get(j)] = parameters[j];
                }
                return whole;
            }
        });
    }

    /** What rules make of each case, worked out once for those that agree in all that matters. */
    private record Performances(Engine engine, Map<Integer, Performance> known) {
        Performances(Engine engine) {
            this(engine, new HashMap<>());
        }
    }

    /** How far a parameter has gone from its start. */
    private double pulled(Slot slot, double value) {
        double strength = FACTORS.contains(slot.parameter()) ? FACTOR_PULL * pull : pull;
        return strength / SOFT * Math.log(value / slot.start());
    }

    private Performance performance(int i, Performances now) {
        return now.known().computeIfAbsent(kinds[i], kind -> cases.get(i).performance(now.engine()));
    }

    private double residual(int i, Performances now) {
        double error = cases.get(i).logError(performance(i, now)) / SOFT;
        double soft = Math.signum(error) * Math.sqrt(2 * (Math.sqrt(1 + error * error) - 1));
        return weights[i] * soft;
    }

    private Engine with(double[] parameters) {
        List<Rule> rules = new ArrayList<>(engine.rules());
        for (int j = 0; j < slots.size(); j++) {
            Parameter parameter = slots.get(j).parameter();
            double factor = parameters[j] / slots.get(j).start();
            for (int rule : slots.get(j).rules()) {
                double moved = factor * value(rule, parameter);
                double kept = Math.min(parameter.most(), Math.max(parameter.least(), moved));
                rules.set(rule, rules.get(rule).with(parameter, kept));
            }
        }
        return engine.with(rules);
    }

    /** The same with the number of rows and the spread that each parameter rests on. */
    private Engine withCounts(double[] parameters) {
        Engine now = with(parameters);
        List<Rule> rules = new ArrayList<>(now.rules());
        for (Slot slot : slots) {
            for (int rule : slot.rules()) {
                List<Double> errors = rows(rule, slot.parameter()).stream()
                        .map(i -> Math.abs(Math.expm1(cases.get(i).logError(now))))
                        .sorted()
                        .toList();
                if (!errors.isEmpty()) {
                    double spread = ErrorFigures.percentile(errors, 0.5);
                    rules.set(rule, rules.get(rule).counted(slot.parameter(), errors.size(), spread));
                }
            }
        }
        return engine.with(rules);
    }

    /**
     * The engine without the rules whose fitted parameters no row supports: where nothing was measured, the broader rule
     * holds. What kernels alone say stays: {@link KernelFit} knows what supports it.
     */
    static Engine supported(Engine engine, List<FitCase> cases) {
        return engine.with(engine.rules().stream()
                .filter(rule ->
                        rule.kernels() || !measured(rule) || cases.stream().anyMatch(one -> one.meets(engine, rule)))
                .toList());
    }

    private static boolean measured(Rule rule) {
        return rule.values().entrySet().stream()
                .anyMatch(value -> value.getValue().fitted() && !Parameter.INTERVALS.contains(value.getKey()));
    }

    /** An engine with the intervals that another states under the same conditions. */
    static Engine withIntervalsOf(Engine engine, Engine other) {
        Map<List<Object>, Double> widths = new HashMap<>();
        for (Rule rule : other.rules()) {
            for (Parameter interval : Parameter.INTERVALS) {
                Rule.Value value = rule.values().get(interval);
                if (value != null) {
                    widths.put(List.of(rule.when(), interval), value.value());
                }
            }
        }
        return engine.with(engine.rules().stream()
                .map(rule -> {
                    Rule widened = rule;
                    for (Parameter interval : Parameter.INTERVALS) {
                        Double width = widths.get(List.<Object>of(rule.when(), interval));
                        if (width != null && rule.values().containsKey(interval)) {
                            widened = widened.with(interval, width);
                        }
                    }
                    return widened;
                })
                .toList());
    }
}
