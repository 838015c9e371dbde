package llmlatency.document;

import java.util.Locale;

/** Patterns of names, case aside. */
public final class NamePattern {
    private NamePattern() {}

    /** Whether the text holds the pattern; with a star in it, whether it is wholly of that form. */
    public static boolean matches(String pattern, String text) {
        String low = text.toLowerCase(Locale.ROOT);
        String[] pieces = pattern.toLowerCase(Locale.ROOT).split("\\*", -1);
        if (pieces.length == 1) {
            return low.contains(pieces[0]);
        }
        if (!low.startsWith(pieces[0])) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int next = low.indexOf(pieces[i], at);
            if (next < 0) {
                return false;
            }
            at = next + pieces[i].length();
        }
        String last = pieces[pieces.length - 1];
        return low.length() - last.length() >= at && low.endsWith(last);
    }
}
