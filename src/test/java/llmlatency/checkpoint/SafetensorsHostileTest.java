package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are broken, or lie. Each gets one message that names it and a place in it. */
@Timeout(60)
class SafetensorsHostileTest {
    @TempDir
    private Path folder;

    @Test
    void aFileCutShortAnywhereIsRefused() throws IOException {
        byte[] sound = new SafetensorsWriter()
                .metadata("format", "pt")
                .tensor("a", "F16", 12, 2, 3)
                .bytes();
        for (int length = 0; length < sound.length; length++) {
            refused(Arrays.copyOf(sound, length), "byte");
        }
    }

    @Test
    void bytesBehindTheDataAreRefused() {
        refused(Arrays.copyOf(one("F16", "[2,3]", "[0,12]", 12), 200), "no tensor claims the data from here");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 62, (100L << 20) + 1})
    void aHeaderLargerThanAnyIsRefused(long length) {
        refused(length(length), "byte 0: the header would take " + Long.toUnsignedString(length));
    }

    @ParameterizedTest
    @ValueSource(longs = {9, 1000, 100L << 20})
    void aHeaderLongerThanTheFileIsRefused(long length) {
        refused(length(length), "byte 8: the file ends within the header");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "F16;[2,3];[0,11];has 11 bytes, but f16 of shape [2, 3] takes 12",
                "F16;[2,3];[0,13];takes the bytes 0 to 13 of 12 bytes of data",
                "F16;[2,3];[12,0];takes the bytes 12 to 0",
                "F16;[2,3];[0];needs 'shape' and the two numbers of 'data_offsets'",
                "F16;[2,3];[0,12,12];expected at most 2 numbers",
                "F16;[2,3];[-12,0];expected a whole number from 0",
                "F16;[2,3];[0,9223372036854775808];expected a whole number from 0",
                "F16;[2,3];[0,9223372036854775807];takes the bytes 0 to 9223372036854775807",
                "F16;[-2,-3];[0,12];expected a whole number from 0",
                "F16;[2.0,3];[0,12];expected a whole number from 0",
                "F16;[\"2\",3];[0,12];expected a whole number from 0",
                "F16;[null];[0,12];expected a whole number from 0",
                "F16;[[6]];[0,12];expected a whole number from 0",
                "F16;6;[0,12];expected a list of whole numbers",
                "F16;[4294967296,4294967296];[0,12];is larger than any file",
                "F64;[9223372036854775807];[0,12];is larger than any file",
                "F16;[1e400];[0,12];expected a whole number from 0",
                "F16;[99999999999999999999999999999999999999999999];[0,12];not valid JSON",
                "F4;[5];[0,12];has 5 elements, not whole f4 blocks of 2",
                "F128;[2,3];[0,12];has the unknown dtype 'F128'",
                "f16;[2,3];[0,12];has the unknown dtype 'f16'",
                "'';[2,3];[0,12];has the unknown dtype ''",
            })
    void aTensorThatCannotBeIsRefused(String dtype, String shape, String offsets, String message) {
        refused(one(dtype, shape, offsets, 12), message);
    }

    @Test
    void moreDimensionsThanAnyLibraryHasAreRefused() {
        refused(one("F16", "[" + "1,".repeat(64) + "1]", "[0,2]", 2), "expected at most 64 numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "{a@0-4,b@2-8};two tensors claim the data from here",
                "{a@0-8,b@0-8};two tensors claim the data from here",
                "{a@0-2,b@4-8};no tensor claims the data from here",
                "{b@4-8};no tensor claims the data from here",
                "{a@0-4,a@4-8};lists the tensor 'a' twice",
                "{'a':{'dtype':'U8','dtype':'U8','shape':[8],'data_offsets':[0,8]}};'dtype' stands twice",
                "{'a':{'dtype':'U8','shape':[8],'shape':[8],'data_offsets':[0,8]}};'shape' stands twice",
                "{'__metadata__':{},'__metadata__':{}};'__metadata__' stands twice",
                "{'__metadata__':{'a':'1','a':'2'}};'a' stands twice in '__metadata__'",
                "{'__metadata__':{'a':1}};expected a text",
                "{'__metadata__':[]};expected an object",
                "{'a':{'shape':[8],'data_offsets':[0,8]}};lacks 'dtype'",
                "{'a':{'dtype':'U8','shape':[8]}};needs 'shape'",
                "{'a':1};expected an object",
                "{'a':null};expected an object",
                "{'a':{'dtype':7}};expected a text",
                "{};no tensor claims the data from here",
                "[];expected a JSON object",
                "~ {}~;expected a JSON object",
                "{} {};something follows the object",
                "{;not valid JSON",
                "'a';expected a JSON object",
                "{a@0-8}x;not valid JSON",
                "{'a':{'dtype':'U8','shape':[NaN],'data_offsets':[0,8]}};not valid JSON",
            })
    // Single quotes stand for double ones, a@0-4 for a tensor of these bytes.
    void aHeaderThatCannotBeIsRefused(String header, String message) {
        String json = Pattern.compile("([ab])@(\\d)-(\\d)")
                .matcher(header)
                .replaceAll(tensor -> "'" + tensor.group(1) + "':{'dtype':'U8','shape':["
                        + (Integer.parseInt(tensor.group(3)) - Integer.parseInt(tensor.group(2)))
                        + "],'data_offsets':[" + tensor.group(2) + "," + tensor.group(3) + "]}");
        refused(SafetensorsWriter.file(json.replace('\'', '"'), 8), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"x\":"})
    void deepJsonIsRefused(String open) {
        refused(SafetensorsWriter.file("{\"a\":{\"x\":" + open.repeat(2_000_000), 8), "not valid JSON");
    }

    @Test
    void brokenUtf8IsRefused() {
        byte[] file = one("U8", "[8]", "[0,8]", 8);
        file[10] = (byte) 0xff;
        refused(file, "not valid UTF-8");
    }

    @Test
    void otherEncodingsAreRefused() {
        byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
        refused(
                ByteBuffer.allocate(Long.BYTES + wide.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(wide.length)
                        .put(wide)
                        .array(),
                "not valid JSON");
    }

    @Test
    void endlessNamesAndNumbersAreRefused() {
        refused(SafetensorsWriter.file("{\"" + "a".repeat(5_000_000) + "\":{}}", 8), "not valid JSON");
        refused(one("U8", "[" + "1".repeat(5_000_000) + "]", "[0,8]", 8), "not valid JSON");
        refused(SafetensorsWriter.file("{\"__metadata__\":{\"a\":\"" + "a".repeat(5_000_000) + "\"}}", 8), "JSON");
    }

    @Test
    void aNameCannotSmuggleControlCharactersIntoAMessage() {
        byte[] file = SafetensorsWriter.file("{\"a\\u001b[2J\\nb\":{\"dtype\":\"X\\u0007\"}}", 0);
        refused(file, "tensor 'a?[2J?b' has the unknown dtype 'X?'");
    }

    private void refused(byte[] file, String message) {
        try {
            refused(Files.write(folder.resolve("hostile.safetensors"), file), message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void refused(Path path, String message) {
        assertThatThrownBy(() -> SafetensorsHeader.read(path))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static byte[] one(String dtype, String shape, String offsets, int data) {
        return SafetensorsWriter.file(
                "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}", data);
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .array();
    }
}
