package llmlatency.calibration;

import org.jspecify.annotations.Nullable;

/**
 * Names given beside files, for those that a file does not state or that do not resolve. Each may be null.
 *
 * @param model as {@code --model} takes it
 * @param gpu as {@code --gpu} takes it, {@code 4x} before it for four
 * @param engine {@code name} or {@code name/backend}
 * @param weightFormat as {@code --dtype} takes it
 */
public record Given(
        @Nullable String model,
        @Nullable String gpu,
        @Nullable String engine,
        @Nullable String weightFormat) {
    /** Nothing is given. */
    public static final Given NOTHING = new Given(null, null, null, null);
}
