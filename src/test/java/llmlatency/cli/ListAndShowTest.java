package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code list} and {@code show}: which names are known, and what about one of them. */
class ListAndShowTest {
    private static Run answered(String commandLine) {
        Run run = Run.line(commandLine);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return run;
    }

    private static List<String> names(String list) {
        return answered(list + " --json").json().get("items").findValuesAsText("name");
    }

    @ParameterizedTest
    @CsvSource({"models, mistral-7b-v0.1", "gpus, rtx4090", "formats, q4_k_m", "engines, ideal"})
    void every_kind_is_listed_by_name_in_order(String kind, String one) {
        JsonNode answer = answered("list " + kind + " -f json").json();

        assertThat(answer.get("schema_version").intValue()).isEqualTo(1);
        assertThat(answer.get("kind").textValue()).isEqualTo(kind);
        assertThat(answer.get("items").findValuesAsText("name"))
                .contains(one)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(answer.get("items"))
                .allSatisfy(item -> assertThat(item.get("title").textValue()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "gpus", "GPUs", "Gpu"})
    void a_kind_may_be_singular_or_plural_in_any_case(String kind) {
        assertThat(names("list " + kind)).contains("rtx4090");
        assertThat(answered("show " + kind + " rtx4090 --json")
                        .json()
                        .get("kind")
                        .textValue())
                .isEqualTo("gpus");
    }

    @ParameterizedTest
    @CsvSource({
        "rtx4090, rtx4090",
        "RTX4090, rtx4090",
        "'rtx40*', rtx4060",
        "'*4090', rtx4090",
        "'rtx*-super', rtx4080-super",
        "'RTX 4090', rtx4090",
        "'r*40*0', rtx4090"
    })
    void a_pattern_finds_names_and_titles_in_any_case(String pattern, String found) {
        assertThat(names("list gpus '" + pattern + "'")).contains(found).doesNotContain("h100-sxm");
    }

    @ParameterizedTest
    @CsvSource({"'rtx4090*', l4", "'*4090', rtx4090-laptop", "'rtx4090*x', rtx4090", "'4090*', rtx4090d"})
    void a_pattern_with_a_star_leaves_out_what_is_not_wholly_of_its_form(String pattern, String other) {
        JsonNode items = Run.line("list gpus '" + pattern + "' --json").json().get("items");

        assertThat(items.findValuesAsText("name")).doesNotContain(other);
    }

    @Test
    void a_star_alone_finds_all() {
        assertThat(names("list gpus '*'")).isEqualTo(names("list gpus")).hasSizeGreaterThan(100);
    }

    @Test
    void a_list_of_nothing_is_empty_and_says_so_on_stderr() {
        Run run = Run.line("list gpus no-such-thing --json");

        assertThat(run.code()).isZero();
        assertThat(run.json().get("items")).isEmpty();
        assertThat(run.err()).startsWith("llm-latency: no GPU matches 'no-such-thing'");
        assertThat(Run.line("list gpus no-such-thing -f ndjson").out()).isEmpty();
    }

    @Test
    void every_format_of_a_list_has_the_same_names() {
        List<String> names = names("list gpus 'rtx40*'");

        Run lines = answered("list gpus 'rtx40*' -f ndjson");
        assertThat(lines.out().lines().map(line -> Run.json(line).get("name").textValue()))
                .isEqualTo(names);
        assertThat(answered("list gpus 'rtx40*' -f csv").csv().stream().skip(1).map(row -> row.get(0)))
                .isEqualTo(names);
        assertThat(answered("list gpus 'rtx40*'").out().lines().skip(1).map(line -> line.split(" ")[0]))
                .isEqualTo(names);
        assertThat(answered("list gpus 'rtx40*' -f markdown")
                        .out()
                        .lines()
                        .skip(2)
                        .map(line -> line.split(" ")[1]))
                .isEqualTo(names);
    }

    @Test
    void an_item_without_a_figure_leaves_it_out() {
        JsonNode item =
                answered("list gpus ryzen-7950x --json").json().get("items").get(0);

        assertThat(item.get("bandwidth_gb_per_s").doubleValue()).isPositive();
        assertThat(item.has("memory_bytes")).isFalse();
        assertThat(answered("list gpus ryzen-7950x -f csv").csv().get(1)).contains("");
    }

    @Test
    void figures_of_a_list_are_those_of_an_estimate() {
        JsonNode item = answered("list models mistral-7b-v0.1 --json")
                .json()
                .get("items")
                .get(0);
        JsonNode model = answered("estimate -m 7b -g rtx4090 --json").json().get("model");

        assertThat(item.get("parameters")).isEqualTo(model.get("parameters"));
        assertThat(item.get("active_parameters")).isEqualTo(model.get("active_parameters"));
    }

    static Stream<String> profiles() {
        return Stream.of("gpu rtx4090", "model 7b", "format q4_k_m", "engine ideal");
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void a_profile_is_shown_with_its_sources_in_every_format(String profile) {
        JsonNode json = answered("show " + profile + " -f json").json();
        String title = json.get("title").textValue();

        assertThat(json.get("schema_version").intValue()).isEqualTo(1);
        assertThat(json.get("sources")).isNotEmpty();
        assertThat(answered("show " + profile + " -f ndjson").json()).isEqualTo(json);
        assertThat(answered("show " + profile + " -f ndjson").out())
                .endsWith("}\n")
                .containsOnlyOnce("\n");
        for (String format : List.of("table", "csv", "markdown")) {
            assertThat(answered("show " + profile + " -f " + format).out())
                    .contains(title, "sources[0].title", json.get("name").textValue());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model 7b, mistral-7b-v0.1",
        "gpu 'RTX 4090', rtx4090",
        "model mistralai/Mistral-7B-v0.1, mistral-7b-v0.1"
    })
    void an_alias_shows_the_profile_it_stands_for(String alias, String name) {
        assertThat(answered("show " + alias + " --json").json().get("name").textValue())
                .isEqualTo(name);
    }
}
