package llmlatency.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.checkpoint.Expression.MissingField;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads the metadata of a GGUF file as the fields of a Hugging Face config, by names that are kept as data. */
public final class GgufConfig {
    private static final String ARCHITECTURE = "general.architecture";
    private static final String FILE_TYPE = "general.file_type";
    private static final String EMBEDDING = "token_embd.weight";
    private static final String HEAD = "output.weight";

    private GgufConfig() {}

    /**
     * The config that the file would have.
     *
     * @param listing the file's header
     * @param names how its keys read
     * @throws Refusal when its architecture is not known or a needed key is missing
     */
    public static Document config(TensorListing listing, Document names) {
        String file = String.valueOf(listing.files().get(0));
        Object architecture = listing.metadata().get(ARCHITECTURE);
        if (!(architecture instanceof String name)) {
            throw new Refusal(file + " lacks the key '" + ARCHITECTURE + "'");
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        names.get("fields").fields().forEach((key, targets) -> {
            Object value = listing.metadata().get(name + "." + key);
            if (value instanceof Number || value instanceof List<?>) {
                targets.items().forEach(target -> fields.put(target.text(), value));
            }
        });
        StoredTensor embedding = tensor(listing, EMBEDDING);
        if (embedding == null || embedding.shape().size() != 2) {
            throw new Refusal(file + " lacks the tensor '" + EMBEDDING + "'");
        }
        fields.put("vocab_size", embedding.shape().get(0));
        fields.put("tie_word_embeddings", tensor(listing, HEAD) == null);
        fields.put("model_type", modelType(file, name, fields, names));
        return Document.of(file, fields);
    }

    private static @Nullable StoredTensor tensor(TensorListing listing, String name) {
        for (StoredTensor tensor : listing.tensors()) {
            if (tensor.name().equals(name)) {
                return tensor;
            }
        }
        return null;
    }

    private static String modelType(String file, String name, Map<String, Object> fields, Document names) {
        for (Document rule : names.list("architectures")) {
            Document when = rule.find("when");
            boolean named = rule.get("name").text().equals(name);
            if (named && (when == null || holds(when.text(), fields))) {
                return rule.get("model_type").text();
            }
        }
        throw new Refusal(
                file + ": the GGUF architecture '" + name + "' is not known",
                "give the model's config.json instead; its bytes then come from --dtype");
    }

    private static boolean holds(String when, Map<String, Object> fields) {
        return Boolean.TRUE.equals(Expression.value(when, field -> {
            Object value = fields.get(field);
            if (value == null) {
                throw new MissingField(field);
            }
            return value instanceof Number number ? (Object) number.doubleValue() : value;
        }));
    }

    /** The name of the mix that the file says it is; null where it says none that is known. */
    public static @Nullable String mix(TensorListing listing, Document names) {
        Object number = listing.metadata().get(FILE_TYPE);
        Document found = names.get("file_types").find(String.valueOf(number));
        return found == null ? null : found.text();
    }
}
