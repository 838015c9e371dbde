package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The small language in which an architecture says how a config's fields become sizes: numbers, texts, fields, {@code
 * + - * / // %}, comparisons, {@code in}, {@code and or not}, {@code a ? b : c}, {@code a ?? b} (b where a is absent or
 * null), {@code list[i]} and a few functions. It computes values and can do nothing else, so that an architecture of a
 * stranger is safe to read.
 *
 * <p>ExpressionValues are {@code Double}, {@code String}, {@code Boolean}, {@code List} or null ({@code none}).
 */
final class Expression {
    private static final int DEEPEST = 100;
    private final List<String> tokens;
    private final Function<String, @Nullable Object> fields;
    private int at;
    private int depth;

    private Expression(String text, Function<String, @Nullable Object> fields) {
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
        try {
            Expression expression = new Expression(text, fields);
            Object value = expression.choice(true);
            if (expression.at < expression.tokens.size()) {
                throw new Refusal("something follows at '" + expression.tokens.get(expression.at) + "'");
            }
            return value;
        } catch (Refusal e) {
            throw new Refusal("'" + text + "' cannot be computed: " + e.message());
        }
    }

    private void deeper() {
        if (++depth > DEEPEST) {
            throw new Refusal("it nests too deep");
        }
    }

    private @Nullable Object choice(boolean live) {
        deeper();
        Object condition = fallback(live);
        if (accept("?")) {
            boolean yes = live && ExpressionValues.truth(condition);
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
            deeper();
            Object other = fallback(live && value == null);
            depth--;
            value = value == null ? other : value;
        }
        return value;
    }

    private @Nullable Object either(boolean live) {
        Object value = both(live);
        while (accept("or")) {
            boolean known = live && ExpressionValues.truth(value);
            Object other = both(live && !known);
            value = live && (known || ExpressionValues.truth(other));
        }
        return value;
    }

    private @Nullable Object both(boolean live) {
        Object value = comparison(live);
        while (accept("and")) {
            boolean open = live && ExpressionValues.truth(value);
            Object other = comparison(open);
            value = open && ExpressionValues.truth(other);
        }
        return value;
    }

    private @Nullable Object comparison(boolean live) {
        if (accept("not")) {
            deeper();
            Object value = comparison(live);
            depth--;
            return live && !ExpressionValues.truth(value);
        }
        Object left = sum(live);
        for (String operator : List.of("==", "!=", "<=", ">=", "<", ">", "in")) {
            if (accept(operator)) {
                Object right = sum(live);
                return live ? (Object) ExpressionValues.compare(operator, left, right) : null;
            }
        }
        return left;
    }

    private @Nullable Object sum(boolean live) {
        Object value = product(live);
        while (peek("+") || peek("-")) {
            boolean plus = tokens.get(at++).equals("+");
            Object other = product(live);
            value = live
                    ? (Object) (ExpressionValues.number(value) + (plus ? 1 : -1) * ExpressionValues.number(other))
                    : null;
        }
        return value;
    }

    private @Nullable Object product(boolean live) {
        Object value = unary(live);
        while (peek("*") || peek("/") || peek("//") || peek("%")) {
            String operator = tokens.get(at++);
            Object other = unary(live);
            value = live
                    ? (Object) ExpressionValues.multiply(
                            operator, ExpressionValues.number(value), ExpressionValues.number(other))
                    : null;
        }
        return value;
    }

    private @Nullable Object unary(boolean live) {
        if (accept("-")) {
            deeper();
            Object value = unary(live);
            depth--;
            return live ? (Object) (-ExpressionValues.number(value)) : null;
        }
        Object value = primary(live);
        while (peek("[") || peek(".")) {
            if (accept("[")) {
                Object index = choice(live);
                expect("]");
                value = live ? ExpressionValues.item(value, index) : null;
            } else {
                at++;
                String path = at < tokens.size() ? tokens.get(at++) : "";
                value = live ? ExpressionValues.member(value, path) : null;
            }
        }
        return value;
    }

    private @Nullable Object primary(boolean live) {
        if (at >= tokens.size()) {
            throw new Refusal("it ends too early");
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
        if (first >= '0' && first <= '9') {
            return ExpressionValues.constant(token);
        }
        if (!ExpressionTokens.isWord(first)) {
            throw new Refusal("'" + token + "' is out of place");
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
        return live ? ExpressionValues.applied(function, arguments, present) : null;
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
            throw new Refusal("'" + token + "' is missing");
        }
    }
}
