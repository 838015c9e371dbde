package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of other programs, in the form in which they save them; the fields are those of their own documentation. */
class MeasurementFilesTest {
    private static final Path FOLDER = Path.of("src/test/resources/measured");
    private static final Given MODEL = new Given("llama-3.1-8b", null, null, null);
    private static final Given ALL = new Given("llama-3.1-8b", "4x h100-sxm", "vllm", "fp8");
    private static final String TEST =
            "\"gpu_info\": \"NVIDIA GeForce RTX 4090\", \"backends\": \"CUDA\", \"model_filename\": \"x.gguf\"";

    private static List<Measurement> file(String name, Given given) {
        return reader(given, InputStream.nullInputStream())
                .read(FOLDER.resolve(name).toString());
    }

    private static List<Measurement> input(String text, Given given) {
        return reader(given, new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .read("-");
    }

    private static MeasurementFiles reader(Given given, InputStream in) {
        return new MeasurementFiles(Rows.LIBRARY, given, in);
    }

    @Test
    void a_table_may_come_from_standard_input() {
        assertThat(input("model,gpu,engine,metric,value\n7b,rtx4090,ideal,tpot_ms,15\n", Given.NOTHING))
                .extracting(Measurement::name)
                .containsExactly("standard input:2");
    }

    @Test
    void a_prompt_test_of_llama_bench_is_a_prefill_rate() {
        Measurement prompt = file("llama-bench.json", MODEL).get(0);

        assertThat(prompt.metric()).isEqualTo("prefill_tokens_per_s");
        assertThat(prompt.value()).isEqualTo(11130.434783);
        assertThat(prompt.subject())
                .isEqualTo(new Measurement.Subject(
                        "llama-3.1-8b",
                        "NVIDIA GeForce RTX 4090",
                        "llama.cpp/cuda",
                        "q4_k_m",
                        4912898304L,
                        "fp16",
                        true));
        assertThat(prompt.request()).isEqualTo(new Measurement.Request(false, 1, 512L, null, 1024L, 512L, 0, false));
        assertThat(prompt.layout()).isEqualTo(Measurement.Layout.ONE);
        assertThat(prompt.origin().date()).isEqualTo("2025-04-24");
        assertThat(prompt.origin().engineVersion()).isEqualTo("b5163");
        assertThat(Rows.answered(prompt).identity().gpu()).isEqualTo("rtx4090");
    }

    @Test
    void a_generation_test_of_llama_bench_is_a_decode_rate() {
        Measurement generated = file("llama-bench.json", MODEL).get(1);

        assertThat(generated.metric()).isEqualTo("decode_tokens_per_s_per_seq");
        assertThat(generated.value()).isEqualTo(118.881588);
        assertThat(generated.subject().weightFormat()).isEqualTo("q8_0");
        assertThat(generated.subject().kvFormat()).isEqualTo("q8_0");
        assertThat(generated.subject().flashAttention()).isFalse();
        assertThat(generated.request()).isEqualTo(new Measurement.Request(false, 1, null, 128L, 0L, null, 0, false));
        assertThat(generated.layout()).isEqualTo(new Measurement.Layout(2, 1, 1, 1, 1, null, 1, "layer"));
    }

    @Test
    void a_test_of_both_is_their_time_together_with_a_step_for_every_token() {
        Measurement both = file("llama-bench.jsonl", ALL).get(0);

        assertThat(both.metric()).isEqualTo("e2e_latency_ms");
        assertThat(both.value()).isEqualTo(1000);
        assertThat(both.request()).isEqualTo(new Measurement.Request(false, 1, 64L, 17L, 0L, 128L, 0, false));
        assertThat(both.subject().engine()).isEqualTo("llama.cpp/cpu");
        assertThat(both.subject().gpu()).isEqualTo("AMD Ryzen 9 7950X 16-Core Processor");
        assertThat(both.subject().kvFormat()).isEqualTo("f16/q8_0");
        assertThat(both.subject().weightFormat()).isEqualTo("fp16");
        assertThat(both.subject().weightBytes()).isNull();
        assertThat(both.subject().flashAttention()).isNull();
    }

    @Test
    void layers_left_on_the_processor_are_no_plain_layout() {
        Measurement partly = file("llama-bench.jsonl", new Given("7b", "m1-max-32", null, null))
                .get(1);

        assertThat(partly.subject().engine()).isEqualTo("llama.cpp/metal");
        assertThat(partly.subject().weightFormat()).isEqualTo("q4_0");
        assertThat(Rows.skipped(partly)).isEqualTo("layout not supported yet: split partly on the processor");
    }

    @ParameterizedTest
    @CsvSource({
        "llama 8B Q4_K - Medium, q4_k_m",
        "llama 8B Q4_K - Small, q4_k_s",
        "llama 7B mostly Q4_0, q4_0",
        "llama 7B all F32, fp32",
        "llama 7B BF16, bf16",
        "llama4 17B.16E (Scout) Q6_K, q6_k",
        "gpt-oss 20B MXFP4 MoE, mxfp4",
        "qwen3moe 30B.A3B IQ4_XS - 4.25 bpw, iq4_xs",
        "llama 7B Q2_K - Medium, q2_k",
        "Q8 30B Q3_K - Large, q3_k_l"
    })
    void the_type_of_the_weights_is_read_from_the_end_of_the_models_type(String type, String format) {
        String test = "{" + TEST + ", \"model_type\": \"" + type + "\", \"n_prompt\": 0, \"n_gen\": 1, \"avg_ts\": 9}";

        assertThat(input(test, MODEL).get(0).subject().weightFormat()).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CUDA|llama.cpp/cuda",
                "ROCm|llama.cpp/rocm",
                "Metal,BLAS|llama.cpp/metal",
                "BLAS,MTL|llama.cpp/metal",
                "Vulkan,RPC|llama.cpp/vulkan",
                "CPU|llama.cpp/cpu",
                "''|llama.cpp"
            })
    void the_backend_is_the_one_that_computes(String backends, String engine) {
        String test =
                "{\"gpu_info\": \"x\", \"cpu_info\": \"x\", \"model_filename\": \"x\", \"n_prompt\": 9, \"n_gen\": 0,"
                        + " \"avg_ts\": 9, \"backends\": \"" + backends + "\"}";

        assertThat(input(test, Given.NOTHING).get(0).subject().engine()).isEqualTo(engine);
    }

    @Test
    void a_serving_benchmark_of_vllm_gives_four_figures_under_load() {
        List<Measurement> rows = file("vllm.json", new Given(null, "h100-sxm", null, null));

        assertThat(rows)
                .extracting(Measurement::metric)
                .containsExactly("ttft_ms", "tpot_ms", "e2e_latency_ms", "decode_tokens_per_s_total");
        assertThat(rows).extracting(Measurement::value).containsExactly(250.5, 12.5, 1838.0, 268.5);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.subject().model()).isEqualTo("meta-llama/Llama-3.1-8B");
            assertThat(row.subject().engine()).isEqualTo("vllm");
            assertThat(row.layout().gpus()).isEqualTo(2);
            assertThat(row.layout().tensorDegree()).isEqualTo(2);
            assertThat(row.origin().date()).isEqualTo("2025-06-01");
            assertThat(row.request()).isEqualTo(new Measurement.Request(true, 16, 1024L, 128L, null, null, 0, false));
        });
    }

    @Test
    void a_serving_benchmark_of_sglang_without_a_limit_has_all_requests_in_flight() {
        List<Measurement> rows = file("sglang.jsonl", ALL);

        assertThat(rows.subList(0, 4)).allSatisfy(row -> {
            assertThat(row.subject().engine()).isEqualTo("sglang"); // the file says it, and it resolves
            assertThat(row.subject().weightFormat()).isEqualTo("fp8");
            assertThat(row.layout().gpus()).isEqualTo(4);
            assertThat(row.request().batch()).isEqualTo(32);
        });
    }

    @Test
    void requests_that_come_at_a_rate_are_no_closed_loop_and_a_zero_is_no_figure() {
        List<Measurement> rows = file("sglang.jsonl", ALL);

        assertThat(rows.subList(4, rows.size()))
                .extracting(Measurement::metric, Measurement::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("ttft_ms at a request rate", 85.0),
                        org.assertj.core.groups.Tuple.tuple("tpot_ms at a request rate", 9.5));
    }

    @Test
    void what_a_file_does_not_say_is_asked_for_by_its_option() {
        assertThatThrownBy(() -> file("vllm.json", Given.NOTHING))
                .hasMessageContaining("does not say which GPU")
                .extracting(e -> ((Refusal) e).hints())
                .asString()
                .contains("--gpu");
        assertThatThrownBy(() -> file("sglang.jsonl", new Given(null, "h100-sxm", null, null)))
                .hasMessageContaining("does not say which model");
    }

    @Test
    void a_given_name_does_not_replace_one_that_resolves() {
        Given other = new Given("7b", "l4", "ideal", "fp16");

        assertThat(file("vllm.json", other))
                .extracting(row -> row.subject().model())
                .containsOnly("meta-llama/Llama-3.1-8B");
        assertThat(file("llama-bench.json", other).get(0).subject().gpu()).isEqualTo("NVIDIA GeForce RTX 4090");
        assertThat(file("llama-bench.json", other).get(0).subject().weightFormat())
                .isEqualTo("q4_k_m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[1]",
                "[[]]",
                "{\"n_prompt\": 1}",
                "{" + TEST + ", \"n_prompt\": 0, \"n_gen\": 0, \"avg_ts\": 1}",
                "{" + TEST + ", \"n_prompt\": 1, \"n_gen\": 0}",
                "{" + TEST + ", \"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": -1}",
                "{" + TEST + ", \"n_prompt\": 1.5, \"n_gen\": 0, \"avg_ts\": 1}",
                "{" + TEST + ", \"n_prompt\": -1, \"n_gen\": 0, \"avg_ts\": 1}",
                "{" + TEST + ", \"n_prompt\": 1e99, \"n_gen\": 0, \"avg_ts\": 1}",
                "{" + TEST + ", \"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 1} x",
                "{" + TEST + ", \"n_prompt\": 1, \"n_prompt\": 1, \"n_gen\": 0, \"avg_ts\": 1}",
                "{\"completed\": 1, \"total_output_tokens\": 1}",
                "{\"completed\": 1, \"total_output_tokens\": 1, \"mean_ttft_ms\": 1, \"max_concurrency\": -1}",
                "{",
                "[{",
                "{\"a\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            })
    void what_holds_no_measurement_is_refused_in_one_line(String text) {
        assertThatThrownBy(() -> input(text, ALL))
                .isInstanceOf(Refusal.class)
                .satisfies(e ->
                        assertThat(e.getMessage()).startsWith("standard input").doesNotContain("\n"));
    }

    @Test
    void a_file_that_cannot_be_read_is_refused_by_name(@TempDir Path scratch) {
        MeasurementFiles reader = reader(Given.NOTHING, InputStream.nullInputStream());

        assertThatThrownBy(() -> reader.read(scratch.toString())).hasMessageContaining("is a folder");
        assertThatThrownBy(() -> reader.read(scratch.resolve("none.csv").toString()))
                .hasMessageStartingWith("there is no file ");
        assertThatThrownBy(() -> reader.read("a\0b")).isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"small.csv", "llama-bench.json", "llama-bench.jsonl", "vllm.json", "sglang.jsonl"})
    void a_damaged_file_is_read_or_refused(String name) throws IOException {
        byte[] sound = Files.readAllBytes(FOLDER.resolve(name));
        MeasuredCases cases = new MeasuredCases(Rows.LIBRARY);
        for (long seed = 1; seed <= 500; seed++) {
            byte[] damaged = damaged(sound, new Random(seed));
            try {
                MeasurementFiles reader = reader(ALL, new ByteArrayInputStream(damaged));
                for (Measurement measurement : reader.read("-")) {
                    Comparison.of(cases.resolve(measurement));
                }
            } catch (Refusal e) {
                assertThat(e.getMessage()).as("seed %d", seed).isNotBlank();
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError(name + ", seed " + seed, e);
            }
        }
    }

    private static byte[] damaged(byte[] sound, Random random) {
        byte[] damaged = sound.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(damaged.length);
            int from = random.nextInt(damaged.length);
            int length = 1 + random.nextInt(Math.min(20, damaged.length - Math.max(at, from)));
            switch (random.nextInt(3)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] = (byte) "0123456789,.-eE\"{}[]\n".charAt(random.nextInt(21));
                default -> System.arraycopy(sound, from, damaged, at, length);
            }
        }
        return damaged;
    }
}
