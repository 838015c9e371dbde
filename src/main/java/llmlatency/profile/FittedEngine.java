package llmlatency.profile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Rule;

/** An engine's profile with fitted parameters put in: what stood in it stays, rules beyond its own follow them. */
public final class FittedEngine {
    private static final MathContext DIGITS = new MathContext(4);

    private FittedEngine() {}

    /**
     * The profile of a fitted engine; what it inherits stays with the profile that it extends.
     *
     * @param profile the profile that it was fitted on top of
     * @param fitted its rules first, in the same order, then new ones
     * @param name the name of the new profile; aliases stay with the old one unless the name does
     */
    public static Profile<Engine> profile(Profile<Engine> profile, Engine fitted, String name) {
        Map<String, Object> tree = new LinkedHashMap<>(plain(profile.node()));
        if (!name.equals(profile.name())) {
            tree.put("title", profile.title() + ", fitted");
            tree.put("aliases", List.of());
        }
        List<Object> rules = new ArrayList<>();
        List<Document> old = profile.node().list("rules");
        List<Rule> own = fitted.ownRules();
        for (int i = 0; i < own.size(); i++) {
            Rule rule = own.get(i);
            rules.add(i < old.size() ? merged(old.get(i), rule) : rule(rule));
        }
        tree.put("rules", rules);
        return EngineProfile.read(name, Document.of(name + ".json", tree), base -> extended(profile, fitted));
    }

    /** What the written profile extends, as far as reading it back needs. */
    private static Profile<Engine> extended(Profile<Engine> profile, Engine fitted) {
        List<Rule> inherited = fitted.rules().subList(0, fitted.inherited());
        return new Profile<>(
                profile.name(), profile.title(), fitted.with(inherited), List.of(), List.of(), profile.node());
    }

    @SuppressWarnings("unchecked") // a document that is an object is a map of names
    private static Map<String, Object> plain(Document node) {
        return (Map<String, Object>) node.plain();
    }

    private static Map<String, Object> merged(Document node, Rule rule) {
        Map<String, Object> tree = new LinkedHashMap<>(plain(node));
        if (node.find("parameters") != null) {
            tree.put("parameters", parameters(rule));
        }
        return tree;
    }

    private static Map<String, Object> rule(Rule rule) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("when", condition(rule.when()));
        tree.put("parameters", parameters(rule));
        return tree;
    }

    private static Map<String, Object> condition(Condition when) {
        Map<String, Object> tree = new LinkedHashMap<>();
        words(tree, "backend", when.backends());
        words(tree, "era", when.eras());
        words(tree, "class", when.classes());
        words(tree, "architecture", when.architectures());
        words(tree, "device", when.devices());
        if (when.fewRows() != null) {
            tree.put("rows", when.fewRows() ? "few" : "many");
        }
        words(tree, "format", when.formats());
        if (when.bitsBelow() != null) {
            tree.put("bits_below", new BigDecimal(when.bitsBelow()));
        }
        if (when.bitsFrom() != null) {
            tree.put("bits_from", new BigDecimal(when.bitsFrom()));
        }
        if (when.flashAttention() != null) {
            tree.put("flash_attention", when.flashAttention());
        }
        words(tree, "structure", when.structures());
        return tree;
    }

    private static void words(Map<String, Object> tree, String key, List<String> words) {
        if (!words.isEmpty()) {
            tree.put(key, words);
        }
    }

    private static Map<String, Object> parameters(Rule rule) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        rule.values().forEach((parameter, value) -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("value", number(value.value()));
            if (value.fitted()) {
                tree.put("fitted", true);
            }
            if (value.rows() != null) {
                tree.put("rows", value.rows());
            }
            if (value.spread() != null) {
                tree.put("spread", number(value.spread()));
            }
            tree.put("source", value.source());
            parameters.put(parameter.key(), tree);
        });
        return parameters;
    }

    private static BigDecimal number(double value) {
        return new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    }
}
