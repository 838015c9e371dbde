package llmlatency.engine;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An engine as it is run.
 *
 * @param engine the engine
 * @param backend what it runs on; null where it has but one
 * @param era the time that its version is from; null where it has but one
 * @param flashAttention whether scores are kept on the chip; null: as it does by default
 * @param replaced parameters given by hand
 */
public record Setup(
        Engine engine,
        @Nullable String backend,
        @Nullable Era era,
        @Nullable Boolean flashAttention,
        Map<Parameter, Double> replaced) {
    public Setup {
        Map<Parameter, Double> copy = new EnumMap<>(Parameter.class);
        copy.putAll(replaced);
        replaced = copy;
    }

    /** An engine with nothing said about how it is run. */
    public static Setup of(Engine engine) {
        return new Setup(engine, null, engine.newest(), null, Map.of());
    }
}
