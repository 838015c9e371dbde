package llmlatency.report;

import java.util.Locale;

/** The formats that answers come in. */
public enum ReportFormat {
    TABLE,
    JSON,
    NDJSON,
    CSV,
    MARKDOWN;

    /** The word that {@code --format} takes. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
