package llmlatency.study;

import java.util.Locale;

/** Which value of a figure is held against a limit. */
public enum Against {
    /** What the engine should do. */
    EXPECTED,
    /** The end of the interval around it that is worse for the limit. */
    PESSIMISTIC,
    /** The least that physics allows: what breaks it, no engine can keep. */
    FLOOR;

    /** The word for it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
