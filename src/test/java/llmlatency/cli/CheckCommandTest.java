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
import java.util.Map;
import llmlatency.estimate.Metric;
import llmlatency.study.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check}: exit code 0 if the budget is kept, 1 if it is broken, 2 if nobody can tell. */
class CheckCommandTest {
    private static final String USUAL =
            "check -m 7b -g rtx4090 -d fp16 -e ideal "; // b = 22.1 ms, k = 14.18 ms, 70.5 tok/s
    private static final String EXPECTING =
            "check -m 7b -g rtx4090 -d fp16 -e llama.cpp --profiles src/test/resources/overlay ";
    private static final String TOO_LARGE = "check -m llama-3.1-70b -g rtx4090 -e ideal --max-tpot 10s ";
    private static final String UNKNOWN_MEMORY = "check -m 7b -g ryzen-7950x --max-tpot 10s ";

    private static JsonNode json(String commandLine, int code) {
        Run run = Run.line(commandLine + " --json");
        assertThat(run.code()).as(run.err()).isEqualTo(code);
        return run.json();
    }

    @ParameterizedTest
    @CsvSource({
        "--max-ttft 22.2ms, 0",
        "--max-ttft 22ms, 1",
        "--max-ttft 0.0222s, 0",
        "--max-tpot 14.2ms, 0",
        "--max-tpot 14.1ms, 1",
        "--max-tpot 14200us, 0",
        "--max-total 1.83s, 0",
        "--max-total 1.82s, 1",
        "--min-tokens-per-second 70.5, 0",
        "--min-tokens-per-second 71, 1",
        "--max-ttft 1s --max-tpot 1s --max-total 10s --min-tokens-per-second 1, 0",
        "--max-ttft 1s --max-tpot 1ms --max-total 10s --min-tokens-per-second 1, 1"
    })
    void the_exit_code_says_whether_every_limit_is_kept_in_every_format(String limits, int code) {
        Run table = Run.line(USUAL + limits);
        JsonNode verdict = json(USUAL + limits, code);

        assertThat(table.code()).isEqualTo(code);
        assertThat(table.err()).isEmpty();
        assertThat(table.out()).startsWith(code == 0 ? "KEPT" : "FAILED");
        assertThat(verdict.get("kept").booleanValue()).isEqualTo(code == 0);
    }

    @Test
    void json_holds_the_names_of_schema_version_1() {
        JsonNode verdict = json(USUAL + "--max-tpot 20ms --min-tokens-per-second 50", 0);
        JsonNode deployment = verdict.get("deployments").get(0);

        assertThat(verdict.get("schema_version").intValue()).isEqualTo(1);
        assertThat(verdict.get("against").textValue()).isEqualTo("floor");
        assertThat(verdict.get("version").textValue()).isNotEmpty();
        assertThat(verdict.get("deployments")).hasSize(1);
        assertThat(deployment.get("name").textValue()).isNotEmpty();
        assertThat(deployment.get("kept").booleanValue()).isTrue();
        assertThat(deployment.get("fits").booleanValue()).isTrue();
        assertThat(deployment.get("limits"))
                .hasSize(2)
                .allSatisfy(limit -> assertThat(limit.fieldNames())
                        .toIterable()
                        .contains("metric", "limit", "value", "kept", "margin_percent"));
    }

    @Test
    void the_estimate_within_a_verdict_is_the_estimate() {
        JsonNode verdict = json(USUAL + "--max-tpot 20ms", 0);

        assertThat(verdict.at("/deployments/0/estimate"))
                .isEqualTo(Run.line("estimate -m 7b -g rtx4090 -d fp16 -e ideal --json")
                        .json());
        assertThat(verdict.at("/deployments/0/limits/0/value"))
                .isEqualTo(verdict.at("/deployments/0/estimate/floor/tpot_ms"));
    }

    @ParameterizedTest
    @CsvSource({
        "--max-tpot 28.366978ms, 50", "--max-tpot 7.0917445ms, -100",
        "--min-tokens-per-second 35.252257, 100", "--min-tokens-per-second 141.009028, -50"
    })
    void the_margin_is_a_share_of_the_limit_and_positive_when_kept(String limit, double margin) {
        JsonNode outcome = json(USUAL + limit, margin > 0 ? 0 : 1).at("/deployments/0/limits/0");

        assertThat(outcome.get("margin_percent").doubleValue()).isCloseTo(margin, within(1e-4));
        assertThat(outcome.get("kept").booleanValue()).isEqualTo(margin > 0);
    }

    @ParameterizedTest
    @CsvSource({"TPOT, 14.1, true", "TPOT, 14.2, true", "TPOT, 14.3, false", "TOKENS_PER_SECOND, 14.1, false"})
    void a_value_equal_to_the_limit_is_kept(Metric metric, double value, boolean kept) {
        assertThat(new Limit.Outcome(new Limit(metric, 14.2), value).kept()).isEqualTo(kept);
        assertThat(new Limit.Outcome(new Limit(metric, value), value).kept()).isTrue();
        assertThat(new Limit.Outcome(new Limit(metric, value), value).marginPercent())
                .isZero();
    }

    @Test
    void a_misfit_breaks_the_budget_unless_it_is_allowed() {
        assertThat(Run.line(TOO_LARGE).code()).isEqualTo(1);
        assertThat(Run.line(TOO_LARGE).out()).startsWith("FAILED").contains("does not fit: needs 132.");
        assertThat(json(TOO_LARGE, 1).at("/deployments/0/fits").booleanValue()).isFalse();
        assertThat(json(TOO_LARGE, 1).at("/deployments/0/limits/0/kept").booleanValue())
                .isTrue();
        assertThat(Run.line(TOO_LARGE + "--allow-misfit").code()).isZero();
        assertThat(json(TOO_LARGE + "--allow-misfit", 0)
                        .at("/deployments/0/fits")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void allowing_a_misfit_does_not_excuse_a_broken_limit() {
        assertThat(Run.line("check -m llama-3.1-70b -g rtx4090 --max-tpot 1ms --allow-misfit")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void an_unknown_memory_size_is_a_question_back() {
        Run run = Run.line(UNKNOWN_MEMORY);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("llm-latency: no memory size is known for ryzen-7950x; give --memory\n");
        assertThat(Run.line(UNKNOWN_MEMORY + "--memory 64GiB").code()).isZero();
    }

    @Test
    void an_unknown_memory_size_does_not_matter_where_a_misfit_is_allowed() {
        assertThat(json(UNKNOWN_MEMORY + "--allow-misfit", 0)
                        .at("/deployments/0")
                        .has("fits"))
                .isFalse();
        assertThat(Run.line(UNKNOWN_MEMORY + "--allow-misfit").out()).startsWith("KEPT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--max-tpot 20ms", "--min-tokens-per-second 50"})
    void a_limit_on_what_a_single_token_does_not_have_is_refused(String limit) {
        Run run = Run.line(USUAL + "-n 1 " + limit);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("single output token");
        assertThat(Run.line(USUAL + "-n 1 --max-ttft 30ms").code()).isZero();
    }

    @Test
    void a_warning_goes_to_stderr_and_leaves_the_verdict() {
        Run run = Run.line("check -m 7b -g rtx4090 -p 40000 --max-tpot 20ms --json");

        assertThat(run.code()).isZero();
        assertThat(run.err()).startsWith("llm-latency: warning: ");
        assertThat(run.json().get("kept").booleanValue()).isTrue();
    }

    @Test
    void a_batch_is_held_against_its_common_speed() {
        assertThat(Run.line(USUAL + "-b 8 --min-tokens-per-second 400").code()).isZero();
        assertThat(Run.line(USUAL + "-b 1 --min-tokens-per-second 400").code()).isEqualTo(1);
    }

    @Test
    void what_is_expected_is_held_by_default_and_the_floor_where_nothing_is_expected() {
        assertThat(json(EXPECTING + "--max-tpot 100ms", 0).get("against").textValue())
                .isEqualTo("expected");
        assertThat(json(USUAL + "--max-tpot 100ms", 0).get("against").textValue())
                .isEqualTo("floor");
        assertThat(Run.line(USUAL + "--max-tpot 100ms").out()).contains("the floor is held to it");
    }

    @Test
    void each_value_can_be_chosen_and_the_bad_end_is_the_worse_one_for_every_metric() {
        String limits = "--max-tpot 1s --min-tokens-per-second 1 --max-cost 100 --max tpot_last_ms=1000"
                + " --min end_to_end_tokens_per_second=1";
        JsonNode expected = json(EXPECTING + limits, 0).at("/deployments/0/limits");
        JsonNode bad = json(EXPECTING + limits + " --against pessimistic", 0).at("/deployments/0/limits");
        JsonNode floor = json(EXPECTING + limits + " --against floor", 0).at("/deployments/0/limits");

        for (int i = 0; i < expected.size(); i++) {
            boolean upper = expected.get(i).get("direction").textValue().equals("max");
            double sign = upper ? 1 : -1;
            assertThat(sign * value(bad, i)).isGreaterThan(sign * value(expected, i));
            assertThat(sign * value(expected, i)).isGreaterThan(sign * value(floor, i));
            assertThat(value(bad, i))
                    .isEqualTo(bad.get(i).get(upper ? "high" : "low").doubleValue());
            assertThat(value(floor, i)).isEqualTo(expected.get(i).get("floor").doubleValue());
        }
    }

    private static double value(JsonNode limits, int index) {
        return limits.get(index).get("value").doubleValue();
    }

    @Test
    void a_limit_within_the_interval_is_kept_in_doubt() {
        JsonNode limit = json(EXPECTING + "--max-tpot 1s", 0).at("/deployments/0/limits/0");
        double between = (limit.get("value").doubleValue() + limit.get("high").doubleValue()) / 2;
        Run doubtful = Run.line(EXPECTING + "--max-tpot " + between + "ms");

        assertThat(doubtful.code()).isZero();
        assertThat(doubtful.out()).contains(" ok? ").contains("crosses the limit");
        assertThat(json(EXPECTING + "--max-tpot " + between + "ms", 0)
                        .at("/deployments/0/limits/0/certain")
                        .booleanValue())
                .isFalse();
        assertThat(Run.line(EXPECTING + "--max-tpot " + between + "ms --against pessimistic")
                        .code())
                .isEqualTo(1);
        assertThat(Run.line(EXPECTING + "--max-tpot " + between + "ms -f github")
                        .out())
                .startsWith("::warning ");
    }

    @Test
    void a_limit_that_the_floor_breaks_no_engine_can_keep() {
        JsonNode limit = json(EXPECTING + "--max-tpot 1ms", 1).at("/deployments/0/limits/0");

        assertThat(limit.get("floor_breaks").booleanValue()).isTrue();
        assertThat(limit.get("certain").booleanValue()).isTrue();
        assertThat(Run.line(EXPECTING + "--max-tpot 1ms").out()).contains("no engine can keep it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max tpot_lats=3|there is no figure 'tpot_lats'; did you mean tpot_last_ms",
                "--max tpot_ms=fast|--max tpot_ms: 'fast' is not a number above zero",
                "--max load.tpot_ms=5|give --concurrency or --request-rate",
                "--max-tpot 5ms --against best|--against 'best' is none of expected, pessimistic, floor",
                "--max-tpot 5ms --against expected|nothing is expected beyond the floor",
                "--max-tpot 5ms --against pessimistic|nothing is expected beyond the floor",
                "--max-tpot 5ms --max-regression 5|give --baseline FILE",
                "--max-tpot 5ms --baseline none.json|there is no file none.json",
                "--max-tpot 5ms -f csv|is none of table, json, markdown, junit, github",
                "none.json|there is no budget file none.json",
                "--max-cost cheap|--max-cost: 'cheap' is not a number above zero"
            })
    void a_wrong_question_is_refused(String options, String message) {
        Run run = Run.line(USUAL + options);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
    }

    @Test
    void what_is_wrong_in_a_budget_file_is_said_with_its_place() throws IOException {
        assertThat(
                        budget(
                                "{\"name\": \"a\", \"model\": \"7b\", \"gpu\": \"rtx409\", \"limits\": {\"max_tpot\": \"1s\"}}"))
                .contains(".json, line 1, a: no GPU named 'rtx409'; did you mean rtx4090");
        assertThat(budget("{\"name\": \"a\", \"model\": \"7b\", \"gpu\": \"l4\"}"))
                .contains("a: check what?");
        assertThat(budget("{\"name\": \"a\", \"model\": \"7b\", \"gpu\": \"l4\", \"limits\": {\"max_tpott\": 1}}"))
                .contains("field deployments[0].limits.max_tpott: unknown field")
                .contains("did you mean max_tpot");
        assertThat(budget("{\"name\": \"a\"}, {\"name\": \"a\"}")).contains("another deployment is named 'a'");
        assertThat(budget("{\"name\": \"a\", \"gpus\": [1, 2]}")).contains("deployments[0].gpus: expected a text");
    }

    private static String budget(String deployments) throws IOException {
        Path file = Files.createTempFile("budget", ".json");
        try {
            Files.writeString(file, "{\"deployments\": [" + deployments + "]}");
            Run run = Run.of("check", file.toString());
            assertThat(run.code()).isEqualTo(2);
            return run.err();
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void deployments_inherit_the_defaults_and_options_beside_the_file_win() {
        String file = "check src/test/resources/budgets/three.json --profiles src/test/resources/overlay --json";
        JsonNode three = Run.line(file).json();
        JsonNode other = Run.line(file + " --prompt-tokens 100 --max-tpot 1s").json();

        assertThat(three.get("deployments"))
                .extracting(item -> item.at("/estimate/question/prompt_tokens").longValue())
                .containsOnly(1024L);
        assertThat(three.at("/deployments/0/limits"))
                .anyMatch(limit -> limit.get("metric").textValue().equals("tpot_ms")
                        && limit.get("limit").doubleValue() == 20);
        assertThat(other.get("deployments"))
                .extracting(item -> item.at("/estimate/question/prompt_tokens").longValue())
                .containsOnly(100L);
        assertThat(other.get("kept").booleanValue()).isTrue();
    }

    @Test
    void one_verdict_has_the_same_bytes_every_time() {
        String file = "check src/test/resources/budgets/three.json --json";

        assertThat(Run.line(file).out()).isEqualTo(Run.line(file).out());
    }

    @Test
    void the_same_question_and_estimator_move_nothing(@TempDir Path folder) {
        String file = "check src/test/resources/budgets/three.json ";
        String old = folder.resolve("old.json").toString();
        Run.line(file + "--json -o " + old);
        JsonNode verdict =
                Run.line(file + "--json --max-regression 0 --baseline " + old).json();

        assertThat(verdict.at("/baseline/estimator")).isEmpty();
        assertThat(verdict.at("/baseline/question")).isEmpty();
        assertThat(verdict.get("changes")).hasSize(7).allSatisfy(move -> {
            assertThat(move.get("change_percent").doubleValue()).isZero();
            assertThat(move.get("regression").booleanValue()).isFalse();
        });
    }

    @Test
    void a_changed_question_and_a_changed_estimator_are_told_apart(@TempDir Path folder) throws IOException {
        String overlay = " --profiles src/test/resources/overlay ";
        String old = folder.resolve("old.json").toString();
        String edge = "check -m llama-3.1-8b -g rtx4090 -e llama.cpp --max-tpot 1s --allow-misfit --json ";
        Run.line(edge + overlay + "-o " + old);
        JsonNode question =
                Run.line(edge + overlay + "-d q8_0 --baseline " + old).json();
        Files.createDirectories(folder.resolve("engines"));
        String slower = Files.readString(Path.of("src/test/resources/overlay/engines/llama.cpp.json"))
                .replace("\"value\": 0.9,", "\"value\": 0.6,");
        Files.writeString(folder.resolve("engines/llama.cpp.json"), slower);
        String changed = edge + " --max-regression 1% --baseline " + old + " --profiles " + folder + " ";
        JsonNode estimator = Run.line(changed).json();
        Run both = Run.line(changed + "-d fp32");

        assertThat(question.at("/baseline/estimator")).isEmpty();
        assertThat(question.at("/changes/0/by_estimator_percent").doubleValue()).isZero();
        assertThat(question.at("/changes/0/by_question_percent").doubleValue())
                .isCloseTo(question.at("/changes/0/change_percent").doubleValue(), within(1e-5));
        assertThat(estimator.at("/baseline/question")).isEmpty();
        assertThat(estimator.at("/baseline/estimator")).hasSize(1);
        assertThat(estimator.at("/baseline/estimator/0").textValue()).isEqualTo("profile engines/llama.cpp");
        assertThat(estimator.at("/changes/0/change_percent").doubleValue()).isGreaterThan(10);
        assertThat(estimator.at("/changes/0/by_question_percent").doubleValue()).isZero();
        assertThat(estimator.at("/changes/0/regression").booleanValue()).isFalse();
        assertThat(both.code()).isEqualTo(1);
        JsonNode move = both.json().at("/changes/0");
        assertThat(move.get("by_question_percent").doubleValue()).isGreaterThan(10);
        assertThat(move.get("by_estimator_percent").doubleValue()).isGreaterThan(10);
        assertThat(move.get("by_question_percent").doubleValue()
                        + move.get("by_estimator_percent").doubleValue())
                .isCloseTo(move.get("change_percent").doubleValue(), within(1e-4));
        assertThat(move.get("regression").booleanValue()).isTrue();
        assertThat(both.json().at("/deployments/0/kept").booleanValue()).isTrue();
    }

    @Test
    void profiles_of_the_users_own_are_named_and_can_be_left_out(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("gpus"));
        Files.writeString(
                folder.resolve("gpus/mine.json"),
                Files.readString(Path.of("profiles/gpus/l4.json"))
                        .replaceFirst("\"aliases\": \\[[^]]*]", "\"aliases\": [\"NVIDIA H100 80GB HBM3\"]"));
        Map<String, String> environment = Map.of("LLM_LATENCY_PROFILES", folder.toString());
        String question = "check -m 7b -g 'NVIDIA H100 80GB HBM3' -e ideal --max-tpot 1s --json";
        JsonNode mine = Run.in(environment, Run.words(question)).json();
        JsonNode pure =
                Run.in(environment, Run.words(question + " --no-user-profiles")).json();

        assertThat(mine.at("/overridden_profiles")).hasSize(1);
        assertThat(mine.at("/overridden_profiles/0").textValue()).isEqualTo("gpus/mine");
        assertThat(pure.at("/overridden_profiles")).isEmpty();
        assertThat(pure.at("/deployments/0/estimate/question/gpu").textValue()).isEqualTo("h100-sxm");
        assertThat(pure).isEqualTo(Run.line(question).json());
    }

    @Test
    void a_model_from_standard_input_is_asked_for_with_every_change() throws IOException {
        byte[] config =
                Files.readAllBytes(Path.of("src/test/resources/configs/TinyLlama__TinyLlama-1.1B-Chat-v1.0.json"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new Program(new Console(new ByteArrayInputStream(config), out, out, Map.of()))
                .run(Run.words("check -m - -g l4 -e vllm --max-tpot 7ms --json"));

        assertThat(code).isEqualTo(1);
        assertThat(Run.json(out.toString(StandardCharsets.UTF_8)).at("/deployments/0/remedies"))
                .isNotEmpty();
    }
}
