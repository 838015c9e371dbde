package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufHeaderTest {
    private static final int F32 = 0;
    private static final int Q4_K = 12;
    private static final int Q6_K = 14;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aFileIsReadTensorByTensor(int version) throws IOException {
        Path file = new GgufWriter(version, ByteOrder.LITTLE_ENDIAN)
                .put("general.architecture", GgufWriter.STRING, "llama")
                .tensor("token_embd.weight", Q4_K, 5 * 144, 256, 5)
                .tensor("blk.0.ffn_down_exps.weight", Q6_K, 2 * 3 * 2 * 210, 512, 3, 2)
                .tensor("output_norm.weight", F32, 4 * 7, 7)
                .write(folder.resolve("model.gguf"));

        TensorListing listing = GgufHeader.read(file);

        assertThat(listing.files()).containsExactly(file);
        assertThat(listing.tensors())
                .containsExactly(
                        new StoredTensor("token_embd.weight", "q4_k", List.of(5L, 256L), 1280, 720),
                        new StoredTensor("blk.0.ffn_down_exps.weight", "q6_k", List.of(2L, 3L, 512L), 3072, 2520),
                        new StoredTensor("output_norm.weight", "f32", List.of(7L), 7, 28));
        assertThat(listing.bytes()).isEqualTo(720 + 2520 + 28);
    }

    @Test
    void metadataOfEveryTypeIsKept() throws IOException {
        Path file = GgufWriter.little()
                .put("u8", GgufWriter.U8, 255)
                .put("i8", GgufWriter.I8, -1)
                .put("u16", GgufWriter.U16, 65_535)
                .put("i16", GgufWriter.I16, -1)
                .put("u32", GgufWriter.U32, 0xffff_ffff)
                .put("i32", GgufWriter.I32, -1)
                .put("f32", GgufWriter.F32, 0.5)
                .put("f64", GgufWriter.F64, 0.25)
                .put("yes", GgufWriter.BOOL, true)
                .put("text", GgufWriter.STRING, "grüß")
                .put("i64", GgufWriter.I64, -1)
                .put("u64", GgufWriter.U64, -1)
                .list("heads", GgufWriter.I32, List.of(8, 0, 8))
                .list("tags", GgufWriter.STRING, List.of("a", "b"))
                .list("none", GgufWriter.U8, List.of())
                .write(folder.resolve("model.gguf"));

        assertThat(GgufHeader.read(file).metadata())
                .containsEntry("u8", 255L)
                .containsEntry("i8", -1L)
                .containsEntry("u16", 65_535L)
                .containsEntry("i16", -1L)
                .containsEntry("u32", 4_294_967_295L)
                .containsEntry("i32", -1L)
                .containsEntry("f32", 0.5)
                .containsEntry("f64", 0.25)
                .containsEntry("yes", true)
                .containsEntry("text", "grüß")
                .containsEntry("i64", -1L)
                .containsEntry("u64", new BigInteger("18446744073709551615"))
                .containsEntry("heads", List.of(8L, 0L, 8L))
                .containsEntry("tags", List.of("a", "b"))
                .containsEntry("none", List.of())
                .hasSize(15);
    }

    @Test
    void ofVocabulariesOnlyTheLengthIsKept() throws IOException {
        GgufWriter writer = GgufWriter.little();
        Path file = writer.list("tokens", GgufWriter.STRING, Collections.nCopies(50_000, "token"))
                .list("scores", GgufWriter.F32, Collections.nCopies(50_000, 0.0))
                .put("template", GgufWriter.STRING, "x".repeat(100_000))
                .raw("nested", GgufWriter.ARRAY, nested(writer))
                .put("after", GgufWriter.BOOL, true)
                .tensor("a", F32, 4, 1)
                .write(folder.resolve("model.gguf"));

        TensorListing listing = GgufHeader.read(file);

        assertThat(listing.metadata())
                .containsEntry("tokens", new SkippedValue("string", 50_000))
                .containsEntry("scores", new SkippedValue("float32", 50_000))
                .containsEntry("template", new SkippedValue("uint8", 100_000))
                .containsEntry("nested", new SkippedValue("array", 1))
                .containsEntry("after", true);
        assertThat(listing.tensors()).hasSize(1);
    }

    @Test
    void tensorsLieAtTheAlignmentThatTheFileNames() throws IOException {
        Path file = GgufWriter.little()
                .align(4096)
                .tensor("a", F32, 4, 1)
                .tensor("b", F32, 4, 1)
                .write(folder.resolve("model.gguf"));
        assertThat(GgufHeader.read(file).bytes()).isEqualTo(8);
    }

    @Test
    void aFileWithoutTensorsNeedsNoData() throws IOException {
        Path file = GgufWriter.little().put("a", GgufWriter.U8, 1).write(folder.resolve("vocabulary.gguf"));
        assertThat(GgufHeader.read(file).tensors()).isEmpty();
    }

    @Test
    void anyPartOfASplitFileStandsForTheWhole() throws IOException {
        Path first = part(1, 3, 3, "a");
        Path second = part(2, 3, 3, "b");
        Path third = part(3, 3, 3, "c");

        TensorListing listing = GgufHeader.read(first);

        assertThat(listing.files()).containsExactly(first, second, third);
        assertThat(listing.tensors()).extracting(StoredTensor::name).containsExactly("a", "b", "c");
        assertThat(listing.metadata()).containsEntry("split.no", 0L);
        assertThat(GgufHeader.read(third)).isEqualTo(listing);
    }

    @Test
    void aMissingPartIsNamed() throws IOException {
        part(1, 2, 2, "a");
        refused("model-00001-of-00002.gguf", "model-00002-of-00002.gguf is missing");
    }

    @Test
    void partsThatDoNotBelongTogetherAreRefused() throws IOException {
        part(1, 2, 2, "a");
        Files.copy(folder.resolve("model-00001-of-00002.gguf"), folder.resolve("model-00002-of-00002.gguf"));
        refused("model-00001-of-00002.gguf", "00002-of-00002.gguf does not fit its set: split.no is '0', expected 1");
        part(2, 2, 2, "a");
        refused("model-00001-of-00002.gguf", "lists the tensor 'a' twice");
        part(1, 2, 9, "b");
        refused("model-00001-of-00002.gguf", "split.tensors.count is '9', expected 2");
        Files.move(folder.resolve("model-00001-of-00002.gguf"), folder.resolve("renamed.gguf"));
        refused("renamed.gguf", "is one of 2 files by its split.count, which its name does not say");
    }

    private Path part(int number, int count, int tensors, String name) throws IOException {
        return GgufWriter.little()
                .put("split.no", GgufWriter.U16, number - 1)
                .put("split.count", GgufWriter.U16, count)
                .put("split.tensors.count", GgufWriter.I32, tensors)
                .tensor(name, F32, 4, 1)
                .write(folder.resolve(String.format(Locale.ROOT, "model-%05d-of-%05d.gguf", number, count)));
    }

    private void refused(String name, String message) {
        assertThatThrownBy(() -> GgufHeader.read(folder.resolve(name)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(message);
    }

    /** An array of one array of two texts. */
    private static byte[] nested(GgufWriter writer) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(writer.int32(GgufWriter.ARRAY));
        out.writeBytes(writer.int64(1));
        out.writeBytes(writer.int32(GgufWriter.STRING));
        out.writeBytes(writer.int64(2));
        out.writeBytes(writer.int64(1));
        out.write('a');
        out.writeBytes(writer.int64(0));
        return out.toByteArray();
    }
}
