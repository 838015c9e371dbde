package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stays on the host: which parts, in whose memory, how long they take, and what is refused. */
class OffloadOptionsTest {
    private static final String DENSE = "estimate -m llama-3.1-8b -g rtx4090 -d fp16 --json ";
    private static final String SPARSE = "estimate -m mixtral-8x7b-v0.1 -g rtx4090 -d q4_k_m --json ";
    private static final String SLOW = " --host-bandwidth '80 GB/s' --host-memory '64 GiB'";

    @Test
    void a_step_is_the_bytes_of_each_place_over_its_bandwidth() {
        JsonNode split = Run.line(DENSE + "-e ideal --gpu-layers 17" + SLOW).json();
        JsonNode whole = Run.line(DENSE + "-e ideal").json();

        // Sixteen of 32 layers with 218,112,000 weights each, and the row looked up, at 16 bit; half the cache,
        // of which a step reads P + n/2 entries on average and writes one.
        double weights = 16 * 218_112_000.0 * 2 + 4096 * 2;
        double cache = 16 * 4096.0 * (512 + 64 + 1);
        assertThat(number(split, "/floor/places/decode/host_ms"))
                .isCloseTo((weights + cache) / 80e9 * 1e3, withinPercentage(1e-4));
        assertThat(number(split, "/floor/places/decode/device_ms"))
                .isCloseTo(number(whole, "/floor/tpot_ms") - (weights + cache) / 1008e9 * 1e3, withinPercentage(1e-3));
        assertThat(split.at("/question/gpu_layers").intValue()).isEqualTo(16);
        assertThat(split.at("/question/gpu_head").booleanValue()).isTrue();
    }

    @Test
    void all_layers_on_the_gpu_are_no_offload() {
        for (String engine : new String[] {"ideal", "llama.cpp"}) {
            String whole = Run.line(DENSE + "-e " + engine).out();
            for (String layers : new String[] {"33", "100", "all"}) {
                assertThat(Run.line(DENSE + "-e " + engine + " --gpu-layers " + layers + SLOW)
                                .out())
                        .isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ideal,1", "llama.cpp,1", "llama.cpp,64"})
    void more_layers_on_the_gpu_are_never_slower(String engine, int batch) {
        double floor = Double.MAX_VALUE;
        double expected = Double.MAX_VALUE;
        for (int layers = 0; layers <= 33; layers++) {
            JsonNode answer = Run.line(
                            DENSE + "-e " + engine + " -b " + batch + " --host epyc-9654 --gpu-layers " + layers)
                    .json();
            assertThat(number(answer, "/floor/tpot_ms")).isLessThanOrEqualTo(floor);
            assertThat(number(answer, "/floor/tpot_ms")).isGreaterThan(0);
            floor = number(answer, "/floor/tpot_ms");
            if (answer.has("expected")) {
                assertThat(number(answer, "/expected/tpot_ms"))
                        .isLessThanOrEqualTo(expected)
                        .isGreaterThanOrEqualTo(floor);
                assertThat(number(answer, "/expected/ttft_ms"))
                        .isGreaterThanOrEqualTo(number(answer, "/floor/ttft_ms"));
                expected = number(answer, "/expected/tpot_ms");
            }
        }
    }

    @Test
    void a_faster_host_is_never_slower_and_a_link_only_helps_the_floor() {
        String asked = DENSE + "-e llama.cpp --gpu-layers 10 --host-memory 64GiB ";
        JsonNode slow = Run.line(asked + "--host-bandwidth '50 GB/s'").json();
        JsonNode fast = Run.line(asked + "--host-bandwidth '100 GB/s'").json();

        assertThat(number(fast, "/floor/tpot_ms")).isLessThan(number(slow, "/floor/tpot_ms"));
        assertThat(number(fast, "/expected/tpot_ms")).isLessThan(number(slow, "/expected/tpot_ms"));
        String named = DENSE + "-e ideal --gpu-layers 10 -p 8k --host cpu-ddr5-5600 --host-link ";
        assertThat(number(Run.line(named + "'32 GB/s'").json(), "/floor/ttft_ms"))
                .isLessThan(number(Run.line(named + "'1 GB/s'").json(), "/floor/ttft_ms"));
    }

    @ParameterizedTest
    @CsvSource({
        "--gpu-layers 0",
        "--gpu-layers 1",
        "--gpu-layers 20",
        "--cpu-moe",
        "--n-cpu-moe 7",
        "--gpu-layers 12 --n-cpu-moe 25",
        "--gpu-layers 12 --cpu-moe"
    })
    void memory_and_time_of_the_places_add_up_to_the_whole(String options) {
        for (String asked : new String[] {SPARSE + "-e ideal", SPARSE + "-e llama.cpp"}) {
            JsonNode whole = Run.line(asked).json();
            JsonNode split = Run.line(asked + " " + options + SLOW).json();

            for (String part : new String[] {"weight_bytes", "kv_cache_bytes"}) {
                assertThat(number(split, "/memory/" + part) + number(split, "/memory/host/" + part))
                        .as(part)
                        .isCloseTo(number(whole, "/memory/" + part), within(2.0));
            }
            for (String block : new String[] {"/floor", "/expected"}) {
                if (split.has(block.substring(1))) {
                    assertThat(number(split, block + "/places/decode/host_ms")
                                    + number(split, block + "/places/decode/device_ms"))
                            .isCloseTo(number(split, block + "/tpot_ms"), withinPercentage(1e-4));
                    assertThat(number(split, block + "/places/prefill/host_ms")
                                    + number(split, block + "/places/prefill/device_ms"))
                            .isCloseTo(number(split, block + "/ttft_ms"), withinPercentage(1e-4));
                }
            }
            for (String amount : new String[] {"flops", "bytes"}) {
                assertThat(sum(split, amount)).isCloseTo(sum(whole, amount), withinPercentage(1e-6));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt-oss-20b", "gemma-2-9b", "deepseek-v2-lite", "qwen3.5-35b-a3b"})
    void layers_of_several_shapes_are_left_in_their_order(String model) {
        String asked = "estimate -m " + model + " -g h200-sxm -e ideal --json";
        JsonNode whole = Run.line(asked).json();
        double last = -1;
        for (int layers : new int[] {1, 2, 3, 8, 13, 20}) {
            JsonNode split = Run.line(asked + " --gpu-layers " + layers + SLOW).json();
            double cache = number(split, "/memory/kv_cache_bytes");

            assertThat(cache + number(split, "/memory/host/kv_cache_bytes"))
                    .isCloseTo(number(whole, "/memory/kv_cache_bytes"), within(2.0));
            assertThat(cache).isGreaterThan(last);
            assertThat(sum(split, "flops")).isCloseTo(sum(whole, "flops"), withinPercentage(1e-6));
            assertThat(split.at("/question/gpu_layers").intValue()).isEqualTo(layers - 1);
            last = cache;
        }
    }

    @Test
    void a_tied_head_on_the_gpu_is_a_copy_of_the_table_on_the_host() {
        String asked = "estimate -m llama-3.2-1b -g rtx4090 -d fp16 --json -e ideal";
        JsonNode whole = Run.line(asked).json();
        JsonNode split = Run.line(asked + " --gpu-layers 9" + SLOW).json();

        assertThat(number(split, "/memory/weight_bytes") + number(split, "/memory/host/weight_bytes"))
                .isEqualTo(number(whole, "/memory/weight_bytes") + 128256L * 2048 * 2);
    }

    @Test
    void experts_on_the_host_leave_their_layers_cache_on_the_gpu() {
        JsonNode split = Run.line(SPARSE + "-e llama.cpp --cpu-moe" + SLOW).json();

        assertThat(split.at("/memory/host/kv_cache_bytes").longValue()).isZero();
        assertThat(split.at("/memory/fits").booleanValue()).isTrue();
        assertThat(Run.line(SPARSE + "-e llama.cpp").json().at("/memory/fits").booleanValue())
                .isFalse();
        for (JsonNode operation : split.at("/floor/operations")) {
            boolean host = operation.path("place").asText().equals("host");
            String name = operation.get("operation").asText();
            assertThat(host).as(name).isEqualTo(name.equals("experts") || name.equals("embedding"));
        }
        assertThat(number(Run.line(SPARSE + "-e llama.cpp --n-cpu-moe 8" + SLOW).json(), "/expected/tpot_ms"))
                .isLessThan(number(split, "/expected/tpot_ms"));
    }

    @Test
    void each_place_must_hold_its_part() {
        String asked = DENSE.replace("fp16", "fp32") + "-e ideal --host-bandwidth '80 GB/s' ";
        JsonNode small = Run.line(asked + "--gpu-layers 1 --host-memory 16GiB").json();
        JsonNode large = Run.line(asked + "--gpu-layers 1 --host-memory 64GiB").json();
        JsonNode onDevice =
                Run.line(asked + "--gpu-layers 32 --host-memory 64GiB").json();

        assertThat(small.at("/memory/device_fits").booleanValue()).isTrue();
        assertThat(small.at("/memory/host/fits").booleanValue()).isFalse();
        assertThat(small.at("/memory/fits").booleanValue()).isFalse();
        assertThat(small.at("/memory/max_batch").longValue()).isZero();
        assertThat(large.at("/memory/fits").booleanValue()).isTrue();
        assertThat(onDevice.at("/memory/device_fits").booleanValue()).isFalse();
        assertThat(onDevice.at("/memory/host/fits").booleanValue()).isTrue();
        assertThat(onDevice.at("/memory/fits").booleanValue()).isFalse();
        assertThat(Run.line(asked + "--gpu-layers 1").json().at("/memory").has("fits"))
                .isFalse();
        long most = large.at("/memory/max_batch").longValue();
        String batch = asked + "--gpu-layers 1 --host-memory 64GiB -b ";
        assertThat(Run.line(batch + most).json().at("/memory/fits").booleanValue())
                .isTrue();
        assertThat(Run.line(batch + (most + 1)).json().at("/memory/fits").booleanValue())
                .isFalse();
        assertThat(Run.line("check -m llama-3.1-8b -g rtx4090 -d fp32 -e ideal --max-tpot 10s --gpu-layers 1"
                                + " --host-bandwidth '80 GB/s' --host-memory 16GiB")
                        .code())
                .isEqualTo(1);
    }

    @Test
    void under_load_both_memories_admit() {
        String asked = DENSE + "-e ideal --gpu-layers 10 --concurrency 500 --host-bandwidth '80 GB/s' --host-memory ";
        long small = Run.line(asked + "20GiB")
                .json()
                .at("/floor/load/admitted_batch")
                .longValue();
        long large = Run.line(asked + "200GiB")
                .json()
                .at("/floor/load/admitted_batch")
                .longValue();

        assertThat(small).isPositive().isLessThan(large);
    }

    @Test
    void older_builds_count_the_head_last() {
        String asked = DENSE + "--gpu-layers 16 -e llama.cpp --engine-version ";
        JsonNode old = Run.line(asked + "2024" + SLOW).json();
        JsonNode now = Run.line(asked + "2026" + SLOW).json();

        assertThat(old.at("/question/gpu_layers").intValue()).isEqualTo(16);
        assertThat(old.at("/question/gpu_head").booleanValue()).isFalse();
        assertThat(now.at("/question/gpu_layers").intValue()).isEqualTo(15);
        assertThat(now.at("/question/gpu_head").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--gpu-layers 5 -e ideal | give one of --host cpu-ddr5-5600 and --host-bandwidth",
                "--gpu-layers 5 --host epyc-9654 --host-bandwidth 5GB/s -e ideal | contradict each other; give one of",
                "--host epyc-9654 | --host changes nothing where nothing stays on the host",
                "--host-link 5GB/s | --host-link changes nothing",
                "--host-memory 5GB | --host-memory changes nothing",
                "--cpu-moe --host epyc-9654 -e ideal | --cpu-moe needs experts; this model is dense",
                "--gpu-layers many --host epyc-9654 -e ideal | 'many' is not a whole number from 0",
                "--gpu-layers -1 --host epyc-9654 -e ideal | '-1' is not a whole number from 0",
                "--gpu-layers 5 --host rtx4090 -e ideal | rtx4090 is no CPU",
                "--gpu-layers 5 --host epyc-96 -e ideal | did you mean epyc-9654?",
                "--gpu-layers 5 --host epyc-9654 -e vllm | vllm leaves no layers on the host: --cpu-offload-gb",
                "--gpu-layers 5 --host epyc-9654 -e exllamav2 | exllamav2 leaves no layers on the host: it keeps all",
                "--gpu-layers 5 --host epyc-9654 -e ideal --gpus 2 | TP, DP, EP and replicas do not go with it",
                "--gpu-layers 3 --host epyc-9654 -e llama.cpp --gpus 4 | 4 devices share fewer layers: 2",
                "--gpu-layers 5 --host-bandwidth fast -e ideal | 'fast' is not a bandwidth",
                "-g 'm4-max-40 64GB' --gpu-layers 5 --host epyc-9654 -e ideal | shares one memory with its CPU",
            })
    void what_cannot_be_is_refused_with_what_to_type_instead(String options, String message) {
        String gpu = options.contains("-g ") ? "" : " -g rtx4090";
        Run run = Run.line("estimate -m llama-3.1-8b -d fp16" + gpu + " " + options);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines().count()).isLessThanOrEqualTo(4);
    }

    @Test
    void experts_are_left_to_one_option() {
        assertThat(Run.line(SPARSE + "--cpu-moe --n-cpu-moe 3" + SLOW).err())
                .contains("--cpu-moe and --n-cpu-moe contradict each other");
    }

    private static double number(JsonNode answer, String path) {
        assertThat(answer.at(path).isNumber()).as(path).isTrue();
        return answer.at(path).doubleValue();
    }

    private static double sum(JsonNode answer, String amount) {
        double sum = 0;
        for (JsonNode operation : answer.at("/floor/operations")) {
            sum += operation.get(amount).doubleValue();
        }
        return sum;
    }
}
