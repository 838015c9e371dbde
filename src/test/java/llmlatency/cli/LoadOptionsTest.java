package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that keep coming: what is asked, what is answered in each format, what check holds to its limits. */
class LoadOptionsTest {
    private static final String OVERLAY = " --profiles src/test/resources/overlay";
    private static final String ASKED = "estimate -m llama-3.1-8b -g h100-sxm -e llama.cpp" + OVERLAY;
    private static final String CHECKED = "check -m llama-3.1-8b -g h100-sxm -e ideal ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--concurrency 4 --request-rate 3 | contradict each other; give one",
                "--concurrency 4 -b 1 | --batch and --concurrency contradict each other",
                "--request-rate 4 --batch 2 | --batch and --request-rate contradict each other",
                "--concurrency 0 | --concurrency: '0' is not a whole number",
                "--concurrency 1.5 | --concurrency: '1.5' is not a whole number",
                "--request-rate 0 | --request-rate: '0' is not a number of requests a second",
                "--request-rate -1 | --request-rate: '-1' is not a number",
                "--request-rate NaN | --request-rate: 'NaN' is not a number",
                "--request-rate 1e9 | --request-rate: '1e9' is not a number",
                "--request-rate 2/min | --request-rate: '2/min' is not a number"
            })
    void what_cannot_be_meant_is_refused(String options, String reason) {
        Run run = Run.line(ASKED + " " + options);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(reason);
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.5", "'2.5 /s'", "2.5/s", "'2.50 / s'"})
    void a_rate_is_understood_with_its_unit_and_without(String rate) {
        assertThat(Run.line(ASKED + " --json --request-rate " + rate).json().at("/question/request_rate"))
                .hasToString("2.5");
    }

    @Test
    void without_load_nothing_is_said_of_it() {
        JsonNode alone = Run.line(ASKED + " --json").json();

        assertThat(alone.at("/floor/load").isMissingNode()).isTrue();
        assertThat(alone.get("question").has("concurrency")).isFalse();
        assertThat(Run.line(ASKED + " -f csv").csv().get(0)).noneMatch(column -> column.contains("load"));
    }

    @Test
    void load_stands_beside_the_figures_of_one_request_alone() {
        JsonNode alone = Run.line(ASKED + " --json").json();
        JsonNode loaded = Run.line(ASKED + " --concurrency 6 --json").json();
        JsonNode load = loaded.at("/expected/load");

        assertThat(loaded.at("/question/concurrency").intValue()).isEqualTo(6);
        assertThat(loaded.at("/expected/tpot_ms")).isEqualTo(alone.at("/expected/tpot_ms"));
        assertThat(loaded.get("memory")).isEqualTo(alone.get("memory"));
        assertThat(load.fieldNames())
                .toIterable()
                .contains(
                        "ttft_ms",
                        "tpot_ms",
                        "tpot_inclusive_ms",
                        "total_ms",
                        "requests_per_second",
                        "tokens_per_second",
                        "admitted_batch",
                        "saturated",
                        "interval");
        assertThat(load.get("tpot_inclusive_ms").doubleValue() * 128)
                .isCloseTo(load.get("total_ms").doubleValue(), within(1e-3));
        assertThat(load.at("/interval").fieldNames()).toIterable().contains("level", "ttft_low_ms", "tpot_high_ms");
        assertThat(loaded.at("/floor/load").has("interval")).isFalse();
        assertThat(loaded.get("assumptions").findValuesAsText("what")).contains("client");
    }

    @Test
    void flat_formats_have_the_same_names() {
        List<List<String>> rows = Run.line(ASKED + " --request-rate 1 -f csv").csv();
        JsonNode line = Run.line(ASKED + " --request-rate 1 -f ndjson").json();

        assertThat(rows.get(0))
                .contains("question_request_rate", "floor_load_ttft_ms", "expected_load_ttft_low_ms")
                .endsWith("expected_load_total_high_ms");
        assertThat(rows.get(1)).hasSameSizeAs(rows.get(0));
        assertThat(line.get("expected_load_tpot_ms").asText())
                .isEqualTo(rows.get(1).get(rows.get(0).indexOf("expected_load_tpot_ms")));
    }

    @Test
    void more_users_than_memory_admits_only_wait_and_no_time_is_made_up_for_them() {
        Run table = Run.line(ASKED + " --concurrency 100000");
        JsonNode load = Run.line(ASKED + " --concurrency 100000 --json").json().at("/expected/load");

        assertThat(table.out()).contains("saturated: ", "more users only wait", "waits");
        assertThat(load.get("saturated").booleanValue()).isTrue();
        assertThat(load.has("ttft_ms")).isFalse();
        assertThat(load.has("total_ms")).isFalse();
        assertThat(load.get("tpot_ms").doubleValue()).isPositive();
        assertThat(load.get("requests_per_second").doubleValue()).isPositive();
    }

    @Test
    void a_rate_that_cannot_be_served_is_answered_with_the_largest_that_can() {
        JsonNode load = Run.line(ASKED + " --request-rate 100000 --json").json().at("/expected/load");

        assertThat(load.get("saturated").booleanValue()).isTrue();
        assertThat(load.has("ttft_ms")).isFalse();
        assertThat(load.has("tpot_ms")).isFalse();
        assertThat(load.get("requests_per_second").doubleValue()).isBetween(0.1, 1000.0);
        assertThat(Run.line(ASKED + " --request-rate 100000").out()).contains("requests/s can be served");
    }

    @Test
    void explain_names_every_part_of_a_step() {
        assertThat(Run.line(
                                "estimate -m llama-3.1-70b -g '4x h100-sxm' -e vllm --concurrency 32 -p 1024 -n 512 --explain")
                        .out())
                .contains(
                        "Under load: who has a place",
                        "requests on a rank",
                        "linear layers: ",
                        "attention: ",
                        "all-reduces between devices: ",
                        "small kernels of the layers: ",
                        "host, pass_time + 32 x sequence_time: ",
                        "prefill share: ",
                        "B/n = 32/512",
                        "Little's law");
    }

    @Test
    void check_holds_the_figures_under_load() {
        Run kept = Run.line(CHECKED + "--concurrency 64 --max-tpot 30ms --max-ttft 300ms --max-total 10s"
                + " --min-tokens-per-second 1000");
        JsonNode limits = Run.line(CHECKED + "--concurrency 64 --max-tpot 30ms --json")
                .json()
                .at("/deployments/0/limits/0");

        assertThat(kept.code()).isZero();
        assertThat(kept.out()).contains("TPOT under load", "TTFT under load", "tokens, all users", "closed loop");
        assertThat(limits.get("metric").asText()).isEqualTo("load.tpot_ms");
        assertThat(limits.get("value").doubleValue())
                .isGreaterThan(Run.line("estimate -m llama-3.1-8b -g h100-sxm -e ideal --json")
                        .json()
                        .at("/floor/tpot_ms")
                        .doubleValue());
    }

    @Test
    void a_limit_breaks_where_requests_wait_for_a_place() {
        Run broken = Run.line(CHECKED + "--concurrency 100000 --max-ttft 300ms");
        JsonNode limit = Run.line(CHECKED + "--concurrency 100000 --max-ttft 300ms --json")
                .json()
                .at("/deployments/0/limits/0");

        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.out()).contains("FAIL", "waits", "saturated");
        assertThat(limit.get("kept").booleanValue()).isFalse();
        assertThat(limit.has("value")).isFalse();
    }

    @Test
    void one_token_has_no_time_of_a_later_one() {
        assertThat(Run.line(CHECKED + "-n 1 --concurrency 4 --max-tpot 30ms").code())
                .isEqualTo(2);
        assertThat(Run.line(ASKED + " -n 1 --concurrency 4 --json")
                        .json()
                        .at("/floor/load")
                        .has("tpot_ms"))
                .isFalse();
        assertThat(Run.line(ASKED + " -n 1 --concurrency 4").code()).isZero();
    }

    @Test
    void a_recipe_is_named() {
        assertThat(Run.line("estimate -m deepseek-v3 -g b200 --gpus 8 -d nvfp4 -e vllm --explain")
                        .out())
                .contains("* recipe of nvfp4: ");
        assertThat(Run.line("estimate -m llama-3.1-8b -g h100-sxm -e vllm --explain")
                        .out())
                .doesNotContain("recipe of");
    }
}
