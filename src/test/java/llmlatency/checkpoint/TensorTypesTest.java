package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTypesTest {
    private static final TensorTypes TYPES = TensorTypes.shipped();

    @ParameterizedTest
    @CsvSource({"0,f32,1,4", "1,f16,1,2", "2,q4_0,32,18", "12,q4_k,256,144", "14,q6_k,256,210", "39,mxfp4,32,17"})
    void ggmlNumbersNameTheirBlocks(int number, String name, long block, long bytes) {
        assertThat(TYPES.ggml(number))
                .extracting(TensorType::name, TensorType::block, TensorType::bytesPerBlock)
                .containsExactly(name, block, bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 5, 31, 33, 36, 38, 1000})
    void withdrawnAndUnknownNumbersHaveNoType(int number) {
        assertThat(TYPES.ggml(number)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"F64,64", "BF16,16", "I64,64", "BOOL,8", "F8_E4M3,8", "F8_E8M0,8", "F4,4", "U32,32"})
    void safetensorsNamesHaveTheirWidth(String dtype, long bits) {
        TensorType type = TYPES.safetensors(dtype);
        assertThat(type).isNotNull();
        assertThat(8 * type.bytesPerBlock()).isEqualTo(bits * type.block());
    }

    @Test
    void bothContainersMeanOneTypeByBf16() {
        assertThat(TYPES.safetensors("BF16")).isSameAs(TYPES.ggml(30)).isSameAs(TYPES.named("bf16"));
    }

    @Test
    void everyFormatThatATypeNamesIsShippedWithThatLayout() throws IOException {
        List<Document> rows = new ArrayList<>(json("tensor-types").list("ggml"));
        rows.addAll(json("tensor-types").list("safetensors"));
        for (Document row : rows) {
            TensorType type = TYPES.named(row.get("name").text().toLowerCase(Locale.ROOT));
            if (type == null || type.format() == null) {
                continue;
            }
            Document format = json("formats/" + type.format());
            double bits = format.find("block") == null
                    ? format.get("bits_per_weight").positive()
                    : 8.0
                            * format.get("bytes_per_block").whole(1, 1000)
                            / format.get("block").whole(1, 1000);
            assertThat(bits).as(type.name()).isEqualTo(8.0 * type.bytesPerBlock() / type.block());
        }
    }

    private static Document json(String name) throws IOException {
        try (InputStream in = TensorTypesTest.class.getResourceAsStream("/profiles/" + name + ".json")) {
            assertThat(in).as(name).isNotNull();
            return JsonReader.read(name, in.readAllBytes());
        }
    }
}
