package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantised checkpoints leave embeddings, heads, routers and what their config lists at 16 bit. */
class UnquantisedTest {
    private static final String CONFIG = """
            {"model_type": "llama", "torch_dtype": "float16", "vocab_size": 1000, "hidden_size": 256,
             "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "max_position_embeddings": 1024, "tie_word_embeddings": false,
             "quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128%s}}
            """;
    private static final long TABLES = 2L * 1000 * 256;
    private static final long NORMS = 5L * 256;
    private static final long ATTENTION = 2L * (2 * 256 * 256 + 2 * 256 * 128);
    private static final long FEED_FORWARD = 2L * 3 * 256 * 512;

    @TempDir
    Path folder;

    /** Source: parameters.BF16 of openai/gpt-oss-120b in the Hugging Face API; its model card's checkpoint of 60.8 GiB. */
    @Test
    void gptOssKeepsAllButItsExpertsAt16Bit() throws IOException {
        JsonNode model =
                json(Run.of("inspect", "openai/gpt-oss-120b", "--json")).get("model");
        assertThat(parameters(model, "bf16")).isEqualTo(2_167_371_072L);
        assertThat(model.get("weight_bytes").asDouble() / (1L << 30)).isBetween(60.75, 60.85);
    }

    @Test
    void embeddingsAndHeadStayPlainWhateverIsListed() throws IOException {
        JsonNode model = inspect("");
        assertThat(parameters(model, "fp16")).isEqualTo(TABLES + NORMS);
        assertThat(parameters(model, "awq")).isEqualTo(ATTENTION + FEED_FORWARD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "self_attn                         | 2",
                "model.layers.0.self_attn          | 1",
                "model.layers.*.self_attn          | 2",
                "*.self_attn.*                     | 2",
                "re:.*self_attn.*                  | 2",
                "language_model.model.layers.1.self_attn* | 1",
                "model.layers.7.self_attn          | 0",
                "self                              | 0",
            })
    void listedModulesStayPlainInTheLayersThatTheyName(String module, int layers) throws IOException {
        JsonNode model = inspect(", \"modules_to_not_convert\": [\"" + module.strip() + "\"]");
        assertThat(parameters(model, "fp16")).isEqualTo(TABLES + NORMS + layers * ATTENTION / 2);
    }

    @Test
    void aListThatWasCutShortStandsForAllLayers() throws IOException {
        JsonNode model =
                inspect(", \"modules_to_not_convert\": [\"model.layers.0.self_attn*\", \"... 283 entries in all\"]");
        assertThat(parameters(model, "fp16")).isEqualTo(TABLES + NORMS + ATTENTION);
    }

    @Test
    void aPatternThatWouldRunForEverIsRefused() throws IOException {
        Path config = folder.resolve("config.json");
        String pattern = "re:(([a-z._0-9]+)+)+!";
        Files.writeString(config, CONFIG.formatted(", \"ignore\": [\"" + pattern + "\"]"));
        Run run = Run.of("inspect", config.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("takes too long");
    }

    @Test
    void anAskedFormatCountsFlat() throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, CONFIG.formatted(""));
        JsonNode model = json(Run.of("inspect", config.toString(), "-d", "int8", "--json"))
                .get("model");
        assertThat(parameters(model, "int8")).isEqualTo(TABLES + ATTENTION + FEED_FORWARD);
    }

    private JsonNode inspect(String more) throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, CONFIG.formatted(more));
        return json(Run.of("inspect", config.toString(), "--json")).get("model");
    }

    private static long parameters(JsonNode model, String format) {
        for (JsonNode stored : model.get("formats")) {
            if (stored.get("format").asText().equals(format)) {
                return stored.get("parameters").asLong();
            }
        }
        return 0;
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }
}
