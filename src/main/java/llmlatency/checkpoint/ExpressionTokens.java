package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;

/** Cuts an expression into words, numbers, quoted texts and signs. */
final class ExpressionTokens {
    private static final List<String> PAIRS = List.of("==", "!=", "<=", ">=", "??", "//");

    private ExpressionTokens() {}

    static List<String> of(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (c == ' ') {
                at++;
                continue;
            }
            if (c == '\'') {
                end = text.indexOf('\'', at + 1) + 1;
                if (end == 0) {
                    throw new Refusal("'" + text + "' has a quote that does not end");
                }
            } else if (isWord(c)) {
                while (end < text.length() && (isWord(text.charAt(end)) || text.charAt(end) == '.')) {
                    end++;
                }
            } else if (at + 2 <= text.length() && PAIRS.contains(text.substring(at, at + 2))) {
                end = at + 2;
            }
            tokens.add(text.substring(at, end));
            at = end;
        }
        return tokens;
    }

    /** Whether it may stand in a word. */
    static boolean isWord(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
