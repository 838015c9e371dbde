package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layouts as they are asked for: what is understood, what is refused, what each device then holds. */
class LayoutOptionsTest {
    private static final String DENSE = "estimate -m llama-3.1-70b -g h100-sxm -e vllm ";
    private static final String EXPERTS = "estimate -m mixtral-8x7b-v0.1 -g h100-sxm -e vllm ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--gpus 8 | 8 | 8 1 1 1 8 1 | 'on 8 x h100-sxm, TP 8'",
                "--tp 4 --pp 2 | 8 | 4 2 1 1 4 1 | TP 4, PP 2",
                "--gpus 8 --pp 2 | 8 | 4 2 1 1 4 1 | TP 4, PP 2",
                "--gpus 8 --replicas 2 | 8 | 4 1 1 1 4 2 | TP 4, 2 replicas",
                "--replicas 4 | 4 | 1 1 1 1 1 4 | 'on 4 x h100-sxm, 4 replicas'",
                "--tp 2 --dp 4 | 8 | 2 1 4 1 8 1 | TP 2, DP 4",
                "--tp 2 --dp 4 --ep 8 | 8 | 2 1 4 8 1 1 | TP 2, DP 4, EP 8",
                "--tp 2 --dp 4 --ep 4 | 8 | 2 1 4 4 2 1 | TP 2, DP 4, EP 4, MoE-TP 2",
                "--tp 2 --dp 4 --moe-tp 2 | 8 | 2 1 4 4 2 1 | TP 2, DP 4, EP 4, MoE-TP 2",
                "--tp 8 --ep 8 --moe-tp 1 | 8 | 8 1 1 8 1 1 | TP 8, EP 8",
                "--gpus 16 --tp 2 --dp 2 --pp 2 --replicas 2 | 16 | 2 2 2 1 4 2 | TP 2, PP 2, DP 2, 2 replicas"
            })
    void a_layout_is_understood_and_named(String options, int gpus, String degrees, String named) {
        Run run = Run.line(EXPERTS + options);
        JsonNode question = Run.line(EXPERTS + options + " --json").json().get("question");

        assertThat(run.out().replaceAll("\\s+", " ")).contains(named + " prompt ");
        assertThat(question.get("gpus").intValue()).isEqualTo(gpus);
        assertThat(String.join(
                        " ",
                        question.get("tp").asText(),
                        question.get("pp").asText(),
                        question.get("dp").asText(),
                        question.get("ep").asText(),
                        question.get("moe_tp").asText(),
                        question.get("replicas").asText()))
                .isEqualTo(degrees);
        assertThat(question.has("split")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--gpus 8 --tp 2 --pp 2 | --tp 2 --pp 2 are 4 devices, not 8 | give --tp 4, --gpus 4, --replicas 2",
                "--gpus 8 --tp 3 | --tp 3 are 3 devices, not 8 | give --tp 8",
                "--gpus 8 --tp 1 | --tp 1 is one device, not 8 | --replicas 8",
                "--gpus 8 --pp 3 | --pp 3 does not divide the 8 devices | --gpus 9",
                "--gpus 8 --replicas 3 | --replicas 3 does not divide the 8 devices | --gpus 9",
                "--tp 2 --ep 2 | needs experts; this model is dense | leave --ep out",
                "--tp 2 --moe-tp 2 | --moe-tp 2 needs experts; this model is dense | leave --moe-tp out",
                "--pp 81 | 81 groups of layers are more than the 80 layers | --pp 80",
                "--split layer --dp 2 | --split layer and --dp contradict each other | give one",
                "--tp 3 | does not divide the 64 query heads | degrees that do",
                "--tp 1000 --pp 1000 --dp 1000 | more than 1000000 devices | more",
                "--link 3 | --link: '3' is not a bandwidth | such as",
                "--tp 16 --network fast | --network: 'fast' is not a bandwidth | such as",
                "--tp 16 --gpus-per-node 0 | --gpus-per-node: '0' is not a whole number | such as"
            })
    void an_impossible_layout_is_refused_with_what_to_type(String options, String reason, String hint) {
        refused(DENSE + options, reason, hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tp 8 --ep 3 | does not divide the 8 devices | degrees that do: 1, 2, 4, 8",
                "--tp 16 --ep 16 | does not divide the 8 experts | degrees that do: 1, 2, 4, 8",
                "--tp 8 --ep 4 --moe-tp 4 | --moe-tp 4 and --ep 4 do not lay experts out over the 8 | EP x MoE-TP",
                "--tp 8 --moe-tp 3 | --moe-tp 3 does not lay experts out over the 8 devices | EP x MoE-TP"
            })
    void impossible_experts_are_refused_with_what_to_type(String options, String reason, String hint) {
        refused(EXPERTS + options, reason, hint);
    }

    private static void refused(String commandLine, String reason, String hint) {
        Run run = Run.line(commandLine);

        assertThat(run.code()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(reason, hint);
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
    }

    private static double memory(String options) {
        return Run.line(EXPERTS + options + " --json")
                .json()
                .at("/memory/weight_bytes")
                .doubleValue();
    }

    @Test
    void experts_are_shared_by_all_devices_of_a_copy_and_the_rest_by_those_of_a_rank() {
        double one = memory("");

        assertThat(memory("--replicas 4")).isEqualTo(one);
        assertThat(memory("--tp 4")).isBetween(one / 4, one / 3.9);
        assertThat(memory("--tp 2 --dp 2")).isGreaterThan(memory("--tp 4")).isLessThan(memory("--tp 2"));
        assertThat(memory("--dp 4 --ep 4")).isEqualTo(memory("--dp 4"));
        assertThat(memory("--pp 2 --tp 2")).isBetween(one / 4, one / 3.8);
    }

    @Test
    void a_batch_is_shared_by_copies() {
        JsonNode one = Run.line(DENSE + "--tp 4 -b 8 --json").json();
        JsonNode two = Run.line(DENSE + "--tp 4 --replicas 2 -b 16 --json").json();

        assertThat(two.at("/expected/tpot_ms")).isEqualTo(one.at("/expected/tpot_ms"));
        assertThat(two.at("/expected/tokens_per_second").doubleValue())
                .isCloseTo(2 * one.at("/expected/tokens_per_second").doubleValue(), within(1e-4));
        assertThat(two.at("/memory/max_batch").longValue())
                .isEqualTo(2 * one.at("/memory/max_batch").longValue());
    }

    @Test
    void devices_beyond_a_node_talk_at_the_rate_of_the_network() {
        double eight = communication("--tp 8");

        assertThat(communication("--tp 8 --gpus-per-node 4")).isGreaterThan(2 * eight);
        assertThat(communication("--tp 8 --gpus-per-node 4 --network '450 GB/s'"))
                .isEqualTo(eight);
        assertThat(communication("--tp 8 --link '50 GB/s'")).isEqualTo(communication("--tp 8 --gpus-per-node 4"));
        assertThat(communication("--tp 8 --gpus-per-node 4 --network '10 GB/s'"))
                .isGreaterThan(communication("--tp 8 --gpus-per-node 4"));
        assertThat(Run.line(DENSE + "--tp 16").out()).contains("devices a node (8), network (50 GB/s)");
        assertThat(Run.line(DENSE + "--tp 8").out()).doesNotContain("network");
    }

    private static double communication(String options) {
        return Run.line(DENSE + options + " -p 4k --json")
                .json()
                .at("/expected/breakdown/prefill/communication_ms")
                .doubleValue();
    }

    @Test
    void stages_are_a_pipeline_unless_a_program_splits_layers_by_itself() {
        String card = "estimate -m llama-3.1-70b -d q4_k_m -g rtx4090 -e llama.cpp ";

        assertThat(Run.line(card + "--gpus 4 --replicas 2").out()).contains("4 x rtx4090, layers split, 2 replicas");
        assertThat(Run.line(card + "--pp 4").out()).contains("4 x rtx4090, PP 4");
        assertThat(Run.line(card + "--gpus 4 --json")
                        .json()
                        .at("/question/split")
                        .asText())
                .isEqualTo("layer");
        assertThat(Run.line(card + "--pp 4 --json").json().at("/expected/tpot_ms"))
                .isEqualTo(Run.line(card + "--gpus 4 --json").json().at("/expected/tpot_ms"));
    }

    @Test
    void data_parallel_attention_of_a_dense_model_is_told_to_be_copies() {
        assertThat(Run.line(DENSE + "--tp 4 --dp 2 --explain").out())
                .contains("attention data parallelism: 2 whole copies")
                .contains("DP 2: each rank holds all but the experts");
    }
}
