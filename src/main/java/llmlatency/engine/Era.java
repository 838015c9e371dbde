package llmlatency.engine;

import java.util.List;

/**
 * A time in an engine's life between changes that matter to its speed.
 *
 * @param name its name
 * @param since the day it began: {@code 2025-06-01}, or a month or a year
 * @param versions patterns of version texts that belong to it; {@code *} stands for anything
 */
public record Era(String name, String since, List<String> versions) {
    public Era {
        versions = List.copyOf(versions);
    }

    /** Whether a version text belongs to it. */
    boolean has(String version) {
        return versions.stream().anyMatch(pattern -> matches(pattern, 0, version, 0));
    }

    /** Whether it had begun by a day; a year or a month counts from its start. */
    boolean begunBy(String date) {
        return day(since).compareTo(day(date)) <= 0;
    }

    private static String day(String date) {
        return date + "-01-01".substring(Math.min("-01-01".length(), Math.max(0, date.length() - "2025".length())));
    }

    private static boolean matches(String pattern, int p, String text, int t) {
        if (p == pattern.length()) {
            return t == text.length();
        }
        if (pattern.charAt(p) != '*') {
            return t < text.length() && pattern.charAt(p) == text.charAt(t) && matches(pattern, p + 1, text, t + 1);
        }
        for (int end = t; end <= text.length(); end++) {
            if (matches(pattern, p + 1, text, end)) {
                return true;
            }
        }
        return false;
    }
}
