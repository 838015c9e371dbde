package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.engine.Choice;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.profile.Profile;

/** An engine's profile for people: its rules as sentences rather than as a tree. */
final class EngineText {
    private static final List<String> IN_WORDS = List.of("backends", "eras", "rules");

    private EngineText() {}

    /** A value and where it comes from: {@code 0.8 (fit, 195 measurements, spread 0.03)}. */
    static String value(Rule.Value value) {
        StringBuilder text = new StringBuilder(number(value.value()));
        text.append(" (").append(value.source());
        if (value.rows() != null) {
            text.append(", ").append(Decimals.whole(value.rows())).append(" measurements");
        }
        if (value.spread() != null) {
            text.append(", spread ").append(number(value.spread()));
        }
        return text.append(')').toString();
    }

    static String number(double value) {
        return Decimals.machine(value).toPlainString();
    }

    /** The fields of the profile that are no rules. */
    static Map<String, Document> fields(Profile<?> profile) {
        Map<String, Document> fields = profile.node().fields();
        if (profile.value() instanceof Engine engine && engine.expects()) {
            IN_WORDS.forEach(fields::remove);
        }
        return fields;
    }

    /** Backends, eras and rules; nothing for what is no engine with rules. */
    static String text(Profile<?> profile) {
        if (!(profile.value() instanceof Engine engine) || !engine.expects()) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        engine.backends()
                .forEach((name, kinds) -> line(
                        text,
                        "backend " + name + (kinds.isEmpty() ? "" : ": the usual one on " + String.join(", ", kinds))));
        for (Era era : engine.eras()) {
            line(
                    text,
                    "version " + era.name() + ", since " + era.since()
                            + (era.versions().isEmpty() ? "" : ": " + String.join("; ", era.versions())));
        }
        int number = 0;
        for (Rule rule : engine.rules()) {
            text.append('\n');
            line(text, "rule " + ++number + ": " + when(rule.when()));
            for (Map.Entry<Parameter, Rule.Value> entry : rule.values().entrySet()) {
                line(text, "  " + entry.getKey().key() + " " + value(entry.getValue()));
            }
            for (Map.Entry<Choice, String> entry : rule.choices().entrySet()) {
                line(text, "  " + entry.getKey().key() + " " + entry.getValue());
            }
            if (rule.assumption() != null) {
                line(
                        text,
                        "  assumed: " + rule.assumption().what() + ", "
                                + rule.assumption().value() + " ("
                                + rule.assumption().why() + ")");
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(Wording.wrapped(line, "    "));
    }

    /** A condition in words. */
    static String when(Condition when) {
        List<String> parts = new ArrayList<>();
        words(parts, "", when.backends());
        words(parts, "version ", when.eras());
        words(parts, "", when.classes());
        words(parts, "", when.architectures());
        words(parts, "", when.devices());
        if (when.fewRows() != null) {
            parts.add(when.fewRows() ? "few rows" : "many rows");
        }
        words(parts, "", when.formats());
        if (when.bitsFrom() != null) {
            parts.add("from " + number(when.bitsFrom()) + " bits");
        }
        if (when.bitsBelow() != null) {
            parts.add("below " + number(when.bitsBelow()) + " bits");
        }
        if (when.flashAttention() != null) {
            parts.add(when.flashAttention() ? "with flash attention" : "without flash attention");
        }
        words(parts, "", when.structures());
        return parts.isEmpty() ? "always" : String.join("; ", parts);
    }

    private static void words(List<String> parts, String before, List<String> words) {
        if (!words.isEmpty()) {
            parts.add(before + String.join(" or ", words));
        }
    }
}
