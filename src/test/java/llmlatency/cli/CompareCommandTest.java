package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompareCommandTest {
    private static final String USUAL = "compare -m llama-3.1-8b,7b -g h100-sxm,l40s,rtx4090,rtx3060 -d fp16,q4_k_m";

    @ParameterizedTest
    @CsvSource({
        "tpot,expected.tpot_ms,1",
        "ttft,expected.ttft_ms,1",
        "total,expected.total_ms,1",
        "tokens-per-second,expected.tokens_per_second,-1",
        "cost,expected.usd_per_million_output_tokens,1",
        "energy,expected.joules_per_output_token,1",
        "memory,memory.total_bytes,1"
    })
    void answers_that_fit_come_first_the_best_of_them_first(String sort, String figure, int sign) {
        JsonNode json = Run.line(USUAL + " --sort " + sort + " --json").json();
        String pointer = "/" + figure.replace('.', '/');

        assertThat(json.get("ranked_by").asText()).isEqualTo(figure);
        List<Double> ranked = new ArrayList<>();
        boolean fitting = true;
        for (JsonNode estimate : json.get("estimates")) {
            boolean placed = estimate.at("/comparison/rank").isInt();
            assertThat(fitting || !placed).isTrue();
            fitting = placed;
            if (placed) {
                assertThat(estimate.at("/memory/fits").asBoolean()).isTrue();
                ranked.add(sign * estimate.at(pointer).asDouble());
            }
        }
        assertThat(ranked).hasSizeGreaterThan(3).isSorted();
        assertThat(json.at("/estimates/0/comparison/best").asBoolean()).isTrue();
        assertThat(json.at("/estimates/0/comparison/factor").asDouble()).isEqualTo(1);
    }

    @Test
    void factors_are_ratios_to_the_best() {
        JsonNode json =
                Run.line("compare -m 7b -g h100-sxm,l40s -d fp16 --json").json();

        double best = json.at("/estimates/0/expected/tpot_ms").asDouble();
        double other = json.at("/estimates/1/expected/tpot_ms").asDouble();
        assertThat(json.at("/estimates/1/comparison/factor").asDouble())
                .isCloseTo(other / best, org.assertj.core.data.Offset.offset(1e-7));
    }

    @Test
    void each_answer_is_the_one_of_estimate() {
        JsonNode compared = Run.line("compare -m 7b -g h100-sxm,l40s --json").json();
        JsonNode alone = Run.line("estimate -m 7b -g l40s --json").json();

        ((com.fasterxml.jackson.databind.node.ObjectNode) compared.at("/estimates/1")).remove("comparison");
        assertThat(compared.at("/estimates/1")).isEqualTo(alone);
    }

    @Test
    void what_does_not_fit_is_marked_and_ranks_last() {
        Run run = Run.line("compare -m llama-3.1-70b -g rtx4090,b200 -d fp16");

        List<String> rows = run.out()
                .lines()
                .filter(line -> line.startsWith("rtx") || line.startsWith("b2"))
                .toList();
        assertThat(rows.get(0)).startsWith("b200").contains("best");
        assertThat(rows.get(1)).startsWith("rtx4090").contains("!").doesNotContain("best");
        assertThat(run.code()).isZero();
    }

    @Test
    void a_floor_is_never_shown_as_expected() {
        JsonNode json =
                Run.line("compare -m 7b -g rtx4090,tpu-v5e -d bf16 --json").json();
        String table = Run.line("compare -m 7b -g rtx4090,tpu-v5e -d bf16").out();

        assertThat(json.at("/estimates/1/question/gpu").asText()).isEqualTo("tpu-v5e");
        assertThat(json.at("/estimates/1/expected").isMissingNode()).isTrue();
        assertThat(json.at("/estimates/1/comparison/rank").isMissingNode()).isTrue();
        assertThat(table.lines()
                        .filter(line -> line.startsWith("tpu-v5e"))
                        .findFirst()
                        .orElseThrow())
                .contains(" - ");
    }

    @Test
    void what_is_impossible_is_told_apart() {
        Run run = Run.line("compare -m 7b -g rtx4090 --tp 2,3 --json");

        assertThat(run.json().get("estimates")).hasSize(1);
        assertThat(run.json().at("/refused/0/question/tp").asInt()).isEqualTo(3);
        assertThat(run.json().at("/refused/0/because").asText()).contains("3");
        assertThat(Run.line("compare -m 7b -g rtx4090 --tp 3,5").code()).isEqualTo(ExitCode.WRONG_QUESTION);
    }

    @Test
    void a_cost_without_a_price_is_refused_saying_what_helps() {
        Run run = Run.line("compare -m 7b -g rtx4060,rtx4070 --sort cost");

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains("--price");
        assertThat(Run.line("compare -m 7b -g rtx4060,rtx4070 --sort cost --price 0.2")
                        .code())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 1", "--concurrency 1..64*4", "--request-rate 1,4", "-e ideal", "-p 1..8*2"})
    void every_workload_can_be_compared(String options) {
        for (String format : List.of("table", "json", "ndjson", "csv", "markdown")) {
            Run run = Run.line("compare -m 7b -g l40s,h100-sxm " + options + " -f " + format);
            assertThat(run.code()).as(run.err()).isZero();
        }
    }

    @Test
    void too_many_are_for_sweep() {
        Run run = Run.line("compare -m 7b -g l40s -p 1..20000");

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains("sweep");
    }
}
