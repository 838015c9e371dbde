package llmlatency.profile;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.checkpoint.GgufConfig;
import llmlatency.checkpoint.GgufHeader;
import llmlatency.checkpoint.HuggingFaceConfig;
import llmlatency.checkpoint.ModelDocument;
import llmlatency.checkpoint.SafetensorsHeader;
import llmlatency.checkpoint.StoredModel;
import llmlatency.checkpoint.TensorListing;
import llmlatency.checkpoint.TensorType;
import llmlatency.checkpoint.TensorTypes;
import llmlatency.checkpoint.Unquantised;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Models that come as files: our own profiles, Hugging Face configs alone or beside their weights, GGUF files. Of weights
 * only the headers are read.
 *
 * @param store where architectures and names are found
 * @param assumed fields of a config that the user supplies or overrides
 */
record ModelFiles(ProfileStore store, Map<String, String> assumed) {
    private static final String INPUT = "standard input";
    private static final String CONFIG = "config.json";
    private static final String QUANTISATION = "hf_quant_config.json";

    /** The file or folder that a word names; null where it names none. */
    static @Nullable Path find(String word) {
        try {
            Path path = Path.of(word);
            return !word.isEmpty() && Files.exists(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * The model in a file or folder.
     *
     * @param word how it was asked for, which is its name
     */
    Profile<ModelProfile> read(String word, Path path) {
        if (GgufHeader.isAt(path)) {
            return gguf(word, path);
        }
        boolean folder = Files.isDirectory(path);
        if (SafetensorsHeader.isAt(path)) {
            Path config = folder ? path.resolve(CONFIG) : path.resolveSibling(CONFIG);
            if (!Files.isRegularFile(config)) {
                throw new Refusal(
                        "there is no " + CONFIG + " beside the weights of " + word
                                + ", and their names and shapes alone do not tell heads and windows",
                        "put it beside them, or ask by --model with a config.json or a known name");
            }
            return withWeights(config(word, config), SafetensorsHeader.read(path), null);
        }
        Path file = folder ? path.resolve(CONFIG) : path;
        if (!Files.isRegularFile(file)) {
            throw new Refusal("the folder " + word + " holds no " + CONFIG);
        }
        if (!file.toString().endsWith(".json")) {
            throw new Refusal(word + " is none of: a profile or config.json, a .safetensors file, a .gguf file");
        }
        return config(word, file);
    }

    /** The config that a stream holds. */
    Profile<ModelProfile> read(InputStream input) {
        return config(INPUT, INPUT, ProfileStore.readConfig(INPUT, input));
    }

    /** A profile of ours, or a config. */
    private Profile<ModelProfile> config(String word, Path file) {
        Document document = quantized(ProfileStore.readConfig(file), file);
        if (document.find("layers") != null && document.find("vocabulary") != null) {
            return ModelProfile.read(ProfileIndexer.name(file), ProfileStore.readFile(file));
        }
        return config(word, file.toString(), document);
    }

    private Profile<ModelProfile> config(String word, String file, Document document) {
        Document model = HuggingFaceConfig.document(document, this::architecture, assumed);
        List<Map<String, Object>> plain =
                Unquantised.parts(document, ModelDocument.read(model), store.shared("tensor-names"));
        Document whole = plain.isEmpty() ? model : model.with("unquantised", Document.of(file, plain));
        return named(word, file, whole);
    }

    private Profile<ModelProfile> gguf(String word, Path path) {
        Document names = store.shared("gguf-names");
        TensorListing listing = GgufHeader.read(path);
        Document config = GgufConfig.config(listing, names);
        Document model = HuggingFaceConfig.lenientDocument(config, this::architecture, assumed);
        return withWeights(named(word, path.toString(), model), listing, GgufConfig.mix(listing, names));
    }

    private @Nullable Document architecture(String modelType) {
        return store.find(ProfileKind.ARCHITECTURE, modelType);
    }

    private Profile<ModelProfile> named(String word, String file, Document model) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("title", word);
        model.fields().forEach((key, node) -> named.put(key, node.plain()));
        named.put("sources", List.of(Map.of("title", word, "kind", "published")));
        if (!assumed.isEmpty()) {
            named.put(
                    "assumptions",
                    assumed.entrySet().stream().map(ModelFiles::given).toList());
        }
        return ModelProfile.read(word, Document.of(file, named));
    }

    private static Map<String, Object> given(Map.Entry<String, String> field) {
        return Map.of("what", field.getKey(), "value", field.getValue(), "why", "given on the command line");
    }

    /** The model with the tensors of its files: their bytes count, and what they hold beyond the weights is named. */
    private Profile<ModelProfile> withWeights(
            Profile<ModelProfile> profile, TensorListing listing, @Nullable String mix) {
        ModelProfile described = profile.value();
        StoredModel stored = StoredModel.of(described.model(), listing, store.shared("tensor-names"));
        TensorType main = TensorTypes.shipped().named(stored.mainType());
        String plain = main == null ? null : main.format();
        boolean quantized = !List.of("fp16", "bf16", "fp32").contains(described.weightFormat());
        String format = mix != null ? mix : quantized || plain == null ? described.weightFormat() : plain;
        String file = profile.node().file();
        Document node = profile.node()
                .with("stored", Document.of(file, stored.differences()))
                .with("published", Document.of(file, stored.totals()))
                .with("weight_format", Document.of(file, format));
        return new Profile<>(
                profile.name(),
                profile.title(),
                described.stored(format, stored),
                profile.sources(),
                profile.assumptions(),
                node);
    }

    /** Some tools state the quantisation in a file of its own beside the config. */
    private static Document quantized(Document config, Path file) {
        Path beside = file.resolveSibling(QUANTISATION);
        if (config.find("quantization_config") != null || !Files.isRegularFile(beside)) {
            return config;
        }
        Document stated = ProfileStore.readConfig(beside).find("quantization");
        return stated == null || !stated.isObject()
                ? config
                : config.with(
                        "quantization_config", stated.with("quant_method", Document.of(beside.toString(), "modelopt")));
    }
}
