package llmlatency.profile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.document.Document;
import llmlatency.engine.Choice;
import llmlatency.engine.Condition;
import llmlatency.engine.Era;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.engine.Structure;
import org.jspecify.annotations.Nullable;

/** Reads the rules of an engine. */
final class EngineRules {
    private static final String FEW = "few";
    private static final Condition ALWAYS = new Condition(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of(), null, null, null,
            List.of());
    private static final double MOST_BITS = 64;
    private static final double MOST_SPREAD = 1000;
    private final Set<String> backends;
    private final List<String> eras = new ArrayList<>();
    private final List<String> choices = new ArrayList<>();

    EngineRules(Set<String> backends, List<Era> eras) {
        this.backends = backends;
        for (Era era : eras) {
            this.eras.add(era.name());
        }
        for (Choice choice : Choice.values()) {
            choices.add(choice.key());
        }
    }

    Rule rule(Document node) {
        node.allowOnly(List.of("when", "parameters", "choices", "assumption", "kernels"));
        Document when = node.find("when");
        Document assumption = node.find("assumption");
        return new Rule(
                when == null ? ALWAYS : condition(when),
                values(node.find("parameters")),
                choices(node.find("choices")),
                assumption == null ? null : Profile.assumption(assumption),
                node.flag("kernels"));
    }

    private Condition condition(Document node) {
        node.allowOnly(List.of(
                "backend",
                "era",
                "class",
                "architecture",
                "device",
                "rows",
                "format",
                "bits_below",
                "bits_from",
                "flash_attention",
                "structure"));
        Document rows = node.find("rows");
        Document flash = node.find("flash_attention");
        return new Condition(
                List.of(),
                named(node, "backend", backends),
                named(node, "era", eras),
                named(node, "class", GpuProfile.CLASSES),
                any(node, "architecture"),
                any(node, "device"),
                rows == null ? null : (Boolean) rows.word(List.of(FEW, "many")).equals(FEW),
                any(node, "format"),
                bits(node.find("bits_below")),
                bits(node.find("bits_from")),
                flash == null ? null : (Boolean) flash.truth(),
                named(node, "structure", Structure.KINDS));
    }

    /** Words of the engine's own; a profile that names none of them cannot speak of one. */
    private static List<String> named(Document node, String field, Collection<String> known) {
        Document found = node.find(field);
        if (found != null && known.isEmpty()) {
            throw found.refuse("the engine names no " + field + "s");
        }
        return some(found, node.words(field, known));
    }

    private static List<String> any(Document node, String field) {
        return some(node.find(field), node.texts(field));
    }

    /** An empty list would ask nothing, though it reads as if nothing fitted. */
    private static List<String> some(@Nullable Document node, List<String> words) {
        if (node != null && words.isEmpty()) {
            throw node.refuse("expected at least one; leave the field out where any will do");
        }
        return words;
    }

    private static @Nullable Double bits(@Nullable Document node) {
        return node == null ? null : (Double) node.number(0, MOST_BITS);
    }

    private Map<Parameter, Rule.Value> values(@Nullable Document node) {
        Map<Parameter, Rule.Value> values = new EnumMap<>(Parameter.class);
        if (node == null) {
            return values;
        }
        node.allowOnly(Parameter.keys());
        for (Map.Entry<String, Document> entry : node.fields().entrySet()) {
            Parameter parameter = Parameter.named(entry.getKey());
            if (parameter != null) {
                values.put(parameter, value(parameter, entry.getValue()));
            }
        }
        return values;
    }

    private static Rule.Value value(Parameter parameter, Document node) {
        node.allowOnly(List.of("value", "fitted", "rows", "spread", "source"));
        Document rows = node.find("rows");
        Document spread = node.find("spread");
        return new Rule.Value(
                node.get("value").number(parameter.least(), parameter.most()),
                node.flag("fitted"),
                rows == null ? null : (Integer) (int) rows.whole(0, Integer.MAX_VALUE),
                spread == null ? null : (Double) spread.number(0, MOST_SPREAD),
                node.get("source").text());
    }

    private Map<Choice, String> choices(@Nullable Document node) {
        Map<Choice, String> words = new EnumMap<>(Choice.class);
        if (node == null) {
            return words;
        }
        node.allowOnly(choices);
        for (Map.Entry<String, Document> entry : node.fields().entrySet()) {
            Choice choice = Choice.named(entry.getKey());
            if (choice != null) {
                Document word = entry.getValue();
                words.put(choice, choice.words().isEmpty() ? word.text() : word.word(choice.words()));
            }
        }
        return words;
    }
}
