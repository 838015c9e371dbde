package llmlatency.checkpoint;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import llmlatency.units.Refusal;

/**
 * Finds fields of a config that speak of structure and that its architecture neither uses nor names as harmless. A
 * number that we do not understand would make the count wrong without anybody noticing.
 */
final class UnknownFields {
    private static final Pattern STRUCTURAL = Pattern.compile(
            "(^|.*_)(num|n|size|sizes|dim|dims|rank|head|heads|layer|layers|expert|experts|width|window|ratio|ratios|topk"
                    + "|groups|interval|period|offset|pattern|channels|kernel)(_.*|$)");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z_0-9.]*");

    private UnknownFields() {}

    /** Refuses a config with such a field. */
    static void refuse(Document config, Document architecture) {
        Set<String> known = new HashSet<>();
        collect(architecture, known);
        Document text = ConfigFields.textPart(config);
        check(text == null ? config : text, architecture, known);
    }

    private static void check(Document part, Document architecture, Set<String> known) {
        part.fields().forEach((name, node) -> {
            boolean counts = !node.isNull() && (node.plain() instanceof Number || node.isList());
            if (counts && STRUCTURAL.matcher(name).matches() && !known.contains(name) && !ignored(name, architecture)) {
                throw new Refusal(
                        part.file() + ": the field '" + name + "' is not understood for this model type",
                        "if it changes no size, add it to 'ignores' of " + architecture.file());
            }
        });
    }

    private static boolean ignored(String name, Document architecture) {
        for (Document pattern : architecture.list("ignores")) {
            String text = pattern.text();
            boolean prefix = text.endsWith("*") && name.startsWith(text.substring(0, text.length() - 1));
            if (prefix || text.equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** All words of all expressions. */
    private static void collect(Document node, Set<String> words) {
        if (node.isObject()) {
            node.fields().forEach((key, value) -> {
                words.add(key);
                collect(value, words);
            });
        } else if (node.isList()) {
            node.items().forEach(item -> collect(item, words));
        } else if (node.plain() instanceof String text) {
            var matcher = WORD.matcher(text);
            while (matcher.find()) {
                words.add(matcher.group());
                words.add(matcher.group().split("\\.", -1)[0]);
            }
        }
    }
}
