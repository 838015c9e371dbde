package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages sound files at random and reads them: each is read or refused in one line, soon; nothing else may happen.
 *
 * <p>A build tries 3,000 for each reader. {@code -Dfuzz.seconds=120} goes on for two minutes a reader, and
 * {@code -Dfuzz.seed=N} tries others; the seed is printed, and a file that breaks a reader is left in
 * {@code target/fuzz}.
 */
class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 4);
    private static final long SECONDS = Long.getLong("fuzz.seconds", 0);
    private static final int TRIES = 3_000;
    private static final long SLOW = TimeUnit.SECONDS.toNanos(2);

    @TempDir
    private Path folder;

    @Test
    void safetensorsFilesAreReadOrRefused() {
        List<byte[]> corpus = List.of(
                new SafetensorsWriter()
                        .metadata("format", "pt")
                        .tensor("a.weight", "BF16", 12, 2, 3)
                        .bytes(),
                new SafetensorsWriter()
                        .tensor("a", "F32", 4)
                        .tensor("b", "F4", 16, 2, 16)
                        .tensor("c", "I64", 0, 0)
                        .tensor("d\\u00e9", "F8_E4M3", 6, 1, 2, 3)
                        .bytes(),
                SafetensorsWriter.file(
                        "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"y\":[{}]}}  ", 1));
        fuzz(
                "safetensors",
                corpus,
                FuzzTest::withTrueLength,
                file -> SafetensorsHeader.read(write(file, "a.safetensors")));
    }

    @Test
    void indexesAreReadOrRefused() throws IOException {
        new SafetensorsWriter().tensor("a", "F32", 4, 1).write(folder.resolve("1.safetensors"));
        new SafetensorsWriter().tensor("b", "F32", 4, 1).write(folder.resolve("2.safetensors"));
        String index =
                "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}";
        fuzz(
                "index",
                List.of(index.getBytes(StandardCharsets.UTF_8)),
                UnaryOperator.identity(),
                file -> SafetensorsHeader.read(write(file, "model.safetensors.index.json")));
    }

    @Test
    void ggufFilesAreReadOrRefused() {
        List<byte[]> corpus = List.of(
                GgufWriter.little()
                        .put("general.architecture", GgufWriter.STRING, "llama")
                        .list("tokenizer.ggml.tokens", GgufWriter.STRING, List.of("a", "b", "c"))
                        .list("heads", GgufWriter.I32, List.of(8, 8))
                        .put("f", GgufWriter.F32, 1e-5)
                        .tensor("token_embd.weight", 2, 36, 32, 2)
                        .tensor("norm", 0, 16, 4)
                        .bytes(),
                new GgufWriter(2, ByteOrder.LITTLE_ENDIAN)
                        .align(64)
                        .put("b", GgufWriter.BOOL, true)
                        .put("u", GgufWriter.U64, -1)
                        .tensor("e", 39, 17, 32)
                        .bytes(),
                GgufWriter.little().put("split.count", GgufWriter.U16, 1).bytes());
        fuzz("gguf", corpus, UnaryOperator.identity(), file -> GgufHeader.read(write(file, "a.gguf")));
    }

    @Test
    void configsAreReadOrRefused() {
        String llama = "{\"architectures\":[\"LlamaForCausalLM\"],\"model_type\":\"llama\",\"hidden_size\":64,"
                + "\"intermediate_size\":128,\"num_hidden_layers\":4,\"num_attention_heads\":4,\"num_key_value_heads\":2,"
                + "\"vocab_size\":100,\"tie_word_embeddings\":false,\"rope_scaling\":{\"factor\":8.0,\"type\":\"llama3\"},"
                + "\"torch_dtype\":\"bfloat16\",\"head_dim\":null,\"eos_token_id\":[1,2],\"limit\":[0.0,Infinity]}";
        String moe =
                "{\"model_type\":\"qwen3_moe\",\"hidden_size\":64,\"num_hidden_layers\":6,\"num_attention_heads\":4,"
                        + "\"num_key_value_heads\":2,\"head_dim\":16,\"vocab_size\":100,\"moe_intermediate_size\":32,"
                        + "\"intermediate_size\":96,\"num_experts\":8,\"num_experts_per_tok\":2,\"decoder_sparse_step\":2,"
                        + "\"mlp_only_layers\":[0,3],\"norm_topk_prob\":true,\"sliding_window\":null}";
        String outer = "{\"model_type\":\"outer\",\"text_config\":" + llama + ",\"vision_config\":{\"depth\":2}}";
        fuzz(
                "config",
                Stream.of(llama, moe, outer)
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                UnaryOperator.identity(),
                file -> ModelDocument.read(HuggingFaceConfig.document(
                        JsonReader.readConfig("config.json", file), FuzzTest::architecture, Map.of())));
    }

    private static void fuzz(String name, List<byte[]> corpus, UnaryOperator<byte[]> repair, Consumer<byte[]> reader) {
        corpus.forEach(reader);
        Mutator mutator = new Mutator(corpus, SEED);
        long start = System.nanoTime();
        int read = 0;
        int refused = 0;
        while (read + refused < TRIES || System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            byte[] file = repair.apply(mutator.next());
            long began = System.nanoTime();
            try {
                reader.accept(file);
                read++;
                mutator.keep(file);
            } catch (Refusal e) {
                refused++;
                if (e.message().isBlank() || e.message().contains("\n")) {
                    throw broken(name, file, read + refused, e);
                }
            } catch (Throwable e) {
                throw broken(name, file, read + refused, e);
            }
            if (System.nanoTime() - began > SLOW) {
                throw broken(name, file, read + refused, new AssertionError("it took more than 2 s"));
            }
        }
        System.out.printf("fuzz %s: seed %d, %d read, %d refused%n", name, SEED, read, refused);
        assertThat(read).isPositive();
        assertThat(refused).isPositive();
    }

    private static AssertionError broken(String name, byte[] file, int tries, Throwable cause) {
        try {
            Path left = Files.createDirectories(Path.of("target", "fuzz")).resolve(name + "-" + SEED + "-" + tries);
            Files.write(left, file);
            return new AssertionError(
                    "fuzz " + name + ", seed " + SEED + ", try " + tries + ", left in " + left, cause);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Half of the damaged headers get a length that fits them, or none would be looked into. */
    private static byte[] withTrueLength(byte[] file) {
        int end = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf('}') + 1;
        if (end <= Long.BYTES || file[file.length - 1] % 2 != 0) {
            return file;
        }
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(end - Long.BYTES);
        return file;
    }

    private Path write(byte[] file, String name) {
        try {
            return Files.write(folder.resolve(name), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Document architecture(String modelType) {
        String resource = "/profiles/architectures/" + modelType + ".json";
        try (InputStream in = modelType.matches("[a-z0-9_]+") ? FuzzTest.class.getResourceAsStream(resource) : null) {
            return in == null ? null : JsonReader.read(resource, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
