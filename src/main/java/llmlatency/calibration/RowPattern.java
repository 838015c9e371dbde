package llmlatency.calibration;

import java.util.Locale;
import llmlatency.units.Refusal;

/**
 * Which rows to keep: {@code COLUMN=PATTERN}, or {@code COLUMN!=PATTERN} for all others. In a pattern, {@code *} stands
 * for anything; case does not count.
 *
 * @param attribute the column
 * @param wanted whether rows that match are kept, rather than the others
 * @param pattern what is looked for, in lower case
 */
public record RowPattern(Attribute attribute, boolean wanted, String pattern) {
    /**
     * Reads a pattern as people type it.
     *
     * @throws Refusal when it is none
     */
    public static RowPattern parse(String text) {
        int at = text.indexOf('=');
        if (at <= 0 || at == text.length() - 1) {
            throw new Refusal("'" + text + "' is not COLUMN=PATTERN, such as gpu=rtx* or engine!=vllm");
        }
        boolean wanted = text.charAt(at - 1) != '!';
        Attribute attribute = Attribute.named(text.substring(0, wanted ? at : at - 1));
        return new RowPattern(attribute, wanted, text.substring(at + 1).toLowerCase(Locale.ROOT));
    }

    /** Whether a row is kept. */
    public boolean keeps(Resolved row) {
        return matches(pattern, attribute.of(row).toLowerCase(Locale.ROOT)) == wanted;
    }

    /** Whether a pattern fits a whole text: each star takes as little as it can, and more only where the rest fails. */
    static boolean matches(String pattern, String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int taken = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++taken;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }
}
