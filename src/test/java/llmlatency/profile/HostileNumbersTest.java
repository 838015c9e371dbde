package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that fit their field but not a double, or not together: refused, never counted wrong. */
class HostileNumbersTest {
    private static final String SOURCES = "\"sources\": [{\"title\": \"nobody\", \"kind\": \"assumed\"}]}";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"1e-400", "1e-999999999", "1e99999999999", "-1e-99999999999"})
    void anEnginesShareIsNoNumberThatADoubleCannotHold(String share) throws IOException {
        String text = "{\"title\": \"a\", \"memory_utilisation\": " + share + ", \"reserve\": \"1 GiB\", " + SOURCES;
        assertRefused(ProfileKind.ENGINE, text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e-400", "1e99999999999"})
    void aGpusShareIsNoNumberThatADoubleCannotHold(String share) throws IOException {
        String text = "{\"title\": \"a\", \"memory\": \"8 GiB\", \"usable_share\": [{\"share\": " + share
                + "}], \"bandwidth\": \"1 GB/s\", \"peaks\": {\"fp16\": \"1 TFLOP/s\"}, " + SOURCES;
        assertRefused(ProfileKind.GPU, text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"bits_per_weight\": 1e-400",
                "\"bits_per_weight\": 1e99999999999",
                "\"block\": 1e-400, \"bytes_per_block\": 1e-400",
                "\"block\": 1e300, \"bytes_per_block\": 1e-300"
            })
    void aFormatTakesMoreThanNothing(String size) throws IOException {
        String text = "{\"title\": \"a\", \"vector_bits\": 16, \"arithmetic\": [\"fp16\"], " + size + ", " + SOURCES;
        assertRefused(ProfileKind.FORMAT, text);
    }

    @ParameterizedTest(name = "{0} layers of a {1} feed-forward part")
    @CsvSource({
        "1, gated",
        "2, gated",
        "3, gated",
        "4, gated",
        "5, gated",
        "1, plain",
        "2, plain",
        "3, plain",
        "99999, plain"
    })
    void sizesThatMultiplyToMoreWeightsThanCanBeCountedAreRefused(int count, String kind) throws IOException {
        String text = "{\"title\": \"a\", \"vocabulary\": 100, \"hidden_size\": 2147483647, \"norm\": \"rms\","
                + " \"tied_embeddings\": true, \"weight_format\": \"fp16\", \"layers\": [{\"count\": " + count
                + ", \"norms\": 2, \"feed_forward\": {\"kind\": \"" + kind + "\", \"width\": 2147483647}}], " + SOURCES;
        assertRefused(ProfileKind.MODEL, text);
    }

    @Test
    void aFolderInAProfilesPlaceIsRefused() throws IOException {
        Files.createDirectories(folder.resolve("models").resolve("mine.json"));
        assertThatThrownBy(() -> new ProfileLibrary(List.of(folder)).model("mine"))
                .isInstanceOf(Refusal.class);
    }

    private void assertRefused(ProfileKind kind, String text) throws IOException {
        Path place = Files.createDirectories(folder.resolve(kind.folder()));
        Files.writeString(place.resolve("mine.json"), text);
        assertThatThrownBy(() -> new ProfileLibrary(List.of(folder)).any(kind, "mine"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("mine.json");
    }
}
