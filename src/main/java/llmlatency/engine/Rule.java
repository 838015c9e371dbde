package llmlatency.engine;

import java.util.EnumMap;
import java.util.Map;
import llmlatency.units.Assumption;
import org.jspecify.annotations.Nullable;

/**
 * A layer of an engine's parameters: what holds where its condition does.
 *
 * @param when its condition
 * @param values parameters
 * @param choices ways of doing things
 * @param assumption what a reader should know where it applies (whose parameters it borrows); null: nothing
 */
public record Rule(
        Condition when,
        Map<Parameter, Value> values,
        Map<Choice, String> choices,
        @Nullable Assumption assumption) {
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

    private Rule with(Parameter parameter, Value value) {
        Map<Parameter, Value> others = copy(Parameter.class, values);
        others.put(parameter, value);
        return new Rule(when, others, choices, assumption);
    }

    private static <K extends Enum<K>, V> Map<K, V> copy(Class<K> type, Map<K, V> map) {
        Map<K, V> copy = new EnumMap<>(type);
        copy.putAll(map);
        return copy;
    }
}
