package llmlatency.work;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Number formats in which devices state peak rates. */
public enum Arithmetic {
    FP32,
    FP16,
    BF16,
    FP8,
    FP4,
    INT8;

    /** The name as profiles and options write it: {@code fp16}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The constant of that name, or null. */
    public static @Nullable Arithmetic named(String key) {
        for (Arithmetic arithmetic : values()) {
            if (arithmetic.key().equals(key)) {
                return arithmetic;
            }
        }
        return null;
    }
}
