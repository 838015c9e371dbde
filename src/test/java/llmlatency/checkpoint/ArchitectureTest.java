package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.model.Model;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;

/** How architectures extend each other, and that those of strangers do no harm. */
class ArchitectureTest {
    private static final String LAYER = """
            "layers": "n", "layer": {"attention": {"kind": "gqa", "heads": 2, "kv_heads": 1, "head_size": "size"}, "norms": 2}""";
    private static final String MODEL = """
            "model": {"vocabulary": 10, "hidden_size": 4, "norm": "'rms'", "weight_format": "'bf16'"}""";
    private static final String CONFIG = "{\"model_type\": \"own\", \"n\": 2, \"size\": 3}";
    private final Map<String, Document> architectures = new HashMap<>();

    private void architecture(String name, String fields) {
        architectures.put(name, document(name + ".json", "{\"title\": \"t\", " + fields + "}"));
    }

    private static Document document(String file, String json) {
        return JsonReader.readConfig(file, json.getBytes(StandardCharsets.UTF_8));
    }

    private Document read(String config) {
        return HuggingFaceConfig.document(document("config.json", config), architectures::get, Map.of());
    }

    @Test
    void oneExtendsAnotherFieldByField() {
        architecture("parent", MODEL + ", " + LAYER + ", \"defaults\": {\"size\": 8, \"n\": 5}");
        architecture("own", "\"extends\": \"parent\", \"defaults\": {\"n\": 3}, \"layer\": {\"norms\": 4}");

        Model model = ModelDocument.read(read("{\"model_type\": \"own\"}"));

        assertThat(model.layerCount()).isEqualTo(3);
        assertThat(model.layers()).hasSize(1);
        assertThat(model.layers().get(0).norms()).isEqualTo(4);
        // heads of the parent, of its default size 8: q and o of 2, k and v of 1
        assertThat(model.parameters()).isEqualTo(2 * 10 * 4 + 4 + 3 * (6 * 8 * 4 + 4 * 4));
    }

    @Test
    void aDerivedFieldMayUseTheConfigsOwnOfItsName() {
        architecture("own", MODEL + ", " + LAYER + ", \"derived\": {\"size\": \"2 * size\", \"n\": \"n ?? 1\"}");

        Document attention = read(CONFIG).get("layers").items().get(0).get("attention");

        assertThat(attention.get("head_size").whole(0, 100)).isEqualTo(6);
    }

    @Test
    void layersOfDifferentShapesAreToldApartWithTheirPlaces() {
        architecture("own", MODEL + ", " + LAYER.replace("\"size\"", "\"i % 2 == 0 ? size : 2 * size\""));

        Model model = ModelDocument.read(read("{\"model_type\": \"own\", \"n\": 5, \"size\": 3}"));

        assertThat(model.layers()).hasSize(2);
        assertThat(model.layers().get(0).positions()).containsExactly(0, 2, 4);
        assertThat(model.layers().get(1).positions()).containsExactly(1, 3);
    }

    @Test
    void aCircleOfParentsIsRefused() {
        architecture("own", "\"extends\": \"other\", " + LAYER);
        architecture("other", "\"extends\": \"own\"");

        assertThatThrownBy(() -> read(CONFIG))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("own.json")
                .hasMessageContaining("it extends itself");
    }

    @Test
    void aParentThatDoesNotExistIsRefused() {
        architecture("own", "\"extends\": \"nobody\", " + LAYER);

        assertThatThrownBy(() -> read(CONFIG))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("there is no architecture 'nobody'");
    }

    @Test
    void anUnknownSectionIsRefused() {
        architecture("own", LAYER + ", \"layer_count\": 3");

        assertThatThrownBy(() -> read(CONFIG)).isInstanceOf(Refusal.class).hasMessageContaining("layer_count");
    }

    @Test
    void fieldsDerivedFromEachOtherInACircleAreMissingInTheEnd() {
        architecture("own", MODEL + ", " + LAYER + ", \"derived\": {\"size\": \"a\", \"a\": \"b\", \"b\": \"a + 1\"}");

        assertThatThrownBy(() -> read(CONFIG))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("config.json lacks the field 'a'");
    }

    /** Each of 60 fields is the sum of the next one twice: 2^60 steps. */
    @Test
    void fieldsThatDoubleEachOtherAreRefusedAtOnce() {
        StringBuilder derived = new StringBuilder("\"size\": \"x0\"");
        for (int n = 0; n < 60; n++) {
            derived.append(", \"x")
                    .append(n)
                    .append("\": \"x")
                    .append(n + 1)
                    .append(" + x")
                    .append(n + 1)
                    .append('"');
        }
        architecture("own", MODEL + ", " + LAYER + ", \"derived\": {" + derived + ", \"x60\": 1}");

        assertThatThrownBy(() -> assertTimeoutPreemptively(Duration.ofSeconds(20), () -> read(CONFIG)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("takes too many steps");
    }
}
