package llmlatency.engine;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an engine does one way or another; the ways are words, not amounts. */
public enum Choice {
    /** The rate that {@link Parameter#MATRIX_SHARE} is a share of. */
    MATRIX_RATE(RateBasis.KEYS),
    /** The rate that {@link Parameter#ATTENTION_SHARE} is a share of. */
    ATTENTION_RATE(RateBasis.KEYS),
    /** The number format of the cache, where the question does not say; any that a cache may be stored in. */
    CACHE_FORMAT(List.of()),
    /** How a static batch runs of which memory holds but a part: in whole waves, or one for one. */
    WAVES(List.of("whole", "continuous")),
    /** Whether a number of layers on the device counts the head as its first, or as one more after the last. */
    HEAD_LAYER(List.of("first", "last")),
    /** Whether scores are kept on the chip, where the question does not say. */
    FLASH_ATTENTION(List.of("on", "off"));

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
    private final List<String> words;

    Choice(List<String> words) {
        this.words = words;
    }

    /** The name in profiles. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words that it may be; none: the name of a profile. */
    public List<String> words() {
        return words;
    }

    /** The choice of that name, or null. */
    public static @Nullable Choice named(String key) {
        for (Choice choice : values()) {
            if (choice.key().equals(key)) {
                return choice;
            }
        }
        return null;
    }
}
