package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose weights lie beside their config, or in a GGUF file: their bytes are those of the tensors. */
class WeightFilesTest {
    private static final int F32 = 0;
    private static final int Q8_0 = 8;
    private static final int Q4_K = 12;
    private static final int Q6_K = 14;
    private static final long D = 256;
    private static final long FF = 512;
    private static final long V = 1000;
    private static final long HEADS = 4;
    private static final long KV = 2;
    private static final int LAYERS = 2;
    private static final long PER_LAYER = 2 * D * D + 2 * D * D * KV / HEADS + 3 * D * FF;
    private static final String CONFIG = """
            {"model_type": "llama", "torch_dtype": "bfloat16", "vocab_size": 1000, "hidden_size": 256,
             "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4,
             "num_key_value_heads": 2, "max_position_embeddings": 1024, "tie_word_embeddings": false}
            """;

    @TempDir
    Path folder;

    @Test
    void aGgufFileIsCountedByItsTensors() throws IOException {
        Path file = gguf(true).write(folder.resolve("tiny.gguf"));
        JsonNode model = inspect(file.toString()).get("model");
        long matrices = LAYERS * PER_LAYER;
        long norms = (2L * LAYERS + 1) * D;
        long rest = matrices / 256 * 144 + norms * 4;
        long head = V * D / 256 * 210;
        long table = V * D / 32 * 34;
        assertThat(model.get("parameters").asLong()).isEqualTo(2 * V * D + matrices + norms);
        assertThat(model.get("weight_bytes").asLong()).isEqualTo(table + head + rest);
        assertThat(model.get("weight_bytes_per_token").asLong()).isEqualTo(head + rest);
        assertThat(model.get("formats")).hasSize(4);
    }

    @Test
    void anEstimateReadsWhatTheTensorsTake() throws IOException {
        Path file = gguf(true).write(folder.resolve("tiny.gguf"));
        JsonNode inspected = inspect(file.toString()).get("model");
        JsonNode estimate = json(Run.of("estimate", "-m", file.toString(), "-g", "rtx4090", "--json"));
        assertThat(estimate.at("/question/weight_format").asText()).isEqualTo("q4_k_m");
        assertThat(estimate.at("/model/weight_bytes_per_token").asDouble())
                .isCloseTo(inspected.get("weight_bytes_per_token").asDouble(), within(1.0));
        assertThat(estimate.at("/memory/weight_bytes").asLong())
                .isEqualTo(inspected.get("weight_bytes").asLong());
    }

    @Test
    void aGgufFileWithoutAHeadSharesItsTable() throws IOException {
        Path file = gguf(false).write(folder.resolve("tied.gguf"));
        JsonNode model = inspect(file.toString()).get("model");
        assertThat(model.get("parameters").asLong()).isEqualTo(V * D + LAYERS * PER_LAYER + (2L * LAYERS + 1) * D);
        assertThat(model.get("weight_bytes_per_token").asLong())
                .isEqualTo(model.get("weight_bytes").asLong());
    }

    @Test
    void safetensorsBesideAConfigGiveTheSameFloorAsTheConfig() throws IOException {
        weights(false);
        Path config = folder.resolve("config.json");
        String[] device = {"--bandwidth", "100 GB/s", "--memory", "8 GiB", "--peak", "bf16=10 TFLOP/s", "--json"};
        double alone = floor(config.toString(), device);
        assertThat(floor(folder.toString(), device)).isEqualTo(alone);
        assertThat(floor(folder.resolve("model.safetensors").toString(), device))
                .isEqualTo(alone);
    }

    @Test
    void whatTheFilesHoldBeyondTheWeightsIsNamed() throws IOException {
        weights(true);
        JsonNode inspected = inspect(folder.toString());
        assertThat(inspected.get("differences").findValuesAsText("what"))
                .containsExactly("vision side", "draft (MTP) modules", "buffers");
        long beyond = 0;
        for (JsonNode difference : inspected.get("differences")) {
            beyond += difference.get("parameters").asLong();
        }
        assertThat(inspected.at("/published/parameters").asLong())
                .isEqualTo(inspected.at("/model/parameters").asLong() + beyond);
    }

    @Test
    void anotherFormatThanTheStoredOneIsRefused() throws IOException {
        weights(false);
        Run other = Run.of("estimate", "-m", folder.toString(), "-g", "l4", "-d", "int8");
        assertThat(other.code()).isEqualTo(2);
        assertThat(other.err()).contains("--dtype int8 contradicts the weights, which are stored as bf16");
        assertThat(Run.of("estimate", "-m", folder.toString(), "-g", "l4", "-d", "bf16")
                        .code())
                .isZero();
    }

    @Test
    void weightsWithoutAConfigAreRefusedWithWhatIsMissing() throws IOException {
        weights(false);
        Files.delete(folder.resolve("config.json"));
        Run run = Run.of("inspect", folder.toString());
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("config.json");
    }

    @Test
    void aModelInTheHubsCacheIsFoundByItsId() throws IOException {
        Path snapshot = Files.createDirectories(folder.resolve("hub/models--some--tiny/snapshots/abc"));
        Files.writeString(snapshot.resolve("config.json"), CONFIG);
        Run run = Run.in(Map.of("HF_HUB_CACHE", folder.resolve("hub").toString()), "inspect", "some/tiny", "--json");
        assertThat(json(run).at("/model/parameters").asLong())
                .isEqualTo(2 * V * D + LAYERS * PER_LAYER + (2L * LAYERS + 1) * D);
        assertThat(Run.of("inspect", "some/tiny").code()).isEqualTo(2);
    }

    private static GgufWriter gguf(boolean head) {
        GgufWriter file = GgufWriter.little()
                .put("general.architecture", GgufWriter.STRING, "llama")
                .put("general.file_type", GgufWriter.U32, 15)
                .put("llama.block_count", GgufWriter.U32, LAYERS)
                .put("llama.embedding_length", GgufWriter.U32, (int) D)
                .put("llama.feed_forward_length", GgufWriter.U32, (int) FF)
                .put("llama.attention.head_count", GgufWriter.U32, (int) HEADS)
                .put("llama.attention.head_count_kv", GgufWriter.U32, (int) KV)
                .put("llama.context_length", GgufWriter.U32, 1024);
        file.tensor("token_embd.weight", Q8_0, V * D / 32 * 34, D, V);
        file.tensor("output_norm.weight", F32, D * 4, D);
        if (head) {
            file.tensor("output.weight", Q6_K, V * D / 256 * 210, D, V);
        }
        for (int i = 0; i < LAYERS; i++) {
            String layer = "blk." + i + ".";
            file.tensor(layer + "attn_norm.weight", F32, D * 4, D).tensor(layer + "ffn_norm.weight", F32, D * 4, D);
            long kv = D * KV / HEADS;
            long[][] shapes = {{D, D}, {D, kv}, {D, kv}, {D, D}, {D, FF}, {D, FF}, {FF, D}};
            String[] names = {"attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"};
            for (int n = 0; n < names.length; n++) {
                long elements = shapes[n][0] * shapes[n][1];
                file.tensor(layer + names[n] + ".weight", Q4_K, elements / 256 * 144, shapes[n]);
            }
        }
        return file;
    }

    private void weights(boolean more) throws IOException {
        Files.writeString(folder.resolve("config.json"), CONFIG);
        SafetensorsWriter file = new SafetensorsWriter();
        tensor(file, "model.embed_tokens.weight", V, D);
        tensor(file, "lm_head.weight", V, D);
        tensor(file, "model.norm.weight", D);
        long kv = D * KV / HEADS;
        for (int i = 0; i < LAYERS; i++) {
            String layer = "model.layers." + i + ".";
            tensor(file, layer + "self_attn.q_proj.weight", D, D);
            tensor(file, layer + "self_attn.k_proj.weight", kv, D);
            tensor(file, layer + "self_attn.v_proj.weight", kv, D);
            tensor(file, layer + "self_attn.o_proj.weight", D, D);
            tensor(file, layer + "mlp.gate_proj.weight", FF, D);
            tensor(file, layer + "mlp.up_proj.weight", FF, D);
            tensor(file, layer + "mlp.down_proj.weight", D, FF);
            tensor(file, layer + "input_layernorm.weight", D);
            tensor(file, layer + "post_attention_layernorm.weight", D);
        }
        if (more) {
            tensor(file, "visual.patch_embed.weight", 10, 10);
            tensor(file, "model.layers.2.self_attn.q_proj.weight", D, D);
            tensor(file, "model.layers.0.self_attn.rotary_emb.inv_freq", 32);
        }
        file.write(folder.resolve("model.safetensors"));
    }

    private static void tensor(SafetensorsWriter file, String name, long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        file.tensor(name, "BF16", 2 * elements, shape);
    }

    private static double floor(String model, String... device) throws IOException {
        String[] arguments = new String[device.length + 3];
        arguments[0] = "estimate";
        arguments[1] = "-m";
        arguments[2] = model;
        System.arraycopy(device, 0, arguments, 3, device.length);
        return json(Run.of(arguments)).at("/floor/tpot_ms").asDouble();
    }

    private static JsonNode inspect(String model) throws IOException {
        return json(Run.of("inspect", model, "--json"));
    }

    private static JsonNode json(Run run) throws IOException {
        assertThat(run.err()).isEmpty();
        return new ObjectMapper().readTree(run.out());
    }
}
