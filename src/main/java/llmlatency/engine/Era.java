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
    private static final int DAY = "2025-06-01".length();
    private static final int MONTHS = 12;
    private static final int DAYS = 31;

    public Era {
        versions = List.copyOf(versions);
    }

    /** Whether a text is a year, a month or a day: {@code 2025}, {@code 2025-06}, {@code 2025-06-01}. */
    public static boolean isDate(String text) {
        if (text.length() != "2025".length() && text.length() != "2025-06".length() && text.length() != DAY) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean dash = i == "2025".length() || i == "2025-06".length();
            if (dash ? c != '-' : (c < '0' || c > '9')) {
                return false;
            }
        }
        return within(text, "2025-".length(), MONTHS) && within(text, "2025-06-".length(), DAYS);
    }

    private static boolean within(String text, int at, int most) {
        if (text.length() < at) {
            return true;
        }
        int number = Integer.parseInt(text.substring(at, at + 2));
        return number >= 1 && number <= most;
    }

    /** Whether it began later than another. */
    public boolean after(Era other) {
        return day(since).compareTo(day(other.since)) > 0;
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
