package llmlatency.hardware;

import java.util.Locale;

/** Which resource sets the time of an operation. */
public enum Bound {
    MEMORY,
    COMPUTE,
    INTERCONNECT,
    OVERHEAD;

    /** The word that outputs use. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
