package llmlatency.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.units.Assumption;
import org.jspecify.annotations.Nullable;

/**
 * A layer of an engine's parameters: what holds where its condition does.
 *
 * @param when its condition
 * @param values parameters
 * @param choices ways of doing things
 * @param assumption what a reader should know where it applies (whose parameters it borrows); null: nothing
 * @param kernels whether its values are fitted to times of kernels run alone, and stay as they are for whole passes
 */
public record Rule(
        Condition when,
        Map<Parameter, Value> values,
        Map<Choice, String> choices,
        @Nullable Assumption assumption,
        boolean kernels) {
    /** A rule about whole passes. */
    public Rule(
            Condition when,
            Map<Parameter, Value> values,
            Map<Choice, String> choices,
            @Nullable Assumption assumption) {
        this(when, values, choices, assumption, false);
    }

    /**
     * A parameter's value and where it comes from.
     *
     * @param value in the parameter's unit
     * @param fitted whether it comes out of measurements by the fit command; otherwise it is taken from the source
     * @param rows measurements that it rests on; null: not counted
     * @param spread how far they scatter around it, as a relative figure; null: not known
     * @param source where it comes from, in words
     */
    public record Value(
            double value,
            boolean fitted,
            @Nullable Integer rows,
            @Nullable Double spread,
            String source) {}

    public Rule {
        values = copy(Parameter.class, values);
        choices = copy(Choice.class, choices);
    }

    /** The same rule for engines of these names alone; none: for any. */
    public Rule of(List<String> engines) {
        return new Rule(when.of(engines), values, choices, assumption, kernels);
    }

    /** The same rule with another value of a parameter that it states. */
    public Rule with(Parameter parameter, double value) {
        Value old = values.get(parameter);
        if (old == null) {
            throw new IllegalArgumentException("this rule does not state " + parameter.key());
        }
        return with(parameter, new Value(value, old.fitted(), old.rows(), old.spread(), old.source()));
    }

    /** The same rule with the number of rows that a parameter rests on, and how far they scatter. */
    public Rule counted(Parameter parameter, int rows, @Nullable Double spread) {
        Value old = values.get(parameter);
        if (old == null) {
            throw new IllegalArgumentException("this rule does not state " + parameter.key());
        }
        return with(parameter, new Value(old.value(), old.fitted(), rows, spread, old.source()));
    }

    /** The same rule without what it states of some parameters. */
    public Rule without(Set<Parameter> parameters) {
        Map<Parameter, Value> others = copy(Parameter.class, values);
        others.keySet().removeAll(parameters);
        return new Rule(when, others, choices, assumption, kernels);
    }

    private Rule with(Parameter parameter, Value value) {
        Map<Parameter, Value> others = copy(Parameter.class, values);
        others.put(parameter, value);
        return new Rule(when, others, choices, assumption, kernels);
    }

    private static <K extends Enum<K>, V> Map<K, V> copy(Class<K> type, Map<K, V> map) {
        Map<K, V> copy = new EnumMap<>(type);
        copy.putAll(map);
        return copy;
    }
}
