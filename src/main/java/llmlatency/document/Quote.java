package llmlatency.document;

/** Names from files, made fit for a message: in quotes, on one line, not long, without control characters. */
public final class Quote {
    private static final int LONGEST = 80;

    private Quote() {}

    /** The name in quotes, cut where it is long. */
    public static String of(String name) {
        return "'" + cut(name, LONGEST) + "'";
    }

    /** The same without quotes, for what is already a sentence. */
    public static String cut(String text, int longest) {
        String line = text.replaceAll("[^\\P{C}]", "?");
        return line.length() > longest ? line.substring(0, longest) + "..." : line;
    }
}
