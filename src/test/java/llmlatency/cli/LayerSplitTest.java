package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers split over devices: a token passes one after the other, a prompt may keep all of them busy. */
class LayerSplitTest {
    private static final String ASKED = "estimate -m llama-3.1-70b -d q4_k_m -g rtx4090 --json";

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 8})
    void steps_take_as_long_as_on_one_device_and_a_prompt_at_best_its_share(int devices) {
        JsonNode one = Run.line(ASKED + " -p 4k").json();
        JsonNode split = Run.line(ASKED + " -p 4k --gpus " + devices).json();

        assertThat(split.at("/question/split").asText()).isEqualTo("layer");
        assertThat(split.at("/question/tp").intValue()).isEqualTo(1);
        assertThat(number(split, "/floor/tpot_ms")).isEqualTo(number(one, "/floor/tpot_ms"));
        assertThat(number(split, "/floor/ttft_ms") * devices)
                .isCloseTo(number(one, "/floor/ttft_ms"), withinPercentage(1e-4));
        assertThat(number(split, "/expected/tpot_ms"))
                .isCloseTo(number(one, "/expected/tpot_ms"), within(2.0))
                .isGreaterThanOrEqualTo(number(one, "/expected/tpot_ms"));
        assertThat(number(split, "/expected/ttft_ms"))
                .isLessThan(number(one, "/expected/ttft_ms"))
                .isGreaterThan(number(split, "/floor/ttft_ms"));
        assertThat(number(split, "/memory/weight_bytes"))
                .isBetween(
                        number(one, "/memory/weight_bytes") / devices * 0.95,
                        number(one, "/memory/weight_bytes") / devices * 1.3);
    }

    @Test
    void a_prompt_of_one_part_is_no_faster_on_two_devices() {
        double one = number(Run.line(ASKED + " -p 512").json(), "/expected/ttft_ms");
        double two = number(Run.line(ASKED + " -p 512 --gpus 2").json(), "/expected/ttft_ms");

        assertThat(two).isGreaterThanOrEqualTo(one);
    }

    @Test
    void it_is_asked_for_by_name_and_contradicts_tensor_parallelism() {
        assertThat(Run.line(ASKED + " -e ideal --gpus 2 --split layer")
                        .json()
                        .at("/question/split")
                        .asText())
                .isEqualTo("layer");
        assertThat(Run.line(ASKED + " -e ideal --gpus 2")
                        .json()
                        .at("/question/tp")
                        .intValue())
                .isEqualTo(2);
        assertThat(Run.line(ASKED + " --gpus 2 --split rows").err())
                .isEqualTo("llm-latency: --split 'rows' is none of layer\n");
        assertThat(Run.line(ASKED + " --tp 2 --split layer").err())
                .isEqualTo("llm-latency: --split layer and --tp contradict each other; give one\n");
    }

    private static double number(JsonNode answer, String path) {
        return answer.at(path).doubleValue();
    }
}
