package llmlatency.calibration;

import java.util.function.Supplier;
import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.engine.Structure;
import llmlatency.hardware.Gpu;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What was measured by the names of profiles, so that rows which say the same in other words stand together; a name that
 * does not resolve stays as it was written. Null: not known.
 *
 * @param model the model
 * @param structure its kind: dense, moe, mla, hybrid
 * @param gpu the device
 * @param kind the kind of device
 * @param format format of the weights
 * @param engine the engine
 * @param backend what it ran on
 * @param era the time that its version is from
 */
public record Identity(
        String model,
        @Nullable String structure,
        String gpu,
        @Nullable String kind,
        @Nullable String format,
        String engine,
        @Nullable String backend,
        @Nullable String era) {
    static Identity of(Measurement measurement, KnownProfiles profiles) {
        Measurement.Subject subject = measurement.subject();
        Profile<ModelProfile> model = known(() -> profiles.model(subject.model()));
        ProfileLibrary.FoundGpu found = known(() -> profiles.gpu(subject.gpu()));
        Gpu gpu = found == null ? null : found.gpu();
        EngineWord word = EngineWord.of(subject.engine());
        Profile<Engine> engine = known(() -> profiles.engine(word.name()));
        Setup setup = gpu == null ? null : known(() -> EngineRun.setup(measurement, gpu, profiles));
        return new Identity(
                model == null ? subject.model() : model.name(),
                model == null ? null : Structure.of(model.value().model()).kind(),
                gpu == null ? subject.gpu() : gpu.name(),
                gpu == null ? null : gpu.build().kind(),
                format(subject.weightFormat(), model, profiles),
                engine == null ? word.name() : engine.name(),
                setup == null ? word.backend() : setup.backend(),
                setup == null || setup.era() == null ? null : setup.era().name());
    }

    private static @Nullable String format(
            @Nullable String asked, @Nullable Profile<ModelProfile> model, KnownProfiles profiles) {
        String word =
                asked != null ? asked : model == null ? null : model.value().weightFormat();
        Profile<FormatProfile> format = word == null ? null : known(() -> profiles.format(word));
        return format == null ? word : format.name();
    }

    private static <T> @Nullable T known(Supplier<T> name) {
        try {
            return name.get();
        } catch (Refusal e) {
            return null;
        }
    }
}
