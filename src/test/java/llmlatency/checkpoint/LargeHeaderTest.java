package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Only headers are read, in a heap of 64 MiB, however large the files are or claim to be. */
@Timeout(60)
class LargeHeaderTest {
    private static final long HUNDRED_GB = 100_000_000_000L;
    private static final int MANY = 200_000;
    private static final String LONG_NAME = "model.language_model.layers.%d.mlp.experts.down_proj.weight";

    @TempDir
    private Path folder;

    @Test
    @Timeout(5)
    void aFileOfHundredGigabytesIsInspectedWithoutReadingIt() throws IOException {
        Path safetensors = new SafetensorsWriter()
                .tensor("a", "U8", HUNDRED_GB, 100_000, 1_000_000)
                .sparse(folder.resolve("large.safetensors"));
        Path gguf = GgufWriter.little()
                .tensor("a", 24, HUNDRED_GB, 1_000_000, 100_000)
                .sparse(folder.resolve("large.gguf"));
        assertThat(SafetensorsHeader.read(safetensors).tensors())
                .isEqualTo(GgufHeader.read(gguf).tensors().stream()
                        .map(tensor -> new StoredTensor("a", "u8", tensor.shape(), tensor.elements(), tensor.bytes()))
                        .toList());
        assertThat(SafetensorsHeader.read(safetensors).bytes()).isEqualTo(HUNDRED_GB);
    }

    @Test
    void twoHundredThousandTensorsFitIntoASmallHeap() throws Exception {
        SafetensorsWriter safetensors = new SafetensorsWriter();
        GgufWriter gguf = GgufWriter.little();
        for (int i = 0; i < MANY; i++) {
            safetensors.tensor(LONG_NAME.formatted(i), "BF16", 2 * 7168 * 2048, 7168, 2048);
            gguf.tensor(LONG_NAME.formatted(i), 30, 2 * 7168 * 2048, 2048, 7168);
        }
        String expected = "200000 tensors of 5872025600000 bytes";
        assertThat(probe(safetensors.sparse(folder.resolve("many.safetensors"))))
                .isEqualTo(expected);
        assertThat(probe(gguf.sparse(folder.resolve("many.gguf")))).isEqualTo(expected);
    }

    @Test
    void anIndexOfAsManyFitsToo() throws Exception {
        List<String> entries = new ArrayList<>();
        for (int shard = 1; shard <= 4; shard++) {
            String file = "model-%05d-of-00004.safetensors".formatted(shard);
            SafetensorsWriter writer = new SafetensorsWriter();
            for (int i = shard; i <= MANY; i += 4) {
                writer.tensor(LONG_NAME.formatted(i), "BF16", 8192, 64, 64);
                entries.add("\"" + LONG_NAME.formatted(i) + "\":\"" + file + "\"");
            }
            writer.sparse(folder.resolve(file));
        }
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + String.join(",", entries) + "}}");
        assertThat(probe(folder)).isEqualTo("200000 tensors of 1638400000 bytes");
    }

    @Test
    void moreTensorsThanFitAreRefused() throws Exception {
        Path file = folder.resolve("hostile.safetensors");
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.ISO_8859_1)) {
            out.write("\0".repeat(Long.BYTES) + "{\"x\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}");
            for (int i = 0; i < 1_400_000; i++) {
                out.write(",\"" + i + "\":{\"dtype\":\"U8\",\"shape\":[0," + i + ",9],\"data_offsets\":[0,0]}");
            }
            out.write("}");
        }
        length(file, Files.size(file) - Long.BYTES);
        assertThat(probe(file)).startsWith("refused: ").contains("more tensors, or longer names, than any model has");
    }

    @Test
    void anArrayOfBillionsOfTextsIsNotWalked() throws Exception {
        GgufWriter writer = GgufWriter.little();
        byte[] head = ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(GgufWriter.STRING)
                .putLong(10_000_000_000L)
                .array();
        Path file = writer.raw("x", GgufWriter.ARRAY, head).sparse(folder.resolve("texts.gguf"));
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(HUNDRED_GB);
        }
        assertThat(probe(file)).startsWith("refused: ").contains("'x' has more items than any vocabulary");
    }

    @Test
    void metadataThatFillsTheHeapIsRefused() throws Exception {
        GgufWriter writer = GgufWriter.little();
        for (int i = 0; i < 200; i++) {
            writer.put("text" + i, GgufWriter.STRING, "x".repeat(60_000));
        }
        assertThat(probe(writer.write(folder.resolve("texts.gguf")))).contains("more metadata than any model has");
        GgufWriter numbers = GgufWriter.little();
        for (int i = 0; i < 40; i++) {
            numbers.list("numbers" + i, GgufWriter.U8, Collections.nCopies(16_000, 1));
        }
        assertThat(probe(numbers.write(folder.resolve("numbers.gguf")))).contains("more metadata than any model has");
    }

    private static void length(Path file, long length) throws IOException {
        try (RandomAccessFile header = new RandomAccessFile(file.toFile(), "rw")) {
            header.write(ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(length)
                    .array());
        }
    }

    private static String probe(Path path) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        HeaderProbe.class.getName(),
                        path.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }
}
