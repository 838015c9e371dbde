package llmlatency.checkpoint;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmlatency.checkpoint.Expression.MissingField;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** What the operators and functions of {@link Expression} do with values. */
final class ExpressionValues {
    private ExpressionValues() {}

    /** A number as it is written. */
    static double constant(String text) {
        try {
            return new BigDecimal(text).doubleValue();
        } catch (NumberFormatException e) {
            throw new Refusal("'" + text + "' is no number");
        }
    }

    static boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
        return switch (operator) {
            case "==" -> Objects.equals(left, right);
            case "!=" -> !Objects.equals(left, right);
            case "in" ->
                right instanceof List<?> list
                        ? list.contains(left)
                        : right instanceof String whole && left instanceof String part && whole.contains(part);
            case "<=" -> number(left) <= number(right);
            case ">=" -> number(left) >= number(right);
            case "<" -> number(left) < number(right);
            default -> number(left) > number(right);
        };
    }

    static double multiply(String operator, double left, double right) {
        if (!operator.equals("*") && right == 0) {
            throw new Refusal("it divides by zero");
        }
        return switch (operator) {
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            default -> left - right * Math.floor(left / right);
        };
    }

    /** A field of an object in a list: {@code blocks[i].attention.heads}. */
    static @Nullable Object member(@Nullable Object object, String path) {
        Object at = object;
        for (String part : path.split("\\.", -1)) {
            if (!(at instanceof Map<?, ?> fields) || !fields.containsKey(part)) {
                throw new MissingField(path);
            }
            at = fields.get(part);
        }
        return at;
    }

    static @Nullable Object item(@Nullable Object list, @Nullable Object index) {
        int position = (int) number(index);
        if (list instanceof List<?> items && position >= 0 && position < items.size()) {
            return items.get(position);
        }
        throw new Refusal(
                "there is no item " + position + " in " + (list instanceof List<?> l ? "a list of " + l.size() : list));
    }

    static Object applied(String function, List<@Nullable Object> arguments, boolean present) {
        int wanted = List.of("min", "max", "round_up", "count").contains(function) ? 2 : 1;
        if (arguments.size() != wanted) {
            throw new Refusal(function + " takes " + wanted + " values");
        }
        Object first = arguments.get(0);
        return switch (function) {
            case "has" -> present && first != null;
            case "floor" -> Math.floor(number(first));
            case "ceil" -> Math.ceil(number(first));
            case "len" ->
                first instanceof List<?> list
                        ? (double) list.size()
                        : first instanceof String s ? (double) s.length() : number(null);
            case "is_list" -> first instanceof List<?>;
            case "chars" ->
                String.valueOf(first)
                        .chars()
                        .mapToObj(c -> String.valueOf((char) c))
                        .toList();
            case "min" -> Math.min(number(first), number(arguments.get(1)));
            case "max" -> Math.max(number(first), number(arguments.get(1)));
            case "round_up" -> Math.ceil(number(first) / number(arguments.get(1))) * number(arguments.get(1));
            case "count" ->
                first instanceof List<?> list
                        ? (double) list.stream()
                                .filter(item -> Objects.equals(item, arguments.get(1)))
                                .count()
                        : number(null);
            default -> throw new Refusal("there is no function " + function);
        };
    }

    static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return value instanceof Double number ? number != 0 : value != null;
    }

    static double number(@Nullable Object value) {
        if (value instanceof Double number) {
            return number;
        }
        throw new Refusal("'" + value + "' is no number");
    }
}
