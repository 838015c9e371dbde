package llmlatency.calibration;

import java.util.Map;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * An engine as a measurement ran it.
 *
 * @param setup it, or the ideal one where it is not known
 * @param unexpected why nothing is expected of it; null where something may be
 */
record EngineRun(Setup setup, @Nullable String unexpected) {
    /** Whose memory is taken where the measured engine is not known. */
    private static final String IDEAL = "ideal";

    static EngineRun of(Measurement measurement, Gpu gpu, KnownProfiles profiles) {
        try {
            Setup setup = setup(measurement, gpu, profiles);
            boolean expects = setup.engine().expects();
            return new EngineRun(
                    setup, expects ? null : "engine " + setup.engine().name() + " is the floor itself");
        } catch (Refusal e) {
            Setup ideal = Setup.of(profiles.engine(IDEAL).value());
            return new EngineRun(ideal, e.message());
        }
    }

    /** The measured engine itself; refuses one that is not known. */
    static Setup setup(Measurement measurement, Gpu gpu, KnownProfiles profiles) {
        EngineWord word = EngineWord.of(measurement.subject().engine());
        Engine engine = engine(word, profiles);
        Era era = engine.era(
                measurement.origin().engineVersion(), measurement.origin().date());
        return new Setup(
                engine, backend(word, engine, gpu), era, measurement.subject().flashAttention(), Map.of());
    }

    private static Engine engine(EngineWord word, KnownProfiles profiles) {
        try {
            return profiles.engine(word.name()).value();
        } catch (Refusal e) {
            throw new Refusal("engine " + word.name() + " unknown");
        }
    }

    /** An engine that names no backends has one, whatever a source calls it. */
    private static @Nullable String backend(EngineWord word, Engine engine, Gpu gpu) {
        if (word.backend() == null || engine.backends().isEmpty()) {
            return engine.backendFor(gpu.build().kind());
        }
        return engine.backend(word.backend());
    }
}
