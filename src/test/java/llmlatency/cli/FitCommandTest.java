package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FitCommandTest {
    private static final String MEASURED = "src/test/resources/measured/";
    private static final String TIMES = MEASURED + "times.csv";
    private static final String PROFILES = " --profiles " + MEASURED + "profiles ";
    private static final String FIT = "fit " + MEASURED + "fit.csv -e tuned" + PROFILES;
    private static final String ESTIMATE = "estimate -m llama-3.1-8b -g rtx4090 -d fp16 --json -e ";

    @TempDir
    Path folder;

    private Map<String, String> home() {
        return Map.of("XDG_CONFIG_HOME", folder.toString());
    }

    private Run atHome(String commandLine) {
        return Run.in(home(), Run.words(commandLine));
    }

    private Path own(String name) {
        return folder.resolve("llm-latency/profiles/engines/" + name + ".json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--whole-profile --leave-out gpu"})
    void what_is_saved_fits_the_schema_and_answers_by_its_name(String options) throws IOException {
        Run saved = atHome(FIT + options + " --save mine");
        assertThat(saved.code()).as(saved.err()).isZero();
        assertThat(saved.err()).contains("saved as " + own("mine"));

        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .createValidator();
        URI schema = validator.registerSchema(Files.readString(Path.of("profiles/schemas/engine.schema.json")));
        assertThat(validator.validate(schema, Files.readString(own("mine"))).getErrors())
                .extracting(error -> error.getInstanceLocation() + " " + error.getError())
                .isEmpty();

        Run answer = atHome(ESTIMATE + "mine");
        assertThat(answer.code()).as(answer.err()).isZero();
        assertThat(atHome("list engines mine").out()).contains("mine");
        assertThat(atHome("show engine mine --json").code()).isZero();
    }

    @Test
    void a_fitted_profile_answers_nearer_to_what_was_measured() {
        assertThat(atHome(FIT + "--save mine").code()).isZero();
        double before = tpot(atHome(ESTIMATE + "tuned" + PROFILES));
        double after = tpot(atHome(ESTIMATE + "mine"));

        // All decode rows of that card took about a quarter longer than the profile says.
        assertThat(after / before).isBetween(1.15, 1.35);
    }

    private static double tpot(Run run) {
        assertThat(run.code()).as(run.err()).isZero();
        return run.json().at("/expected/tpot_ms").doubleValue();
    }

    @Test
    void a_profile_of_a_shipped_name_is_saved_only_by_force_and_wins_then() throws IOException {
        String named = FIT + "--save vllm";
        Run refused = atHome(named);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("there is an engine named 'vllm' already", "--force");
        assertThat(own("vllm")).doesNotExist();
        double shipped = tpot(atHome(ESTIMATE + "vllm"));

        assertThat(atHome(named + " --force").code()).isZero();
        assertThat(own("vllm")).isRegularFile();
        assertThat(atHome("show engine vllm").out()).contains("fitted");
        assertThat(tpot(atHome(ESTIMATE + "vllm"))).isNotCloseTo(shipped, within(1e-6));
    }

    @Test
    void a_saved_profile_is_replaced_only_by_force() throws IOException {
        assertThat(atHome(FIT + "--save mine").code()).isZero();
        String before = Files.readString(own("mine"));
        assertThat(atHome(FIT + "--where gpu=h100* --save mine").code()).isEqualTo(2);
        assertThat(Files.readString(own("mine"))).isEqualTo(before);

        assertThat(atHome(FIT + "--where gpu=h100* --save mine --force").code()).isZero();
        assertThat(Files.readString(own("mine"))).isNotEqualTo(before).contains("h100-sxm");
    }

    @Test
    void a_profile_written_to_a_file_is_the_one_that_is_saved() throws IOException {
        Path file = folder.resolve("out.json");
        assertThat(atHome(FIT + "--save mine --profile-out " + file).code()).isZero();

        assertThat(Files.readString(file)).isEqualTo(Files.readString(own("mine")));
    }

    @Test
    void rows_are_kept_by_pattern_and_left_out_by_fold() {
        JsonNode fit = Run.line(FIT + "--where source='lab a' --leave-out model,gpu --json")
                .json();

        assertThat(fit.get("rows").intValue()).isEqualTo(10);
        assertThat(fit.get("groups").intValue()).isEqualTo(2);
        List<String> folds = new ArrayList<>();
        fit.get("out_of_fold").fieldNames().forEachRemaining(folds::add);
        assertThat(folds).containsExactlyInAnyOrder("gpu", "model");
        assertThat(fit.at("/fitted/median_error_percent").doubleValue())
                .isLessThan(fit.at("/before/median_error_percent").doubleValue() / 2);
    }

    @Test
    void a_table_of_times_gives_its_line_and_how_near_it_is_to_light() {
        JsonNode line =
                Run.line("fit " + TIMES + " -m 7b -g rtx4090 -d fp16 --json").json();
        double floor = Run.line("estimate -m 7b -g rtx4090 -d fp16 -e ideal -p 512 -n 12 --json")
                .json()
                .at("/floor/tpot_ms")
                .doubleValue();

        assertThat(line.get("points").intValue()).isEqualTo(12);
        assertThat(line.get("k_ms").doubleValue()).isCloseTo(17.2, within(0.05));
        assertThat(line.get("b_ms").doubleValue()).isCloseTo(62, within(0.3));
        assertThat(line.get("speed_of_light_percent").doubleValue())
                .isCloseTo(100 * floor / line.get("k_ms").doubleValue(), within(0.01));
        assertThat(Run.line("fit " + TIMES + " --json").json().has("speed_of_light_percent"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "fit -e tuned | name a file",
                "fit nowhere.csv -e llama.cpp | there is no file nowhere.csv",
                "fit src -e llama.cpp | is a folder",
                "fit " + MEASURED + "fit.csv | give --engine NAME",
                "fit " + MEASURED + "fit.csv -e nothing-like-it | llm-latency list engines",
                "fit " + MEASURED + "fit.csv -e llama.cp | did you mean",
                "fit " + MEASURED + "fit.csv -e ideal | engine ideal has no parameters to fit",
                "fit " + MEASURED + "fit.csv -e vllm | none of the rows is of vllm",
                FIT + "--leave-out engine | without the rows of tuned nothing is left to fit",
                FIT + "--leave-out moon | --leave-out: 'moon' is none of gpu, model, source",
                FIT + "--leave-out gpu,moon | 'moon' is none of gpu, model, source",
                FIT + "--where gpu | --where: 'gpu' is not COLUMN=PATTERN",
                FIT + "--where colour=red | --where: no column 'colour'",
                FIT + "--where gpu=none | none of the rows is of tuned",
                FIT + "-f csv | table, json",
                FIT + "--save Mine | a profile's name is of lower-case letters",
                FIT + "--save mine | --save needs a home",
                FIT + "--profile-out /nowhere/out.json | --profile-out /nowhere/out.json cannot be written"
            })
    void a_wrong_question_says_what_to_type(String commandLine, String message) {
        Run run = Run.line(commandLine);

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("llm-latency: ")
                .contains(message)
                .doesNotContain("Exception", "\tat ", "null");
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
    }
}
