package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import llmlatency.estimate.Metric;
import llmlatency.study.Limit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code check}: exit code 0 if the budget is kept, 1 if it is broken, 2 if nobody can tell. */
class CheckCommandTest {
    private static final String USUAL =
            "check -m 7b -g rtx4090 -d fp16 -e ideal "; // b = 22.1 ms, k = 14.18 ms, 70.5 tok/s
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
}
