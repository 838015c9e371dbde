package llmlatency.cli;

import java.util.List;

/** What is known of the terminal: the launcher looks, since Java cannot, and says so in the environment. */
final class Terminal {
    private static final int USUAL_WIDTH = 80;
    private static final int LEAST_WIDTH = 40;
    private static final int LARGEST_WIDTH = 400;

    private Terminal() {}

    /** Whether standard output (1) or standard error (2) is a terminal. */
    static boolean isAt(Console console, int stream) {
        return List.of(console.environment()
                        .getOrDefault("LLM_LATENCY_TERMINAL", "")
                        .split(" ", -1))
                .contains(Integer.toString(stream));
    }

    /** Its width in columns; 80 where nothing says it. */
    static int width(Console console) {
        String columns = console.environment().getOrDefault("COLUMNS", "");
        return columns.matches("[0-9]{1,4}")
                ? Math.max(LEAST_WIDTH, Math.min(LARGEST_WIDTH, Integer.parseInt(columns)))
                : USUAL_WIDTH;
    }

    /** Whether it is said to show Unicode. */
    static boolean isUnicode(Console console) {
        for (String name : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String locale = console.environment().getOrDefault(name, "");
            if (!locale.isEmpty()) {
                return locale.toUpperCase(java.util.Locale.ROOT)
                        .replace("-", "")
                        .contains("UTF8");
            }
        }
        return false;
    }
}
