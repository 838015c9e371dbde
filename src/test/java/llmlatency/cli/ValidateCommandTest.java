package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code validate}: what it counts, keeps and prints, over a table of twelve rows and an engine made up for tests. */
class ValidateCommandTest {
    private static final String FOLDER = "src/test/resources/measured";
    private static final String USUAL = "validate " + FOLDER + "/small.csv --profiles " + FOLDER + "/profiles ";

    private static JsonNode json(String commandLine) {
        Run run = Run.line(commandLine + " --json");
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return run.json();
    }

    @Test
    void json_holds_the_names_of_schema_version_1() {
        JsonNode validation = json(USUAL + "--worst 1");

        assertThat(validation.fieldNames())
                .toIterable()
                .contains(
                        "schema_version",
                        "rows",
                        "used",
                        "skipped",
                        "assumed",
                        "faster_than_floor",
                        "overall",
                        "grouped",
                        "floor",
                        "by",
                        "worst");
        assertThat(List.of(validation.get("overall"), validation.get("grouped")))
                .allSatisfy(figures -> assertThat(figures.fieldNames())
                        .toIterable()
                        .containsExactly(
                                "rows",
                                "groups",
                                "median_error_percent",
                                "mean_error_percent",
                                "p90_error_percent",
                                "bias_percent",
                                "interval_coverage_percent"));
        assertThat(validation.at("/by/0").fieldNames()).toIterable().contains("column", "value", "rows", "groups");
        assertThat(validation.at("/worst/0").fieldNames()).toIterable().contains("column", "value", "rows", "groups");
    }

    @Test
    void every_row_is_used_or_skipped_with_a_reason() {
        JsonNode validation = json(USUAL);
        int skipped = 0;
        for (JsonNode reason : validation.get("skipped")) {
            skipped += reason.get("count").intValue();
        }

        assertThat(validation.get("rows").intValue()).isEqualTo(12);
        assertThat(validation.get("used").intValue()).isEqualTo(8);
        assertThat(skipped).isEqualTo(4);
        assertThat(validation.get("skipped"))
                .extracting(reason -> reason.get("reason").textValue())
                .containsExactlyInAnyOrder(
                        "unknown model: nothing-like-it",
                        "layout does not match",
                        "no expected: engine ideal is the floor itself",
                        "no expected: engine nothing-like-it unknown");
    }

    @Test
    void the_floor_is_held_against_rows_whose_engine_is_not_known() {
        JsonNode validation = json(USUAL + "--by engine");

        assertThat(validation.at("/floor/rows").intValue()).isEqualTo(9);
        assertThat(validation.at("/overall/rows").intValue()).isEqualTo(7);
        assertThat(validation.get("by"))
                .filteredOn(part -> part.get("value").textValue().equals("nothing-like-it"))
                .singleElement()
                .satisfies(part -> {
                    assertThat(part.get("rows").intValue()).isZero();
                    assertThat(part.has("median_error_percent")).isFalse();
                    assertThat(part.at("/floor/rows").intValue()).isEqualTo(1);
                });
    }

    @Test
    void rows_of_low_trust_count_only_when_asked_for() {
        assertThat(json(USUAL).at("/overall/rows").intValue()).isEqualTo(7);
        assertThat(json(USUAL + "--trust any").at("/overall/rows").intValue()).isEqualTo(8);
    }

    @Test
    void a_measurement_that_beats_physics_is_listed() {
        assertThat(json(USUAL).get("faster_than_floor"))
                .extracting(JsonNode::textValue)
                .containsExactly("b3");
    }

    @ParameterizedTest
    @CsvSource({
        "--where engine=steady, 10",
        "--where engine!=steady, 2",
        "--where engine=steady --where gpu=h100*, 2",
        "--where 'source=lab *', 11",
        "--where source=unknown, 1",
        "--where structure=moe, 1",
        "--where id=d*, 4",
        "--where gpu=none, 0",
        "--where 'regime=static batch*', 2"
    })
    void patterns_keep_rows(String options, int rows) {
        assertThat(json(USUAL + options).get("rows").intValue()).isEqualTo(rows);
    }

    @Test
    void groups_of_few_rows_may_be_left_out() {
        JsonNode validation = json(USUAL + "--min-group-rows 3 --worst 9");

        assertThat(validation.at("/overall/rows").intValue()).isEqualTo(4);
        assertThat(validation.at("/grouped/groups").intValue()).isEqualTo(1);
        assertThat(validation.get("worst")).hasSize(1);
    }

    @Test
    void a_table_by_column_shows_figures_over_groups_and_fits_however_long_its_words_are() {
        Run run = Run.line("validate " + FOLDER + "/curated.csv --by source,model");

        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        JsonNode apple = json("validate " + FOLDER + "/curated.csv --by source --where source=ml-explore*");
        double grouped = apple.at("/by/0/grouped/median_error_percent").doubleValue();
        assertThat(grouped).isNotEqualTo(apple.at("/by/0/median_error_percent").doubleValue());
        assertThat(run.out().lines().filter(line -> line.startsWith("ml-explore")))
                .singleElement()
                .satisfies(line -> assertThat(line.split(" +"))
                        .contains(String.format(Locale.ROOT, "%.1f", grouped))
                        .contains(apple.at("/by/0/groups").toString()));
    }

    @Test
    void the_worst_group_comes_first() {
        JsonNode worst = json(USUAL + "--worst 2").get("worst");

        assertThat(worst).hasSize(2);
        assertThat(worst.get(0).get("value").textValue()).isEqualTo("lab b | h100-sxm | mixtral-8x7b-v0.1 | fp16");
        assertThat(worst.get(0).get("median_error_percent").doubleValue())
                .isGreaterThan(worst.get(1).get("median_error_percent").doubleValue());
    }

    @Test
    void the_figures_are_those_of_the_rows(@TempDir Path scratch) throws IOException {
        Path file = scratch.resolve("rows.csv");
        JsonNode validation = json(USUAL + "--trust any --rows " + file);
        List<String> lines = Files.readAllLines(file);
        List<List<String>> rows =
                lines.stream().map(line -> List.of(line.split(",", -1))).toList();
        double sum = 0;
        int used = 0;
        for (List<String> row : rows.subList(1, rows.size())) {
            double measured = Double.parseDouble(row.get(2));
            if (!row.get(4).isEmpty()) {
                double error = 100 * (Double.parseDouble(row.get(4)) - measured) / measured;
                assertThat(Double.parseDouble(row.get(7))).isCloseTo(error, within(1e-4));
                assertThat(Double.parseDouble(row.get(5))).isLessThan(Double.parseDouble(row.get(4)));
                assertThat(Double.parseDouble(row.get(6))).isGreaterThan(Double.parseDouble(row.get(4)));
                assertThat(row.get(8)).isEmpty();
                sum += error;
                used++;
            } else {
                assertThat(row.get(7)).isEmpty();
                assertThat(row.get(8)).isNotEmpty();
            }
            if (!row.get(3).isEmpty()) {
                assertThat(Double.parseDouble(row.get(9)))
                        .isCloseTo(100 * (Double.parseDouble(row.get(3)) - measured) / measured, within(1e-4));
            }
        }

        assertThat(lines.get(0))
                .isEqualTo("id,metric,measured,floor,expected,low,high,error_percent,skipped_because,"
                        + "floor_error_percent,note");
        assertThat(rows).hasSize(13).allSatisfy(row -> assertThat(row).hasSize(11));
        assertThat(validation.at("/overall/bias_percent").doubleValue()).isCloseTo(sum / used, within(1e-4));
        assertThat(lines).anyMatch(line -> line.startsWith("b3,") && line.endsWith(",faster than its floor"));
        assertThat(lines).anyMatch(line -> line.startsWith("c2,") && line.endsWith(",low trust"));
        assertThat(lines).anyMatch(line -> line.startsWith("c1,") && line.endsWith(",assumed lengths"));
    }

    @Test
    void several_files_of_several_forms_are_one_question() {
        JsonNode validation = json("validate " + FOLDER + "/small.csv " + FOLDER + "/llama-bench.json " + FOLDER
                + "/vllm.json -m llama-3.1-8b -g h100-sxm");

        assertThat(validation.get("rows").intValue()).isEqualTo(12 + 2 + 4);
    }

    @Test
    void a_pipe_is_read_where_a_dash_stands_for_a_file() {
        String result = "{\"gpu_info\": \"NVIDIA GeForce RTX 4090\", \"backends\": \"CUDA\", \"model_filename\": \"x\","
                + " \"n_prompt\": 0, \"n_gen\": 128, \"avg_ts\": 50}\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(result.getBytes(StandardCharsets.UTF_8)),
                out,
                new ByteArrayOutputStream(),
                Map.of());

        assertThat(new Program(console).run("validate", "-", "-m", "7b", "--json"))
                .isZero();
        assertThat(Run.json(out.toString(StandardCharsets.UTF_8))
                        .at("/floor/rows")
                        .intValue())
                .isEqualTo(1);
    }

    @Test
    void rows_that_no_pattern_keeps_are_an_answer_without_figures() {
        Run run = Run.line(USUAL + "--where gpu=none");

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("0 rows: ");
    }

    @ParameterizedTest
    @CsvSource({
        "validate, name a file",
        "validate nowhere.csv, there is no file nowhere.csv",
        "validate src, is a folder",
        USUAL + "--trust low, 'high, any'",
        USUAL + "--by colour, 'columns: source, engine'",
        USUAL + "--by gpu;model, no column",
        USUAL + "--by regim, did you mean regime",
        USUAL + "--where gpu, COLUMN=PATTERN",
        USUAL + "--where =x, COLUMN=PATTERN",
        USUAL + "--where gpu=, COLUMN=PATTERN",
        USUAL + "--where colour=red, --where: no column",
        USUAL + "--worst -1, --worst",
        USUAL + "--min-group-rows 0, --min-group-rows",
        USUAL + "-f markdown, 'table, json, csv'",
        USUAL + "--rows /nowhere/rows.csv, --rows /nowhere/rows.csv cannot be written",
        "validate src/test/resources/measured/vllm.json, --gpu NAME"
    })
    void a_wrong_question_says_what_to_type(String commandLine, String message) {
        Run run = Run.line(commandLine);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("llm-latency: ").contains(message);
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
    }
}
