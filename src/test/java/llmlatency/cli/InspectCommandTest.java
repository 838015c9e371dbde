package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect}: what a config, a folder or a known model holds. */
class InspectCommandTest {
    @TempDir
    Path folder;

    private static Run answered(String... arguments) {
        Run run = Run.of(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return run;
    }

    @Test
    void a_config_is_inspected_with_every_key_of_the_schema() {
        JsonNode answer = answered("inspect", Configs.DEEPSEEK, "--json").json();

        assertThat(answer.fieldNames()).toIterable().contains("schema_version", "model", "differences");
        assertThat(answer.get("schema_version").intValue()).isEqualTo(1);
        assertThat(answer.get("model").fieldNames())
                .toIterable()
                .contains(
                        "parameters",
                        "active_parameters",
                        "weight_bytes",
                        "weight_bytes_per_token",
                        "kv_bytes_per_token",
                        "kv_constant_bytes",
                        "kv_bytes_per_token_windows_full",
                        "kv_window_bytes",
                        "kv_allocated_bytes",
                        "parts",
                        "formats");
        assertThat(answer.get("model").get("parameters").longValue()).isEqualTo(671_026_419_200L);
        assertThat(answer.get("model").get("kv_bytes_per_token").doubleValue()).isEqualTo(70_272);
        assertThat(answer.get("differences")).isNotEmpty().allSatisfy(difference -> {
            assertThat(difference.get("what").textValue()).isNotBlank();
            assertThat(difference.get("why").textValue()).isNotBlank();
            assertThat(difference.get("parameters").isIntegralNumber()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3.1-8b", "mixtral-8x7b-v0.1", "qwen3-0.6b", "gpt2", "nemotron-h-56b-base-8k"})
    void parts_and_formats_add_up_to_the_whole(String name) {
        for (String format : List.of("bf16", "fp32", "q4_k_m")) {
            JsonNode model =
                    answered("inspect", name, "-d", format, "--json").json().get("model");
            long parameters = model.get("parameters").longValue() + rotary(model);
            for (String by : List.of("parts", "formats")) {
                assertThat(sum(model.get(by), "parameters"))
                        .as("%s in %s", by, format)
                        .isEqualTo(parameters);
                assertThat(sum(model.get(by), "bytes"))
                        .isCloseTo(model.get("weight_bytes").longValue(), within(20L));
            }
        }
    }

    /** Rotary frequencies are stored in a GGUF file but are no weights. */
    private static long rotary(JsonNode model) {
        JsonNode first = model.get("parts").get(0);
        return first.get("part").textValue().equals("rotary frequencies")
                ? first.get("parameters").longValue()
                : 0;
    }

    private static long sum(JsonNode list, String key) {
        long sum = 0;
        for (JsonNode item : list) {
            sum += item.get(key).longValue();
        }
        return sum;
    }

    @Test
    void a_folder_is_inspected_by_its_config() throws IOException {
        Files.copy(Path.of(Configs.QWEN), folder.resolve("config.json"));

        JsonNode model = answered("inspect", folder.toString(), "--json").json().get("model");

        assertThat(model.get("name").textValue()).isEqualTo(folder.toString());
        ObjectNode alone =
                (ObjectNode) answered("inspect", Configs.QWEN, "--json").json().get("model");
        assertThat((JsonNode) ((ObjectNode) model).without("name")).isEqualTo(alone.without("name"));
    }

    @Test
    void a_known_model_is_inspected_with_its_published_size() {
        JsonNode answer = answered("inspect", "Qwen/Qwen3-0.6B", "--json").json();

        assertThat(answer.get("model").get("name").textValue()).isEqualTo("qwen3-0.6b");
        assertThat(answer.get("model").get("parameters").longValue()).isEqualTo(596_049_920);
        assertThat(answer.get("published").get("parameters").longValue()).isEqualTo(751_632_384);
        assertThat(answer.get("differences").get(0).get("parameters").longValue())
                .isEqualTo(751_632_384 - 596_049_920);
    }

    @Test
    void a_cache_is_allocated_in_whole_blocks() {
        JsonNode model = answered("inspect", "llama-3.1-8b", "--context-tokens", "1001", "--json")
                .json()
                .get("model");

        assertThat(model.get("kv_logical_bytes").longValue()).isEqualTo(1001 * 131_072L);
        assertThat(model.get("kv_allocated_bytes").longValue()).isEqualTo(1008 * 131_072L);
        assertThat(model.get("kv_block_tokens").intValue()).isEqualTo(16);
    }

    /** A Mamba layer's 573,440 bytes of state fill 140 tokens of an attention layer's cache: 9 blocks of 16. */
    @Test
    void a_hybrid_has_pages_that_hold_a_layers_state() {
        JsonNode model = answered("inspect", "ai21-jamba-1.5-mini", "--context-tokens", "4096", "--json")
                .json()
                .get("model");

        assertThat(model.get("kv_block_tokens").intValue()).isEqualTo(144);
        assertThat(model.get("kv_logical_bytes").longValue()).isEqualTo(4096 * 16_384L + 28 * 573_440L);
        assertThat(model.get("kv_allocated_bytes").longValue()).isEqualTo(29 * 144 * 16_384L + 28 * 144 * 4096L);
    }

    @Test
    void a_cache_may_be_of_another_format() {
        JsonNode model = answered("inspect", "llama-3.1-8b", "--kv-dtype", "fp8", "--json")
                .json()
                .get("model");

        assertThat(model.get("kv_bytes_per_token").doubleValue()).isEqualTo(65_536);
    }

    @ParameterizedTest
    @ValueSource(strings = {"table", "json", "ndjson", "csv", "markdown"})
    void every_format_tells_the_parts(String format) {
        assertThat(answered("inspect", "7b", "-f", format).out()).contains("embedding", "QKV projection", "lm_head");
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect 7b --kv-dtype q4_k_m", "estimate -m 7b -g rtx4090 --kv-dtype q4_k_m"})
    void a_format_that_no_cache_is_stored_in_is_refused(String line) {
        Run refused = Run.line(line);

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("no KV cache is stored in q4_k_m", "--kv-dtype");
    }

    @Test
    void a_field_that_a_config_lacks_may_be_assumed() {
        Run refused = Run.of("inspect", Configs.KIMI);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains(
                        Configs.KIMI + " lacks the field 'num_experts_per_token'",
                        "--assume num_experts_per_token=VALUE");

        JsonNode model = answered("inspect", Configs.KIMI, "--assume", "num_experts_per_token=16", "--json")
                .json()
                .get("model");
        assertThat(model.get("parameters").longValue()).isEqualTo(2_779_484_478_208L);
    }

    @Test
    void a_field_that_a_config_has_may_be_overridden() {
        JsonNode model = answered("inspect", Configs.QWEN, "--assume", "num_hidden_layers=1", "--json")
                .json()
                .get("model");

        assertThat(model.get("kv_bytes_per_token").doubleValue()).isEqualTo(147_456.0 / 36);
    }

    @Test
    void an_assumption_about_a_known_model_is_refused() {
        Run run = Run.of("inspect", "llama-3.1-8b", "--assume", "num_hidden_layers=1");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--assume speaks of the fields of a config.json");
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "Qwen__Qwen3-8B, qwen3-8b",
        "mistralai__Mistral-7B-v0.1, mistral-7b-v0.1",
        "openai__gpt-oss-20b, gpt-oss-20b",
        "deepseek-ai__DeepSeek-V2-Lite, deepseek-v2-lite",
        "ai21labs__AI21-Jamba-1.5-Mini, ai21-jamba-1.5-mini",
        "google__gemma-2-9b-it, gemma-2-9b",
    })
    void an_estimate_from_a_config_has_the_floor_of_the_profile(String config, String profile) {
        String device =
                " --bandwidth '3.35 TB/s' --memory 2000GiB --peak 'bf16=989.4 TFLOP/s' -p 6k -n 512 -b 4 --json";
        JsonNode floor = Run.line("estimate -m " + Configs.FOLDER.resolve(config + ".json") + device)
                .json()
                .get("floor");
        JsonNode expected = Run.line("estimate -m " + profile + device).json().get("floor");

        for (String figure : List.of("ttft_ms", "tpot_ms", "tpot_first_ms", "tpot_last_ms", "total_ms")) {
            assertThat(floor.get(figure).doubleValue())
                    .as(figure)
                    .isPositive()
                    .isCloseTo(expected.get(figure).doubleValue(), Percentage.withPercentage(0.1));
        }
    }

    static Stream<Arguments> badFiles() {
        String llama =
                "\"model_type\": \"llama\", \"vocab_size\": 100, \"hidden_size\": 64, \"intermediate_size\": 128, ";
        return Stream.of(
                Arguments.of("", "does not hold a JSON object"),
                Arguments.of("[]", "does not hold a JSON object"),
                Arguments.of("{", "line 1: not valid JSON"),
                Arguments.of("\0\0\0\0", "config.json"),
                Arguments.of("{}", "lacks the field 'model_type'"),
                Arguments.of("{\"model_type\": null}", "lacks the field 'model_type'"),
                Arguments.of("{\"model_type\": 7}", "field model_type: expected a text"),
                Arguments.of("{\"model_type\": \"warp\"}", "no architecture is known for model_type 'warp'"),
                Arguments.of("{\"model_type\": \"llama\"}", "lacks the field 'vocab_size'"),
                Arguments.of("{\"a\": 1, \"a\": 2}", "Duplicate field 'a'"),
                Arguments.of("{\"a\": " + "[".repeat(100) + "]".repeat(100) + "}", "config.json"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": 0, \"num_attention_heads\": 4}", "0 layers"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": -1, \"num_attention_heads\": 4}", "-1"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": 1e12, \"num_attention_heads\": 4}", "layers"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": 1.5, \"num_attention_heads\": 4}", "whole number"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": \"many\", \"num_attention_heads\": 4}", "many"),
                Arguments.of(
                        "{" + llama + "\"num_hidden_layers\": Infinity, \"num_attention_heads\": 4}", "config.json"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": 2, \"num_attention_heads\": 0}", "config.json"),
                Arguments.of("{" + llama + "\"num_hidden_layers\": 2, \"num_attention_heads\": 5}", "'head_dim'"),
                Arguments.of(
                        "{" + llama + "\"num_hidden_layers\": 2, \"num_attention_heads\": 4, \"num_warp_layers\": 3}",
                        "the field 'num_warp_layers' is not understood"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badFiles")
    void a_bad_config_is_refused_in_at_most_four_lines_that_name_it(String text, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("config.json"), text);

        Run run = Run.of("inspect", file.toString());

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("config.json", why);
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
    }

    @Test
    void a_folder_without_a_config_and_a_file_of_another_kind_are_refused() throws IOException {
        Path text = Files.writeString(folder.resolve("model.txt"), "{}");

        assertThat(Run.of("inspect", folder.toString()).err()).contains("holds no config.json");
        assertThat(Run.of("inspect", text.toString()).err()).contains(text.toString());
        assertThat(Run.of("inspect", folder.resolve("none.json").toString()).code())
                .isEqualTo(2);
    }

    @Test
    void aConfigIsReadFromStandardInput() {
        String config = """
                {"model_type": "llama", "vocab_size": 100, "hidden_size": 8, "intermediate_size": 16,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "tie_word_embeddings": true}
                """;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayInputStream in = new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8));
        int code = new Program(new Console(in, out, err, Map.of())).run("inspect", "--model", "-", "-f", "csv");
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("part,parameters,bytes\nembedding table,800,1600\n");
    }

    @Test
    void aModelNamedTwiceOrNotAtAllIsRefused() {
        assertThat(Run.of("inspect").err()).contains("inspect which model?");
        assertThat(Run.of("inspect", "7b", "-m", "7b").err()).contains("named twice");
    }
}
