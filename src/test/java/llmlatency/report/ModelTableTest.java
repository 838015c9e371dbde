package llmlatency.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmlatency.checkpoint.Inspection;
import llmlatency.document.Document;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.work.NumberFormat;
import org.junit.jupiter.api.Test;

/** The page that lists every shipped model; {@code -Dgolden.update=true} writes it anew. */
class ModelTableTest {
    private static final Path PAGE = Path.of("src/site/markdown/models.md");
    private static final Path PUBLISHED = Path.of("src/test/resources/published-sizes.csv");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());
    private static final int LEAST = 180;

    /** A published count, what it differs by, and why. */
    private record Published(long count, long difference, String reason) {}

    @Test
    void the_page_lists_every_shipped_model_as_computed_now() throws IOException {
        String page = page();
        if (UPDATE) {
            Files.writeString(PAGE, page);
            fail("page rewritten: " + PAGE);
        }
        assertThat(Files.readString(PAGE))
                .as("%s is stale; -Dgolden.update=true writes it anew", PAGE)
                .isEqualTo(page);
    }

    @Test
    void the_page_has_a_row_for_each_of_at_least_180_models() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .toList();
        assertThat(rows).hasSizeGreaterThanOrEqualTo(LEAST).containsExactlyElementsOf(LIBRARY.names(ProfileKind.MODEL));
    }

    private static String page() throws IOException {
        Map<String, Published> published = published();
        List<String> lines = new ArrayList<>(List.of(
                "# Models",
                "",
                "Every model that ships, written by a test from the profiles. *Parameters* are the decoder's unique",
                "weights; *active* are those that one token uses, without the tables that it is looked up in.",
                "*KV bytes* are the growth of a sequence's cache with one token, in 16 bit and before any window is",
                "full; *state bytes* do not grow. A *published* count often holds more than the decoder: *why* names",
                "it, and `llm-latency inspect NAME` prints it piece by piece. How it is counted stands in",
                "[How it counts](how-it-counts.md).",
                "",
                "| model | architecture | parameters | active | KV bytes | state bytes | published | difference | why |",
                "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |"));
        for (String name : LIBRARY.names(ProfileKind.MODEL)) {
            lines.add(row(LIBRARY.model(name), published.get(name)));
        }
        long compared = LIBRARY.names(ProfileKind.MODEL).stream()
                .filter(published::containsKey)
                .count();
        long equal = published.values().stream()
                .filter(size -> size.difference() == 0)
                .count();
        lines.add("");
        lines.add(LIBRARY.names(ProfileKind.MODEL).size() + " models; an exact size is published of " + compared + ": "
                + equal + " are equal, the others differ by what is named.");
        return String.join("\n", lines) + "\n";
    }

    private static String row(Profile<ModelProfile> profile, Published published) {
        NumberFormat cache = LIBRARY.format("bf16").value().format();
        Inspection inspection = Inspection.flat(profile.value().model(), cache, cache, 4096, 16);
        Document architecture = profile.node().find("architecture");
        return "| "
                + String.join(
                        " | ",
                        "`" + profile.name() + "`",
                        architecture == null ? "" : architecture.text(),
                        number(profile.value().model().parameters()),
                        number(profile.value().model().activeParameters()),
                        number(Math.round(inspection.cache().perToken())),
                        number(inspection.cache().constantBytes()),
                        published == null ? "" : number(published.count()),
                        published == null ? "" : number(published.difference()),
                        published == null ? "" : published.reason())
                + " |";
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static Map<String, Published> published() throws IOException {
        Map<String, Published> all = new HashMap<>();
        for (String line : Files.readAllLines(PUBLISHED)
                .subList(1, Files.readAllLines(PUBLISHED).size())) {
            String[] cells = line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1);
            String reason = cells[4].replace("\"", "").replace("|", "\\|");
            all.put(cells[0], new Published(Long.parseLong(cells[1]), Long.parseLong(cells[3]), reason));
        }
        return all;
    }
}
