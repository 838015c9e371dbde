package llmlatency.profile;

import java.util.ArrayList;
import java.util.List;
import llmlatency.document.Document;
import llmlatency.units.Assumption;
import llmlatency.units.Source;

/**
 * A profile as it was read: what it describes, and where its figures come from.
 *
 * @param name its name
 * @param title its name for people
 * @param value what it describes
 * @param sources where its figures come from
 * @param assumptions figures that no source states
 * @param node the document
 * @param <T> what it describes
 */
public record Profile<T>(
        String name, String title, T value, List<Source> sources, List<Assumption> assumptions, Document node) {
    /** Fields that every kind has. */
    static final List<String> COMMON = List.of("title", "aliases", "ambiguous", "notes", "assumptions", "sources");

    static <T> Profile<T> of(String name, Document node, T value) {
        List<Source> sources =
                node.get("sources").items().stream().map(Profile::source).toList();
        if (sources.isEmpty()) {
            throw node.get("sources").refuse("a profile needs at least one source");
        }
        List<Assumption> assumptions =
                node.list("assumptions").stream().map(Profile::assumption).toList();
        node.list("aliases").forEach(Document::text);
        return new Profile<>(name, node.get("title").text(), value, sources, assumptions, node);
    }

    /** The same profile, resting on these sources as well. */
    Profile<T> with(List<Source> more) {
        List<Source> all = new ArrayList<>(sources);
        for (Source source : more) {
            if (!all.contains(source)) {
                all.add(source);
            }
        }
        return new Profile<>(name, title, value, all, assumptions, node);
    }

    static Source source(Document node) {
        node.allowOnly(List.of("title", "url", "kind"));
        Document url = node.find("url");
        return new Source(
                node.get("title").text(),
                url == null ? null : url.text(),
                node.get("kind").choice(Source.Kind.values()));
    }

    static Assumption assumption(Document node) {
        node.allowOnly(List.of("what", "value", "why"));
        return new Assumption(
                node.get("what").text(),
                node.get("value").text(),
                node.get("why").text());
    }
}
