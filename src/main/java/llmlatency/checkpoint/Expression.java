package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The small language in which an architecture says how a config's fields become sizes: numbers, texts, fields, {@code
 * + - * / // %}, comparisons, {@code in}, {@code and or not}, {@code a ? b : c}, {@code a ?? b} (b where a is absent or
 * null), {@code list[i]} and a few functions. It computes values and can do nothing else, so that an architecture of a
 * stranger is safe to read.
 *
 * <p>Values are {@code Double}, {@code String}, {@code Boolean}, {@code List} or null ({@code none}).
 */
final class Expression {
    private static final int DEEPEST = 100;
    private final List<String> tokens;
    private final String text;
    private final Function<String, @Nullable Object> fields;
    private int at;
    private int depth;

    private Expression(String text, Function<String, @Nullable Object> fields) {
        this.text = text;
        this.tokens = ExpressionTokens.of(text);
        this.fields = fields;
    }

    /** A field that an expression needs and a config does not have. */
    static final class MissingField extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String field;

        MissingField(String field) {
            super("missing " + field);
            this.field = field;
        }

        String field() {
            return field;
        }
    }

    /**
     * The value of the text.
     *
     * @param fields value of a field; throws {@link MissingField} where it is absent
     * @throws Refusal when the text is no expression
     */
    static @Nullable Object value(String text, Function<String, @Nullable Object> fields) {
        Expression expression = new Expression(text, fields);
        Object value = expression.choice(true);
        if (expression.at < expression.tokens.size()) {
            throw expression.refusal("something follows at '" + expression.tokens.get(expression.at) + "'");
        }
        return value;
    }

    private @Nullable Object choice(boolean live) {
        if (++depth > DEEPEST) {
            throw refusal("it nests too deep");
        }
        Object condition = fallback(live);
        if (accept("?")) {
            boolean yes = live && truth(condition);
            Object first = choice(yes);
            expect(":");
            Object second = choice(live && !yes);
            condition = yes ? first : second;
        }
        depth--;
        return condition;
    }

    /** {@code a ?? b}: what is absent or null on the left is no error. */
    private @Nullable Object fallback(boolean live) {
        int start = at;
        int outer = depth;
        Object value;
        try {
            value = either(live);
        } catch (MissingField e) {
            at = start;
            depth = outer;
            either(false);
            if (!peek("??")) {
                throw e;
            }
            value = null;
        }
        while (accept("??")) {
            Object other = fallback(live && value == null);
            value = value == null ? other : value;
        }
        return value;
    }

    private @Nullable Object either(boolean live) {
        Object value = both(live);
        while (accept("or")) {
            boolean known = live && truth(value);
            Object other = both(live && !known);
            value = live && (known || truth(other));
        }
        return value;
    }

    private @Nullable Object both(boolean live) {
        Object value = comparison(live);
        while (accept("and")) {
            boolean open = live && truth(value);
            Object other = comparison(open);
            value = open && truth(other);
        }
        return value;
    }

    private @Nullable Object comparison(boolean live) {
        if (accept("not")) {
            Object value = comparison(live);
            return live && !truth(value);
        }
        Object left = sum(live);
        for (String operator : List.of("==", "!=", "<=", ">=", "<", ">", "in")) {
            if (accept(operator)) {
                Object right = sum(live);
                return live ? (Object) compare(operator, left, right) : null;
            }
        }
        return left;
    }

    private boolean compare(String operator, @Nullable Object left, @Nullable Object right) {
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

    private @Nullable Object sum(boolean live) {
        Object value = product(live);
        while (peek("+") || peek("-")) {
            boolean plus = tokens.get(at++).equals("+");
            Object other = product(live);
            value = live ? (Object) (number(value) + (plus ? 1 : -1) * number(other)) : null;
        }
        return value;
    }

    private @Nullable Object product(boolean live) {
        Object value = unary(live);
        while (peek("*") || peek("/") || peek("//") || peek("%")) {
            String operator = tokens.get(at++);
            Object other = unary(live);
            value = live ? (Object) multiply(operator, number(value), number(other)) : null;
        }
        return value;
    }

    private double multiply(String operator, double left, double right) {
        if (!operator.equals("*") && right == 0) {
            throw refusal("it divides by zero");
        }
        return switch (operator) {
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            default -> left - right * Math.floor(left / right);
        };
    }

    private @Nullable Object unary(boolean live) {
        if (accept("-")) {
            Object value = unary(live);
            return live ? (Object) (-number(value)) : null;
        }
        Object value = primary(live);
        while (peek("[") || peek(".")) {
            if (accept("[")) {
                Object index = choice(live);
                expect("]");
                value = live ? item(value, index) : null;
            } else {
                at++;
                String path = at < tokens.size() ? tokens.get(at++) : "";
                value = live ? member(value, path) : null;
            }
        }
        return value;
    }

    /** A field of an object in a list: {@code blocks[i].attention.heads}. */
    private static @Nullable Object member(@Nullable Object object, String path) {
        Object at = object;
        for (String part : path.split("\\.", -1)) {
            if (!(at instanceof Map<?, ?> fields) || !fields.containsKey(part)) {
                throw new MissingField(path);
            }
            at = fields.get(part);
        }
        return at;
    }

    private @Nullable Object item(@Nullable Object list, @Nullable Object index) {
        int position = (int) number(index);
        if (list instanceof List<?> items && position >= 0 && position < items.size()) {
            return items.get(position);
        }
        throw refusal(
                "there is no item " + position + " in " + (list instanceof List<?> l ? "a list of " + l.size() : list));
    }

    private @Nullable Object primary(boolean live) {
        if (at >= tokens.size()) {
            throw refusal("it ends too early");
        }
        String token = tokens.get(at++);
        char first = token.charAt(0);
        if (token.equals("(")) {
            Object value = choice(live);
            expect(")");
            return value;
        }
        if (first == '\'') {
            return token.substring(1, token.length() - 1);
        }
        if (Character.isDigit(first)) {
            return Double.valueOf(token);
        }
        if (!Character.isLetter(first) && first != '_') {
            throw refusal("'" + token + "' is out of place");
        }
        if (accept("(")) {
            return call(token, live);
        }
        return switch (token) {
            case "true" -> true;
            case "false" -> false;
            case "none" -> null;
            default -> live ? fields.apply(token) : null;
        };
    }

    private @Nullable Object call(String function, boolean live) {
        List<@Nullable Object> arguments = new ArrayList<>();
        boolean present = true;
        while (!accept(")")) {
            int start = at;
            int outer = depth;
            try {
                arguments.add(choice(live));
            } catch (MissingField e) {
                if (!function.equals("has")) {
                    throw e;
                }
                at = start;
                depth = outer;
                arguments.add(choice(false));
                present = false;
            }
            accept(",");
        }
        return live ? applied(function, arguments, present) : null;
    }

    private Object applied(String function, List<@Nullable Object> arguments, boolean present) {
        int wanted = List.of("min", "max", "round_up", "count").contains(function) ? 2 : 1;
        if (arguments.size() != wanted) {
            throw refusal(function + " takes " + wanted + " values");
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
            default -> throw refusal("there is no function " + function);
        };
    }

    private boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        return value instanceof Double number ? number != 0 : value != null;
    }

    private double number(@Nullable Object value) {
        if (value instanceof Double number) {
            return number;
        }
        throw refusal("'" + value + "' is no number");
    }

    private boolean peek(String token) {
        return at < tokens.size() && tokens.get(at).equals(token);
    }

    private boolean accept(String token) {
        boolean found = peek(token);
        at += found ? 1 : 0;
        return found;
    }

    private void expect(String token) {
        if (!accept(token)) {
            throw refusal("'" + token + "' is missing");
        }
    }

    private Refusal refusal(String why) {
        return new Refusal("'" + text + "' cannot be computed: " + why);
    }
}
