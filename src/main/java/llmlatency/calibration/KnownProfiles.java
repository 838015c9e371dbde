package llmlatency.calibration;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import llmlatency.engine.Engine;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Profiles by the words that rows ask for them with, each read once: thousands of rows name a few dozen. */
final class KnownProfiles {
    private static final String STANDARD_INPUT = "-";
    private final ProfileLibrary library;
    private final Map<String, Found<?>> found = new HashMap<>();

    /** A profile, or why there is none. */
    private record Found<T>(@Nullable T value, String reason) {
        T get() {
            if (value == null) {
                throw new Refusal(reason);
            }
            return value;
        }
    }

    KnownProfiles(ProfileLibrary library) {
        this.library = library;
    }

    ProfileLibrary library() {
        return library;
    }

    Profile<ModelProfile> model(String word) {
        return this.<Profile<ModelProfile>>find(ProfileKind.MODEL, word, library::model);
    }

    ProfileLibrary.FoundGpu gpu(String word) {
        return find(ProfileKind.GPU, word, library::gpu);
    }

    Profile<FormatProfile> format(String word) {
        return find(ProfileKind.FORMAT, word, library::format);
    }

    Profile<Engine> engine(String word) {
        return find(ProfileKind.ENGINE, word, library::engine);
    }

    boolean knowsModel(String word) {
        return knows(() -> model(word));
    }

    boolean knowsGpu(String word) {
        return knows(() -> gpu(word));
    }

    boolean knowsFormat(String word) {
        return knows(() -> format(word));
    }

    boolean knowsEngine(String word) {
        return knows(() -> engine(word));
    }

    /** How many layers a model has; null where it is not known. */
    @Nullable
    Integer layers(String word) {
        return knowsModel(word) ? (Integer) model(word).value().model().layerCount() : null;
    }

    private static boolean knows(Runnable reading) {
        try {
            reading.run();
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    /** The profile of that name; refuses with the reason that a row is skipped for. */
    @SuppressWarnings("unchecked") // a kind has one type
    private <T> T find(ProfileKind kind, String word, Function<String, T> reader) {
        String key = kind + " " + word;
        Found<?> known = found.get(key);
        if (known == null) {
            known = read(kind, word, reader);
            found.put(key, known);
        }
        return (T) known.get();
    }

    private <T> Found<T> read(ProfileKind kind, String word, Function<String, T> reader) {
        String unknown = "unknown " + kind.key() + ": " + word;
        if (word.equals(STANDARD_INPUT)) { // a row cannot have it: the rows themselves may come from there
            return new Found<>(null, unknown);
        }
        try {
            return new Found<>(reader.apply(word), unknown);
        } catch (Refusal e) {
            return new Found<>(null, library.names(kind).contains(word) ? e.message() : unknown);
        }
    }
}
