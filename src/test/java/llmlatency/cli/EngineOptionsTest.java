package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which engine is asked, and how it is run. Figures are those of an engine of the tests. */
class EngineOptionsTest {
    private static final String OVERLAY = " --profiles src/test/resources/overlay";
    private static final String USUAL = "estimate -m 7b -g rtx4090 -d fp16" + OVERLAY;

    private static JsonNode json(String commandLine) {
        Run run = Run.line(commandLine + " --json");
        assertThat(run.code()).as(run.err()).isZero();
        return run.json();
    }

    private static double number(JsonNode tree, String path) {
        JsonNode node = tree.at(path);
        assertThat(node.isNumber()).as(path).isTrue();
        return node.doubleValue();
    }

    @ParameterizedTest
    @CsvSource({
        "-g rtx4090, llama.cpp, cuda",
        "-g h100-sxm, vllm, cuda",
        "-g l4, vllm, cuda",
        "-g mi300x, vllm, rocm",
        "-g h100-sxm -d q4_k_m, llama.cpp, cuda",
        "-g h100-sxm -d iq2_xs, llama.cpp, cuda",
        "-g m4-max-40, llama.cpp, metal",
        "-g ryzen-7950x -d q8_0, llama.cpp, cpu",
        "-g rtx4090 -d awq, vllm, cuda",
        "-g '2x rtx3090' -d gptq, vllm, cuda",
        "-g rtx3090 -d exl2-4.0bpw, exllamav2, cuda",
        "-g m4-max-40 -d mlx-4bit, mlx, metal",
        "-g jetson-thor -d nvfp4, tensorrt-edge-llm, cuda",
        "-g mi300x -d fp8, vllm, rocm",
        "-g m4-max-40 -d awq, ideal, ''",
        "-g tpu-v5e, ideal, ''",
        "-g cerebras-wse3, ideal, ''",
        "--bandwidth '1 TB/s' --peak 'fp16=100 TFLOP/s', ideal, ''",
    })
    void theUsualEngineOfADeviceIsTakenWhereNoneIsAskedFor(String asked, String engine, String backend) {
        JsonNode question = json("estimate -m 7b " + asked.replace("\"", "'")).get("question");

        assertThat(question.get("engine").textValue()).isEqualTo(engine);
        assertThat(question.path("backend").asText()).isEqualTo(backend);
    }

    @Test
    void theChoiceIsShownAndSaysWhy() {
        assertThat(Run.line(USUAL).out()).contains("engine llama.cpp/cuda (auto)");
        assertThat(Run.line(USUAL + " -e llama.cpp").out())
                .contains("engine llama.cpp/cuda\n")
                .doesNotContain("(auto)");
        assertThat(json(USUAL).get("assumptions")).anySatisfy(assumption -> {
            assertThat(assumption.get("what").textValue()).isEqualTo("engine");
            assertThat(assumption.get("value").textValue()).isEqualTo("llama.cpp");
        });
        assertThat(json(USUAL + " -e llama.cpp").get("assumptions").findValuesAsText("what"))
                .doesNotContain("engine");
    }

    @ParameterizedTest
    @CsvSource({
        "llama.cpp/vulkan, vulkan",
        "llama.cpp, cuda",
        "auto/rocm, rocm",
        "./src/test/resources/overlay/engines/llama.cpp.json, cuda"
    })
    void aBackendStandsBehindTheEngine(String engine, String backend) {
        assertThat(json(USUAL + " -e " + engine).at("/question/backend").textValue())
                .isEqualTo(backend);
    }

    @ParameterizedTest
    @CsvSource({
        "b1234, old",
        "old, old",
        "2024-12-31, old",
        "2022, old",
        "2025-06, new",
        "2026-01-01, new",
        "b5001, new"
    })
    void aVersionIsNamedByItselfItsNumberOrItsDate(String version, String era) {
        assertThat(json(USUAL + " --engine-version " + version)
                        .at("/question/engine_version")
                        .textValue())
                .isEqualTo(era);
    }

    @Test
    void anOldVersionHasItsOwnParameters() {
        JsonNode newest = json(USUAL);
        JsonNode old = json(USUAL + " --engine-version old");
        JsonNode told = json(USUAL + " --engine-version old --flash-attention on");

        assertThat(number(old, "/expected/ttft_ms")).isGreaterThan(number(newest, "/expected/ttft_ms"));
        assertThat(told.get("expected")).isEqualTo(newest.get("expected"));
        assertThat(flash(old)).containsExactly("off");
        assertThat(flash(newest)).containsExactly("on");
        assertThat(flash(told)).isEmpty();
    }

    private static List<String> flash(JsonNode answer) {
        List<String> values = new ArrayList<>();
        answer.get("assumptions").forEach(assumption -> {
            if (assumption.get("what").textValue().equals("flash attention")) {
                values.add(assumption.get("value").textValue());
            }
        });
        return values;
    }

    @Test
    void anEfficiencyReplacesTheProfilesAndIsShown() {
        JsonNode half = json(USUAL + " --efficiency weight_bandwidth=0.45 --efficiency layer_clocks=0");
        JsonNode usual = json(USUAL + " --efficiency layer_clocks=0");
        // Weights of a step, read at 90 % of 1008 GB/s: 14.22 GB / 907.2 GB/s.
        assertThat(number(usual, "/expected/breakdown/decode/weights_ms")).isCloseTo(15.676, within(0.002));
        assertThat(number(half, "/expected/breakdown/decode/weights_ms")).isCloseTo(2 * 15.676, within(0.004));
        assertThat(half.get("assumptions").findValuesAsText("what")).contains("weight_bandwidth", "layer_clocks");
        assertThat(half.get("floor")).isEqualTo(usual.get("floor"));
    }

    @Test
    void theExpectedBlockHasTheKeysOfTheFloorAndItsInterval() {
        JsonNode answer = json(USUAL);
        List<String> floor = new ArrayList<>();
        answer.get("floor").fieldNames().forEachRemaining(floor::add);
        List<String> expected = new ArrayList<>();
        answer.get("expected").fieldNames().forEachRemaining(expected::add);
        List<String> interval = new ArrayList<>();
        answer.at("/expected/interval").fieldNames().forEachRemaining(interval::add);

        assertThat(expected).containsAll(floor).contains("interval").hasSize(floor.size() + 1);
        assertThat(interval).containsExactly("level", "ttft_low_ms", "ttft_high_ms", "tpot_low_ms", "tpot_high_ms");
        assertThat(number(answer, "/expected/interval/level")).isEqualTo(0.8);
        assertThat(number(answer, "/expected/speed_of_light_percent"))
                .isCloseTo(100 * number(answer, "/floor/tpot_ms") / number(answer, "/expected/tpot_ms"), within(1e-4));
    }

    @Test
    void theMemoryIsThatOfTheEngine() {
        JsonNode memory = json(USUAL).get("memory");

        assertThat(number(memory, "/reserve_bytes")).isEqualTo(0x1p30);
        assertThat(number(memory, "/capacity_bytes")).isCloseTo(0.95 * 24564 * 0x1p20, within(1.0));
    }

    @Test
    void whereAnEngineHasNoParametersTheFloorStandsAloneAndALineSaysSo() {
        Run run = Run.line(USUAL + " -e bare");

        assertThat(run.out())
                .contains("expected: nothing, bare has no parameters for this kind of device")
                .doesNotContain("80 % interval");
        assertThat(json(USUAL + " -e bare").has("expected")).isFalse();
        assertThat(json(USUAL + " -e bare").get("expected_absent_because").textValue())
                .isEqualTo("bare has no parameters for this kind of device");
        assertThat(json(USUAL).has("expected_absent_because")).isFalse();
        assertThat(json(USUAL + " -e ideal").get("expected_absent_because").textValue())
                .isEqualTo("of ideal nothing is expected beyond the floor");
        assertThat(json("estimate -m 7b -g cerebras-wse3")
                        .get("expected_absent_because")
                        .textValue())
                .isEqualTo("no engine with a profile is known to run bf16 on this kind of device");
    }

    @Test
    void aBackendThatIsKnownForOtherDevicesAloneIsAssumedAtTheWidestInterval() {
        String foreign = "estimate -m 7b -d fp16 -g tpu-v5e -e llama.cpp" + OVERLAY;
        JsonNode answer = json(foreign);

        assertThat(answer.at("/question/backend").textValue()).isEqualTo("cuda");
        assertThat(answer.get("assumptions")).anySatisfy(assumption -> {
            assertThat(assumption.get("what").textValue()).isEqualTo("backend");
            assertThat(assumption.get("value").textValue()).isEqualTo("cuda");
            assertThat(assumption.get("why").textValue()).contains("no backend of llama.cpp is known for tpu");
        });
        assertThat(json(USUAL).get("assumptions").findValuesAsText("what")).doesNotContain("backend");
        // The widest that the engine of the tests states is that of another kind of device.
        assertThat(logHalfWidth(answer, "ttft")).isCloseTo(0.4, within(1e-6));
        assertThat(logHalfWidth(answer, "tpot")).isCloseTo(0.4, within(1e-6));
        assertThat(logHalfWidth(json(foreign + " --efficiency interval=0.5"), "ttft"))
                .isCloseTo(0.5, within(1e-6));
    }

    private static double logHalfWidth(JsonNode answer, String metric) {
        return Math.log(number(answer, "/expected/interval/" + metric + "_high_ms")
                / number(answer, "/expected/" + metric + "_ms"));
    }

    @Test
    void theTableNamesTheSourcesOfDeviceAndModelAndWhereThoseOfTheEngineAre() {
        assertThat(Run.line(USUAL).out().replaceAll("\\s+", " "))
                .contains("engine parameters: see llm-latency show engine llama.cpp.")
                .doesNotContain("nobody measured it");
    }
}
