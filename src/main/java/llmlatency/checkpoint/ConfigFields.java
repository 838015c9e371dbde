package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.checkpoint.Expression.MissingField;
import llmlatency.document.Document;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a config as an architecture sees them: what the user assumed, then what the architecture derives, then
 * what the config says (its text part first), then what its class takes for granted.
 */
final class ConfigFields {
    /** Far more than any family needs for a layer; rules that name each other twice would take for ever. */
    private static final int MOST_EVALUATIONS = 100_000;

    private static final List<String> TEXT_PARTS = List.of("text_config", "llm_config", "language_config");
    private final Document config;
    private final @Nullable Document text;
    private final Document architecture;
    private final Map<String, String> assumed;
    private final Set<String> deriving = new HashSet<>();
    private int layer;
    private int evaluations;

    ConfigFields(Document config, Document architecture, Map<String, String> assumed) {
        this.config = config;
        this.text = textPart(config);
        this.architecture = architecture;
        this.assumed = assumed;
    }

    /** The part of a multimodal config that describes the decoder; null where all of it does. */
    static @Nullable Document textPart(Document config) {
        for (String part : TEXT_PARTS) {
            Document found = config.find(part);
            if (found != null && found.isObject()) {
                return found;
            }
        }
        return null;
    }

    /** Looks at the fields from that layer on. */
    void at(int newLayer) {
        this.layer = newLayer;
        this.evaluations = 0;
    }

    /** The value of a field; {@code i} is the layer. */
    @Nullable
    Object value(String name) {
        if (name.equals("i")) {
            return (double) layer;
        }
        if (assumed.containsKey(name)) {
            return assumption(name);
        }
        Document rule = derived(name);
        if (rule != null && deriving.add(name)) {
            try {
                return evaluate(rule);
            } finally {
                deriving.remove(name);
            }
        }
        Document stated = stated(name);
        if (stated != null) {
            return plain(stated);
        }
        Document byDefault =
                section("defaults") == null ? null : section("defaults").find(name);
        if (byDefault != null) {
            return plain(byDefault);
        }
        throw new MissingField(name);
    }

    private @Nullable Document derived(String name) {
        Document rules = section("derived");
        return rules == null ? null : rules.find(name);
    }

    private @Nullable Document section(String name) {
        return architecture.find(name);
    }

    /** A field of the config, or of a part of it: {@code quantization_config.bits}. */
    private @Nullable Document stated(String name) {
        Document inText = text == null ? null : path(text, name);
        return inText != null ? inText : path(config, name);
    }

    private static @Nullable Document path(Document start, String name) {
        Document at = start;
        for (String part : name.split("\\.", -1)) {
            if (at == null || !at.isObject()) {
                return null;
            }
            at = at.find(part);
        }
        return at;
    }

    /** The value of a rule: a text is an expression, all else stands for itself. */
    @Nullable
    Object evaluate(Document rule) {
        Object plain = plain(rule);
        if (!(plain instanceof String expression)) {
            return plain;
        }
        if (++evaluations > MOST_EVALUATIONS) {
            throw new Refusal(rule.file() + " takes too many steps to compute");
        }
        try {
            return Expression.value(expression, this::value);
        } catch (Refusal e) {
            throw rule.refuse(e.message());
        }
    }

    private Object assumption(String name) {
        String value = String.valueOf(assumed.get(name));
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        try {
            return Double.valueOf(value);
        } catch (NumberFormatException e) {
            return value;
        }
    }

    /** The value as expressions see it: numbers as doubles, null as null, also within lists and objects. */
    private static @Nullable Object plain(Document node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isList()) {
            List<@Nullable Object> items = new ArrayList<>();
            node.items().forEach(item -> items.add(plain(item)));
            return items;
        }
        if (node.isObject()) {
            Map<String, @Nullable Object> fields = new HashMap<>();
            node.fields().forEach((key, value) -> fields.put(key, plain(value)));
            return fields;
        }
        return node.plain() instanceof Number number ? (Object) number.doubleValue() : node.plain();
    }
}
