package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
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

    /** How strongly a device's own parameters are drawn to those of its class, where a few rows are all there is. */
    private static final double STRONG_PULL = 0.2;

    private final Engine engine;
    private final List<FitCase> cases;
    private final List<Slot> slots = new ArrayList<>();
    private final double[] weights;
    private final double pull;
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

    /** All parameters of a profile that are marked as fitted, each group of rows with the same weight. */
    static EngineFit ofProfile(Engine engine, List<FitCase> cases) {
        Map<String, Integer> sizes = new HashMap<>();
        cases.forEach(one -> sizes.merge(one.group(), 1, Integer::sum));
        double[] weights = cases.stream()
                .mapToDouble(one -> 1 / Math.sqrt(sizes.getOrDefault(one.group(), 1)))
                .toArray();
        return new EngineFit(engine, cases, 0, weights, WEAK_PULL);
    }

    /** Those of the rules from a place on, a factor for each device, backend and kind of pass; rows of the same weight. */
    static EngineFit ofRulesFrom(int first, Engine engine, List<FitCase> cases) {
        double[] weights = new double[cases.size()];
        Arrays.fill(weights, 1);
        return new EngineFit(engine, cases, first, weights, STRONG_PULL);
    }

    /**
     * @param first the first rule whose parameters are free, those that are marked as fitted
     * @param weights how much each row counts
     * @param pull how strongly parameters are drawn to their starts: a factor e away weighs like this error of a row
     */
    private EngineFit(Engine engine, List<FitCase> cases, int first, double[] weights, double pull) {
        this.engine = engine;
        this.pull = pull;
        this.cases = List.copyOf(cases);
        this.weights = weights;
        this.uses = uses();
        Map<Object, List<Integer>> together = new LinkedHashMap<>();
        for (int i = first; i < engine.rules().size(); i++) {
            Condition when = engine.rules().get(i).when();
            Object key = first == 0 ? i : Arrays.asList(when.backends(), when.devices(), when.fewRows());
            together.computeIfAbsent(key, rules -> new ArrayList<>()).add(i);
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
            if (value != null && value.fitted() && parameter != Parameter.INTERVAL) {
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
                    if (origin != null && cases.get(i).has(rows == 1, engine)) {
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

    /** The engine with its free parameters fitted; those that no row moves stay as they are. */
    Engine fitted() {
        if (slots.isEmpty()) {
            return engine;
        }
        double[] start = slots.stream().mapToDouble(Slot::start).toArray();
        double[] least = slots.stream()
                .mapToDouble(slot -> Math.max(slot.parameter().least(), slot.start() * 1e-3))
                .toArray();
        double[] most =
                slots.stream().mapToDouble(slot -> slot.parameter().most()).toArray();
        double[] found = LeastSquares.minimum(start, least, most, new LeastSquares.Residuals() {
            @Override
            public double[] at(double[] parameters) {
                Engine now = with(parameters);
                double[] residuals = new double[cases.size() + slots.size()];
                for (int i = 0; i < cases.size(); i++) {
                    residuals[i] = residual(i, now);
                }
                for (int j = 0; j < slots.size(); j++) {
                    residuals[cases.size() + j] = pull / SOFT * Math.log(parameters[j] / start[j]);
                }
                return residuals;
            }

            @Override
            public double[] after(double[] parameters, int changed, double[] before) {
                Engine now = with(parameters);
                double[] residuals = Arrays.copyOf(before, before.length);
                for (int i : slots.get(changed).rows()) {
                    residuals[i] = residual(i, now);
                }
                residuals[cases.size() + changed] = pull / SOFT * Math.log(parameters[changed] / start[changed]);
                return residuals;
            }
        });
        return withCounts(found);
    }

    private double residual(int i, Engine now) {
        double error = cases.get(i).logError(now) / SOFT;
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
     * holds.
     */
    static Engine supported(Engine engine, List<FitCase> cases) {
        return engine.with(engine.rules().stream()
                .filter(rule -> !measured(rule) || cases.stream().anyMatch(one -> one.meets(engine, rule)))
                .toList());
    }

    private static boolean measured(Rule rule) {
        return rule.values().entrySet().stream()
                .anyMatch(value -> value.getValue().fitted() && value.getKey() != Parameter.INTERVAL);
    }

    /** An engine with the intervals that another states under the same conditions. */
    static Engine withIntervalsOf(Engine engine, Engine other) {
        Map<Condition, Double> widths = new HashMap<>();
        for (Rule rule : other.rules()) {
            Rule.Value value = rule.values().get(Parameter.INTERVAL);
            if (value != null) {
                widths.put(rule.when(), value.value());
            }
        }
        return engine.with(engine.rules().stream()
                .map(rule -> {
                    Double width = rule.values().containsKey(Parameter.INTERVAL) ? widths.get(rule.when()) : null;
                    return width == null ? rule : rule.with(Parameter.INTERVAL, width);
                })
                .toList());
    }
}
