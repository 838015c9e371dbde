package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a config of some {@code model_type} implies, read from {@code profiles/architectures}. One may extend another:
 * objects are merged field by field, all else is replaced.
 */
final class Architecture {
    private static final int LONGEST_CHAIN = 8;

    private Architecture() {}

    /**
     * The document of that model type with all that it extends merged in; null where there is none.
     *
     * @param architectures the document of a model type, or null
     */
    static @Nullable Document find(String modelType, Function<String, @Nullable Document> architectures) {
        Document found = architectures.apply(modelType);
        if (found == null) {
            return null;
        }
        List<Document> chain = new ArrayList<>();
        Document at = found;
        while (at != null) {
            chain.add(0, at);
            Document parent = at.find("extends");
            if (chain.size() > LONGEST_CHAIN) {
                throw found.refuse("it extends itself");
            }
            at = parent == null ? null : architectures.apply(parent.text());
            if (parent != null && at == null) {
                throw parent.refuse("there is no architecture '" + parent.text() + "'");
            }
        }
        Map<String, Object> merged = new LinkedHashMap<>();
        chain.forEach(document -> merge(merged, document));
        merged.remove("extends");
        return Document.of(found.file(), merged);
    }

    private static void merge(Map<String, Object> into, Document from) {
        from.fields().forEach((key, node) -> {
            if (node.isObject() && into.get(key) instanceof Map<?, ?> old) {
                Map<String, Object> inner = new LinkedHashMap<>();
                old.forEach((oldKey, value) -> inner.put((String) oldKey, value));
                merge(inner, node);
                into.put(key, inner);
            } else if (key.equals("ignores") && into.get(key) instanceof List<?> old) {
                Set<Object> all = new LinkedHashSet<>(old);
                node.items().forEach(item -> all.add(item.plain()));
                into.put(key, List.copyOf(all));
            } else {
                into.put(key, node.plain());
            }
        });
    }

    /** Refuses a document whose values are not those of an architecture. */
    static void requireSections(Document architecture) {
        architecture.allowOnly(List.of(
                "title",
                "aliases",
                "extends",
                "sources",
                "notes",
                "defaults",
                "derived",
                "ignores",
                "model",
                "layers",
                "layer",
                "vision",
                "mtp",
                "stored"));
        if (architecture.find("layer") == null || architecture.find("layers") == null) {
            throw new Refusal(architecture.file() + ": an architecture needs 'layers' and 'layer'");
        }
    }
}
