package llmlatency.checkpoint;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.checkpoint.Expression.MissingField;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Turns a Hugging Face {@code config.json} into a document in the form of our own model profiles. */
public final class HuggingFaceConfig {
    private static final int MOST_LAYERS = 10_000;
    /** Values of these are words, not expressions. */
    private static final List<String> WORDS = List.of("kind", "what", "why");

    /** What a checkpoint stores beyond the weights may also be less than them. */
    private static final List<String> DIFFERENCES = List.of("parameters", "bytes");

    private final Document config;
    private final Document architecture;
    private final ConfigFields fields;

    private HuggingFaceConfig(Document config, Document architecture, Map<String, String> assumed) {
        this.config = config;
        this.architecture = architecture;
        this.fields = new ConfigFields(config, architecture, assumed);
    }

    /**
     * The config as a model document.
     *
     * @param config the config, read leniently
     * @param architectures the document of a model type, or null where it is not known
     * @param assumed fields that the user supplies or overrides
     * @throws Refusal naming the field that is missing or that is not understood
     */
    public static Document document(
            Document config, Function<String, @Nullable Document> architectures, Map<String, String> assumed) {
        UnknownFields.refuse(config, architecture(config, architectures, assumed));
        return lenientDocument(config, architectures, assumed);
    }

    /**
     * The same for a config of our own making, whose fields may be more than its type uses.
     *
     * @throws Refusal naming the field that is missing
     */
    public static Document lenientDocument(
            Document config, Function<String, @Nullable Document> architectures, Map<String, String> assumed) {
        Document architecture = architecture(config, architectures, assumed);
        Architecture.requireSections(architecture);
        HuggingFaceConfig reader = new HuggingFaceConfig(config, architecture, assumed);
        try {
            return reader.document();
        } catch (MissingField e) {
            throw new Refusal(
                    config.file() + " lacks the field '" + e.field() + "', which a model of this type needs",
                    "supply it: --assume " + e.field() + "=VALUE");
        } catch (Refusal e) {
            throw e.message().startsWith(config.file()) ? e : e.at(config.file());
        }
    }

    private static Document architecture(
            Document config, Function<String, @Nullable Document> architectures, Map<String, String> assumed) {
        List<String> types = new ArrayList<>();
        Document text = ConfigFields.textPart(config);
        if (assumed.containsKey("model_type")) {
            types.add(assumed.get("model_type"));
        }
        for (Document part : text == null ? List.of(config) : List.of(text, config)) {
            Document type = part.find("model_type");
            if (type != null && !type.isNull()) {
                types.add(type.text());
            }
        }
        for (String type : types) {
            Document found = Architecture.find(type, architectures);
            if (found != null) {
                return found;
            }
        }
        if (types.isEmpty()) {
            throw new Refusal(config.file() + " lacks the field 'model_type'", "supply it: --assume model_type=llama");
        }
        throw new Refusal(
                config.file() + ": no architecture is known for model_type '" + types.get(0) + "'",
                "where it is built like a known one: --assume model_type=llama",
                "all that are known: llm-latency list architectures");
    }

    private Document document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("architecture", String.valueOf(fields.value("model_type")));
        if (architecture.find("model") != null) {
            document.putAll(object(architecture.get("model")));
        }
        document.putIfAbsent("tied_embeddings", false);
        document.put("layers", layers());
        for (String part : List.of("vision", "mtp")) {
            Document rule = architecture.find(part);
            Object parameters = rule == null ? null : template("", rule);
            if (parameters != null) {
                document.put(part, parameters);
            }
        }
        Object stored = architecture.find("stored") == null ? null : template("stored", architecture.get("stored"));
        if (stored instanceof List<?> list && !list.isEmpty()) {
            document.put("stored", stored);
        }
        return Document.of(config.file(), document);
    }

    /** The layers, equal ones together, in the order in which each shape is first met. */
    private List<Object> layers() {
        Object count = number("layers", fields.evaluate(architecture.get("layers")));
        int layers = count instanceof BigDecimal whole && whole.compareTo(BigDecimal.valueOf(MOST_LAYERS)) <= 0
                ? whole.intValue()
                : 0;
        if (layers < 1) {
            throw new Refusal(config.file() + ": a model cannot have " + count + " layers");
        }
        Map<Map<String, Object>, List<Integer>> shapes = new LinkedHashMap<>();
        for (int i = 0; i < layers; i++) {
            fields.at(i);
            shapes.computeIfAbsent(object(architecture.get("layer")), shape -> new ArrayList<>())
                    .add(i);
        }
        List<Object> list = new ArrayList<>();
        int next = 0;
        for (Map.Entry<Map<String, Object>, List<Integer>> shape : shapes.entrySet()) {
            List<Integer> positions = shape.getValue();
            Map<String, Object> layer = new LinkedHashMap<>();
            layer.put("count", positions.size());
            if (!positions.equals(Positions.consecutive(next, positions.size()))) {
                layer.put("at", Positions.text(positions));
            }
            layer.putAll(shape.getKey());
            layer.putIfAbsent("norms", 0);
            list.add(layer);
            next += positions.size();
        }
        return list;
    }

    private Map<String, Object> object(Document rule) {
        Map<String, Object> object = new LinkedHashMap<>();
        rule.fields().forEach((key, node) -> {
            Object value = key.equals("when") ? null : template(key, node);
            if (value != null) {
                object.put(key, value);
            }
        });
        return object;
    }

    /** The value of a rule with the config's figures put in; null where it comes out as nothing, false or zero. */
    private @Nullable Object template(String key, Document rule) {
        if (rule.isObject()) {
            if (!holds(rule)) {
                return null;
            }
            Document parts = rule.find("parts");
            Map<String, Object> object = parts == null ? object(rule) : Map.of();
            return parts != null ? all(parts) : object.isEmpty() ? null : object;
        }
        if (rule.isList()) {
            return isChoice(key) ? first(key, rule) : all(rule);
        }
        if (WORDS.contains(key)) {
            return rule.text();
        }
        Object value = number(key, fields.evaluate(rule));
        return Boolean.FALSE.equals(value) || (value instanceof BigDecimal zero && zero.signum() == 0) ? null : value;
    }

    /** A list under these keys holds alternatives, of which the first that holds is taken; under others, parts. */
    private static boolean isChoice(String key) {
        return key.equals("attention") || key.equals("feed_forward");
    }

    private boolean holds(Document rule) {
        Document when = rule.find("when");
        return when == null || Boolean.TRUE.equals(fields.evaluate(when));
    }

    private @Nullable Object first(String key, Document rules) {
        for (Document rule : rules.items()) {
            if (holds(rule)) {
                return rule.find("none") == null ? template(key, rule) : null;
            }
        }
        return null;
    }

    private @Nullable List<Object> all(Document rules) {
        List<Object> values = new ArrayList<>();
        for (Document rule : rules.items()) {
            Object value = template("", rule);
            if (value != null) {
                values.add(value);
            }
        }
        return values.isEmpty() ? null : values;
    }

    private @Nullable Object number(String key, @Nullable Object value) {
        if (!(value instanceof Double number)) {
            return value;
        }
        boolean signed = DIFFERENCES.contains(key);
        if (number != Math.rint(number) || (number < 0 && !signed) || Math.abs(number) > Long.MAX_VALUE) {
            throw new Refusal(config.file() + ": " + key + " comes out as " + number + ", not as a whole number");
        }
        return BigDecimal.valueOf(number.longValue());
    }
}
