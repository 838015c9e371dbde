package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken, or lie. Each gets one message that names it and a place in it. */
@Timeout(60)
class GgufHostileTest {
    private static final int F32 = 0;
    private static final int Q4_K = 12;
    private static final long HUGE = 1L << 62;

    @TempDir
    private Path folder;

    private final GgufWriter writer = GgufWriter.little();

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] sound = writer.put("general.architecture", GgufWriter.STRING, "llama")
                .list("tags", GgufWriter.STRING, List.of("a", "b"))
                .put("x", GgufWriter.F64, 1)
                .tensor("a", F32, 24, 2, 3)
                .tensor("b", Q4_K, 144, 256)
                .bytes();
        for (int length = 0; length < sound.length; length++) {
            refused(Arrays.copyOf(sound, length), "byte");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ggml", "FUGG", "GGUG", "\0\0\0\0", "PK\3\4"})
    void anotherMagicNumberIsRefused(String magic) {
        byte[] file = writer.bytes();
        System.arraycopy(magic.getBytes(StandardCharsets.US_ASCII), 0, file, 0, 4);
        refused(file, "byte 0: this is no GGUF file");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void aBigEndianFileIsRefusedByName(int version) {
        refused(new GgufWriter(version, ByteOrder.BIG_ENDIAN).bytes(), "byte 4: this is a big-endian GGUF file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, -1})
    void anotherVersionIsRefused(int version) {
        refused(
                new GgufWriter(version, ByteOrder.LITTLE_ENDIAN).bytes(),
                "this is GGUF version " + Integer.toUnsignedString(version) + "; versions 2 and 3 are read");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000_000, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void moreTensorsThanTheFileHasRoomForAreRefused(long more) {
        refused(writer.claim(more, 0).bytes(), "the file is too short for the " + Long.toUnsignedString(more));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1_000_000_000, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
    void moreKeysThanTheFileHasRoomForAreRefused(long more) {
        refused(writer.claim(0, more).bytes(), "the file claims " + Long.toUnsignedString(more) + " keys");
    }

    @ParameterizedTest
    @ValueSource(longs = {1000, 1L << 31, Long.MAX_VALUE, -1})
    void aTextLongerThanTheFileIsRefused(long length) {
        refused(writer.raw("x", GgufWriter.STRING, writer.int64(length)).bytes(), "'x' would have");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 9, 12})
    void anArrayLongerThanTheFileIsRefused(int type) {
        for (long length : new long[] {1000, 1L << 61, HUGE, Long.MAX_VALUE, -1}) {
            byte[] file = GgufWriter.little()
                    .raw("x", GgufWriter.ARRAY, join(writer.int32(type), writer.int64(length)))
                    .bytes();
            refused(file, "'x' would have " + Long.toUnsignedString(length) + " items");
        }
    }

    @Test
    void deepArraysAreRefused() {
        byte[] value = writer.int32(GgufWriter.ARRAY);
        for (int depth = 0; depth < 1000; depth++) {
            value = join(value, writer.int64(1), writer.int32(GgufWriter.ARRAY));
        }
        refused(writer.raw("x", GgufWriter.ARRAY, join(value, writer.int64(0))).bytes(), "nests arrays too deeply");
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 255, -1, Integer.MIN_VALUE})
    void anUnknownTypeOfMetadataIsRefused(int type) {
        refused(writer.raw("x", type, new byte[8]).bytes(), "unknown type " + Integer.toUnsignedString(type));
    }

    @Test
    void metadataThatCannotBeIsRefused() {
        refused(writer.raw("x", GgufWriter.BOOL, new byte[] {2}).bytes(), "'x' is neither true nor false");
        refused(one().put("x", GgufWriter.U8, 1).put("x", GgufWriter.U8, 1).bytes(), "'x' stands twice");
        refused(one().put("", GgufWriter.U8, 1).bytes(), "a key of the metadata is empty");
        refused(one().put("k".repeat(65_536), GgufWriter.U8, 1).bytes(), "a key of the metadata would be 65536 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 33, -1})
    void anAlignmentThatIsNoPowerOfTwoIsRefused(int alignment) {
        byte[] file = writer.put("general.alignment", GgufWriter.U32, alignment).bytes();
        refused(file, "general.alignment is '" + Integer.toUnsignedString(alignment) + "', not a power of two");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 31, 38, 43, 1000, -1})
    void anUnknownTypeOfTensorIsRefusedWithItsNumber(int type) {
        byte[] file = writer.tensor("a", type, 32, 1).bytes();
        refused(file, "tensor 'a' has the unknown ggml type " + Integer.toUnsignedString(type));
    }

    @Test
    void shapesThatCannotBeAreRefused() {
        refused(one().tensor("x", F32, 32, -1).bytes(), "tensor 'x' has a dimension of 18446744073709551615");
        refused(one().tensor("x", F32, 32, 1L << 32, 1L << 32).bytes(), "is larger than any file");
        refused(one().tensor("x", F32, 32, HUGE).bytes(), "is larger than any file");
        refused(one().tensor("x", F32, 32, HUGE, HUGE, HUGE, 1).bytes(), "is larger than any file");
        refused(one().tensor("x", F32, 32, 1, 1, 1, 1, 1).bytes(), "tensor 'x' has 5 dimensions");
        refused(one().tensor("x", Q4_K, 144, 128, 2).bytes(), "rows of 128, not whole q4_k blocks of 256");
        refused(one().tensor("x".repeat(1025), F32, 32, 1).bytes(), "the name of a tensor would be 1025 bytes");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void absurdNumbersOfDimensionsAreRefused(int dimensions) {
        byte[] file = one().bytes();
        int at = new String(file, StandardCharsets.ISO_8859_1).lastIndexOf("one") + 3;
        System.arraycopy(writer.int32(dimensions), 0, file, at, Integer.BYTES);
        refused(file, "has " + Integer.toUnsignedString(dimensions) + " dimensions");
    }

    @Test
    void offsetsThatCannotBeAreRefused() {
        refused(one().tensorAt(16, "x", F32, 1).bytes(), "tensor 'x' has the offset 16, no multiple of 32");
        refused(one().tensorAt(-32, "x", F32, 1).bytes(), "tensor 'x' has the offset 18446744073709551584");
        refused(one().tensorAt(HUGE, "x", F32, 1).bytes(), "from offset " + HUGE + ", more than the file has");
        refused(one().tensorAt(64, "x", F32, 1).bytes(), "the file ends within the data of its tensors");
        refused(one().tensorAt(0, "x", F32, 1).bytes(), "two tensors claim the data from here");
        refused(one().tensor("y", F32, 64, 16).tensorAt(64, "x", F32, 1).bytes(), "two tensors claim the data from");
        refused(one().tensor("one", F32, 4, 1).bytes(), "lists the tensor 'one' twice");
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        Path loop = folder.resolve("loop.gguf");
        Files.createSymbolicLink(loop, folder.resolve("other.gguf"));
        Files.createSymbolicLink(folder.resolve("other.gguf"), loop);
        refused(loop, "is a link that leads nowhere or in a circle");
        refused(folder.resolve("absent.gguf"), "there is no such file");
        refused(Files.createDirectory(folder.resolve("folder.gguf")), "is a folder; expected a file");
    }

    private static GgufWriter one() {
        return GgufWriter.little().tensor("one", F32, 4, 1);
    }

    private void refused(byte[] file, String message) {
        try {
            refused(Files.write(folder.resolve("hostile.gguf"), file), message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(Path path, String message) {
        assertThatThrownBy(() -> GgufHeader.read(path))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(out::writeBytes);
        return out.toByteArray();
    }
}
