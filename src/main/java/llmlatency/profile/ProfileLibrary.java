package llmlatency.profile;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import llmlatency.checkpoint.GgufMix;
import llmlatency.checkpoint.HubCache;
import llmlatency.document.Document;
import llmlatency.document.NameKey;
import llmlatency.document.NearestNames;
import llmlatency.engine.Engine;
import llmlatency.hardware.Gpu;
import llmlatency.units.Assumption;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** The only resolver of names. User profiles win over shipped ones; a word that fits several is refused. */
public final class ProfileLibrary {
    private static final String STANDARD_INPUT = "-";
    private final ProfileStore store;
    private final Map<String, String> environment;
    private final InputStream input;
    private final Map<String, Profile<?>> found = new ConcurrentHashMap<>();

    /** What has been read so far; null: nothing is kept, since most runs ask for a name once. */
    private final @Nullable Map<Object, Object> kept;

    /**
     * A library over the shipped profiles.
     *
     * @param overlays folders of the user's, those that win first
     */
    public ProfileLibrary(List<Path> overlays) {
        this(overlays, Map.of(), InputStream.nullInputStream());
    }

    /**
     * A library over the shipped profiles that also finds models downloaded from the Hugging Face Hub.
     *
     * @param overlays folders of the user's, those that win first
     * @param environment environment variables that say where downloads are kept
     * @param input what {@code -} is read from
     */
    public ProfileLibrary(List<Path> overlays, Map<String, String> environment, InputStream input) {
        this(new ProfileStore(overlays), Map.copyOf(environment), input, null);
    }

    private ProfileLibrary(
            ProfileStore store,
            Map<String, String> environment,
            InputStream input,
            @Nullable Map<Object, Object> kept) {
        this.store = store;
        this.environment = environment;
        this.input = input;
        this.kept = kept;
    }

    /** The same library, which reads each name once and may be asked by several threads: for thousands of questions. */
    public ProfileLibrary keeping() {
        return new ProfileLibrary(store, environment, input, new ConcurrentHashMap<>());
    }

    /** What is kept under a key, made where it is not yet; runs that keep nothing do without it, and so start faster. */
    @SuppressWarnings("unchecked") // a key holds what its maker gives
    private static <T> T once(Map<Object, Object> kept, Supplier<T> maker, Object... key) {
        List<Object> name = List.of(key);
        Object known = kept.get(name);
        if (known == null) {
            synchronized (kept) {
                known = kept.get(name);
                if (known == null) {
                    known = maker.get();
                    kept.put(name, known);
                }
            }
        }
        return (T) known;
    }

    /** The model of that name, alias, Hugging Face id or profile file. */
    public Profile<ModelProfile> model(String word) {
        return model(word, Map.of());
    }

    /**
     * The model of that name, alias, Hugging Face id, or file: a profile, a {@code config.json}, a
     * folder with one, weights beside one, a GGUF file.
     *
     * @param assumed fields of a config that the user supplies or overrides
     */
    public Profile<ModelProfile> model(String word, Map<String, String> assumed) {
        return kept == null
                ? readModel(word, assumed)
                : once(kept, () -> readModel(word, assumed), "model", word, assumed);
    }

    private Profile<ModelProfile> readModel(String word, Map<String, String> assumed) {
        if (word.equals(STANDARD_INPUT)) {
            return new ModelFiles(store, assumed).read(input);
        }
        boolean known = !isPath(word)
                && !store.names(ProfileKind.MODEL, NameKey.of(word)).isEmpty();
        Path file = known ? null : ModelFiles.find(word);
        if (file == null && !known) {
            file = HubCache.find(word, environment);
        }
        if (file != null) {
            return new ModelFiles(store, assumed).read(word, file);
        }
        if (!assumed.isEmpty()) {
            throw new Refusal("--assume speaks of the fields of a config.json; " + word + " is not a file");
        }
        return find(ProfileKind.MODEL, word, ModelProfile::read);
    }

    /** What a model type implies. */
    public Profile<Document> architecture(String word) {
        return find(ProfileKind.ARCHITECTURE, word, (name, node) -> Profile.of(name, node, node));
    }

    /** The rules of a GGUF mix; null where the format is none that has any. */
    public @Nullable GgufMix mix(String format) {
        return GgufMix.find(format, store.shared("gguf-mixes"));
    }

    /** The number format of that name or alias. */
    public Profile<FormatProfile> format(String word) {
        return find(ProfileKind.FORMAT, word, FormatProfile::read);
    }

    /** The engine of that name or alias. */
    public Profile<Engine> engine(String word) {
        return find(
                ProfileKind.ENGINE,
                word,
                (name, node) ->
                        EngineProfile.read(name, node, base -> read(ProfileKind.ENGINE, base, ProfileLibrary::alone)));
    }

    private static Profile<Engine> alone(String name, Document node) {
        return EngineProfile.read(name, node, base -> {
            throw new Refusal("engine " + name + " is extended by another, and extends one itself");
        });
    }

    /** The engines whose profiles extend that of another. */
    public List<Profile<Engine>> extending(String base) {
        List<Profile<Engine>> extending = new ArrayList<>();
        for (String name : names(ProfileKind.ENGINE)) {
            Document word = store.read(ProfileKind.ENGINE, name).find("extends");
            if (word != null && word.text().equals(base)) {
                extending.add(engine(name));
            }
        }
        return extending;
    }

    /**
     * The engine to take where none is asked for.
     *
     * @param kind the kind of device; null where it is not known
     * @param format name of the weights' format
     */
    public EngineChoice engineFor(@Nullable String kind, String format) {
        return kept == null
                ? choice(kind, format)
                : once(kept, () -> choice(kind, format), "choice", String.valueOf(kind), format);
    }

    private EngineChoice choice(@Nullable String kind, String format) {
        return EngineChoice.of(store.shared("engine-choice"), store, kind, format);
    }

    /** How devices reach each other beyond a node, where nothing else says it. */
    public Network network() {
        return kept == null
                ? Network.of(store.shared("networks"))
                : once(kept, () -> Network.of(store.shared("networks")), "network");
    }

    /** How fast links between hosts and devices are. */
    public HostLinks hostLinks() {
        return HostLinks.of(store.shared("host-links"));
    }

    /**
     * The CPU of that name, alias or profile file, with the memory that a trailing size says.
     *
     * @throws Refusal where it is another kind of device
     */
    public FoundGpu host(String word) {
        FoundGpu found = gpu(word);
        if (GpuProfile.CPU.equals(found.gpu().build().kind())) {
            return found;
        }
        List<String> hosts = new ArrayList<>();
        for (String name : names(ProfileKind.GPU)) {
            Document kind = store.read(ProfileKind.GPU, name).find("class");
            if (kind != null && kind.text().equals(GpuProfile.CPU)) {
                hosts.add(name);
            }
        }
        throw new Refusal(found.profile().name() + " is no CPU", "hosts: " + String.join(", ", hosts));
    }

    /** The device of that name, alias or profile file; a trailing memory size is understood (profiles.md). */
    public FoundGpu gpu(String word) {
        return kept == null ? readGpu(word) : once(kept, () -> readGpu(word), "gpu", word);
    }

    private FoundGpu readGpu(String word) {
        GpuName name = GpuName.of(word, store);
        Profile<GpuProfile> profile = find(ProfileKind.GPU, name.word(), GpuProfile::read);
        return new FoundGpu(profile, name.fitted(profile.value()));
    }

    /**
     * A device, with the memory that it was asked for with.
     *
     * @param profile its profile
     * @param gpu the device
     */
    public record FoundGpu(Profile<GpuProfile> profile, Gpu gpu) {
        private static final Set<String> ASIDE = Set.of("launch_price_usd", "price_per_hour", "links");

        /**
         * What its speed and memory rest on.
         *
         * @param memoryGiven whether the usable memory is taken from elsewhere
         */
        public List<Assumption> assumptions(boolean memoryGiven) {
            boolean shared = !memoryGiven && gpu.usableMemory() != null;
            return profile.assumptions().stream()
                    .filter(a ->
                            !ASIDE.contains(a.what()) && (shared || !a.what().equals("usable_share")))
                    .toList();
        }
    }

    /** Which profiles were read so far. */
    public UsedProfiles used() {
        return store.used();
    }

    /** All names of a kind, sorted. */
    public SortedSet<String> names(ProfileKind kind) {
        return store.all(kind);
    }

    /** Reads the profile of a kind, whatever the kind. */
    public Profile<?> any(ProfileKind kind, String word) {
        return switch (kind) {
            case MODEL -> model(word);
            case GPU -> gpu(word).profile();
            case FORMAT -> format(word);
            case ENGINE -> engine(word);
            case ARCHITECTURE -> architecture(word);
        };
    }

    /**
     * As {@link #read}, but a shipped profile is read once: it does not change, and reading is most of the work. Those of
     * the user are read whenever they are asked for, unless all is kept.
     */
    private <T> Profile<T> find(ProfileKind kind, String word, BiFunction<String, Document, Profile<T>> reader) {
        if (kept != null) {
            return once(kept, () -> read(kind, word, reader), kind, word);
        }
        String key = kind.folder() + "/" + word;
        @SuppressWarnings("unchecked") // one reader for each kind
        Profile<T> known = (Profile<T>) found.get(key);
        if (known != null) {
            return known;
        }
        Profile<T> read = read(kind, word, reader);
        if (!word.endsWith(".json") && !store.isOwn(kind, read.name())) {
            found.put(key, read);
        }
        return read;
    }

    private <T> Profile<T> read(ProfileKind kind, String word, BiFunction<String, Document, Profile<T>> reader) {
        boolean path = isPath(word);
        List<String> names = path ? List.of() : store.names(kind, NameKey.of(word));
        if (names.size() > 1) {
            throw new Refusal(
                    "'" + word + "' fits several " + kind.noun() + "s: " + String.join(", ", names),
                    "name one of them; to see how they differ: llm-latency list " + kind.folder() + " "
                            + (word.contains(" ") ? "'" + word + "'" : word));
        }
        if (names.size() == 1) {
            return reader.apply(names.get(0), store.read(kind, names.get(0)));
        }
        Path file = file(word);
        if (file != null) {
            return reader.apply(ProfileIndexer.name(file), store.readOwn(kind, file));
        }
        throw path ? new Refusal(word + " is no file that can be read as a " + kind.noun()) : unknown(kind, word);
    }

    private static boolean isPath(String word) {
        return word.startsWith("./") || word.startsWith("../") || word.startsWith("/");
    }

    private static @Nullable Path file(String word) {
        try {
            Path file = Path.of(word);
            return word.endsWith(".json") && Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private Refusal unknown(ProfileKind kind, String word) {
        List<String> near = NearestNames.among(names(kind), word);
        String question = NearestNames.question(near);
        return new Refusal(
                "no " + kind.noun() + " named '" + word + "'" + question,
                "all names: llm-latency list " + kind.folder());
    }
}
