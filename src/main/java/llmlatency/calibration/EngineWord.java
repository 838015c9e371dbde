package llmlatency.calibration;

import org.jspecify.annotations.Nullable;

/**
 * An engine as people write it: {@code name} or {@code name/backend}.
 *
 * @param name the engine's name
 * @param backend what it runs on; null where it is not said
 */
record EngineWord(String name, @Nullable String backend) {
    static EngineWord of(String word) {
        int slash = word.lastIndexOf('/');
        boolean path = word.endsWith(".json");
        return slash <= 0 || path
                ? new EngineWord(word, null)
                : new EngineWord(word.substring(0, slash), word.substring(slash + 1));
    }
}
