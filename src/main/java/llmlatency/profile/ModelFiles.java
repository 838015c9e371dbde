package llmlatency.profile;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.checkpoint.HuggingFaceConfig;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Models that come as files: our own profiles, and Hugging Face configs alone or in their folder. */
final class ModelFiles {
    private static final String CONFIG = "config.json";

    private ModelFiles() {}

    /** The file that a word names; null where it names none. */
    static @Nullable Path find(String word) {
        try {
            Path path = Path.of(word);
            if (Files.isDirectory(path)) {
                if (Files.isRegularFile(path.resolve(CONFIG))) {
                    return path.resolve(CONFIG);
                }
                throw new Refusal("the folder " + word + " holds no " + CONFIG);
            }
            return Files.isRegularFile(path) ? path : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * The model in a file.
     *
     * @param word how it was asked for, which is its name
     * @param architectures the document of a model type, or null
     * @param assumed fields that the user supplies or overrides
     */
    static Profile<ModelProfile> read(
            String word, Path file, Function<String, @Nullable Document> architectures, Map<String, String> assumed) {
        if (!file.toString().endsWith(".json")) {
            throw new Refusal(word + " is neither a profile nor a config.json (both end in .json)");
        }
        Document document = ProfileStore.readConfig(file);
        if (document.find("layers") != null && document.find("vocabulary") != null) {
            return ModelProfile.read(ProfileIndexer.name(file), ProfileStore.readFile(file));
        }
        Document model = HuggingFaceConfig.document(document, architectures, assumed);
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("title", word);
        model.fields().forEach((key, node) -> named.put(key, node.plain()));
        named.put("sources", List.of(Map.of("title", word, "kind", "published")));
        if (!assumed.isEmpty()) {
            named.put(
                    "assumptions",
                    assumed.entrySet().stream().map(ModelFiles::given).toList());
        }
        return ModelProfile.read(word, Document.of(file.toString(), named));
    }

    private static Map<String, Object> given(Map.Entry<String, String> field) {
        return Map.of("what", field.getKey(), "value", field.getValue(), "why", "given on the command line");
    }
}
