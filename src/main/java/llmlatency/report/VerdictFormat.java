package llmlatency.report;

/** The formats that verdicts come in. */
public enum VerdictFormat {
    TABLE,
    JSON,
    MARKDOWN,
    /** XML as JUnit writes it, which CI systems read. */
    JUNIT,
    /** Annotations of GitHub's workflow commands. */
    GITHUB
}
