package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import llmlatency.document.Document;
import llmlatency.model.Model;
import llmlatency.profile.ModelProfile;
import llmlatency.work.NumberFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes of GGUF files, tensor by tensor, against those of real files. */
class GgufMixTest {
    private static final NumberFormat BF16 =
            Configs.LIBRARY.format("bf16").value().format();
    private static final double BITS_PER_BYTE = 8;

    private static Inspection mixed(ModelProfile profile, String mix) {
        return mixed(profile.model(), mix, profile.ggufVectors());
    }

    private static Inspection mixed(Model model, String mix, long vectors) {
        return Inspection.mixed(model, Configs.LIBRARY.mix(mix), vectors, BF16, 4096, 16);
    }

    /** Source: tensor bytes that llama-bench prints as model_size. */
    @ParameterizedTest(name = "{0} in {2}: {3} bytes")
    @CsvSource({
        "llama-2-7b-hf, meta-llama/Llama-2-7b-hf, q4_0, 3825065984",
        "llama-2-7b-hf, meta-llama/Llama-2-7b-hf, q4_k_m, 4080263168",
        "llama-3.1-8b, meta-llama/Meta-Llama-3.1-8B, q4_k_m, 4912898304",
        "llama-3.3-70b-instruct, meta-llama/Llama-3.1-70B-Instruct, q4_k_m, 42512531712",
        "llama-3.2-1b, meta-llama/Llama-3.2-1B-Instruct, q4_k_m, 799862912",
        "qwen3-32b, Qwen/Qwen3-32B, q8_0, 34811744256",
    })
    void aFileHasTheBytesOfItsProfileAndOfItsConfig(String profile, String config, String mix, long bytes) {
        assertThat(mixed(Configs.LIBRARY.model(profile).value(), mix).weightBytes())
                .isEqualTo(bytes);
        assertThat(mixed(Configs.read(config).value(), mix).weightBytes()).isEqualTo(bytes);
    }

    /** Source: the table of bits per weight in llama.cpp's quantize tool. */
    @ParameterizedTest(name = "Llama 3.1 8B in {0}: {1} bits a weight")
    @CsvSource({"q4_k_m, 4.8944", "q5_k_m, 5.7036", "q6_k, 6.5633", "q8_0, 8.5008"})
    void aMixTakesThePublishedBitsAWeight(String mix, double bits) {
        ModelProfile llama = Configs.LIBRARY.model("llama-3.1-8b").value();
        double each =
                mixed(llama, mix).weightBytes() * BITS_PER_BYTE / llama.model().parameters();
        assertThat(each).isCloseTo(bits, within(0.00005));
    }

    /** Source: model sizes that llama-bench prints. */
    @ParameterizedTest(name = "{0}: {1} GiB")
    @CsvSource({
        "qwen3-8b, 4.68",
        "qwen3-14b, 8.38",
        "mistral-small-24b-base-2501, 13.34",
        "mistral-nemo-instruct-2407, 6.96",
    })
    void aFileInQ4KMHasThePublishedSize(String profile, double gibibytes) {
        double bytes = mixed(Configs.LIBRARY.model(profile).value(), "q4_k_m").weightBytes();
        assertThat(bytes / 0x1p30).isCloseTo(gibibytes, within(0.005));
    }

    private static Model small(int width, int headSize) {
        Map<String, Object> attention = Map.of("kind", "gqa", "heads", 2, "kv_heads", 2, "head_size", headSize);
        Map<String, Object> layer = Map.of(
                "count", 1, "attention", attention, "feed_forward", Map.of("kind", "gated", "width", 512), "norms", 2);
        return ModelDocument.read(Document.of(
                "small",
                Map.of(
                        "hidden_size",
                        width,
                        "vocabulary",
                        100,
                        "tied_embeddings",
                        false,
                        "norm",
                        "rms",
                        "layers",
                        List.of(layer))));
    }

    private static Map<String, Long> bytesByFormat(Inspection inspection) {
        return inspection.formats().stream()
                .collect(Collectors.toMap(Inspection.Stored::format, Inspection.Stored::bytes));
    }

    /** 96 is a multiple of 32 but not of 256: Q4_K becomes Q5_0, Q6_K becomes Q8_0; rows of 512 keep their type. */
    @Test
    void rowsThatDoNotFillABlockFallBackToSmallerBlocks() {
        long queryKeyOutput = 3L * 96 * 96;
        long gateAndUp = 2L * 512 * 96;
        assertThat(bytesByFormat(mixed(small(96, 48), "q4_k_m", 0)))
                .isEqualTo(Map.of(
                        "q5_0", (100 * 96 + queryKeyOutput + gateAndUp) / 32 * 22,
                        "q8_0", (100 * 96 + 96 * 96) / 32 * 34L,
                        "q6_k", 96 * 512 / 256 * 210L,
                        "f32", 3 * 96 * 4L));
    }

    /** 80 is no multiple of 32 either. */
    @Test
    void rowsThatFillNoBlockStayInSixteenBit() {
        Map<String, Long> bytes = bytesByFormat(mixed(small(80, 40), "q4_k_m", 0));
        assertThat(bytes)
                .isEqualTo(Map.of(
                        "f16", 2L * (2 * 100 * 80 + 4 * 80 * 80 + 2 * 512 * 80),
                        "q6_k", 80 * 512 / 256 * 210L,
                        "f32", 3 * 80 * 4L));
    }

    @Test
    void rotaryFrequenciesAreStoredInThirtyTwoBit() {
        Inspection without = mixed(small(256, 128), "q4_0", 0);
        Inspection with = mixed(small(256, 128), "q4_0", 64);
        assertThat(with.weightBytes() - without.weightBytes()).isEqualTo(256);
        assertThat(with.parts().get(0)).isEqualTo(new Inspection.Part("rotary frequencies", 64, 256));
    }

    @ParameterizedTest(name = "a token reads of {0} {1} times the bytes, embedding and idle experts left out")
    @CsvSource({"llama-2-7b-hf, 1", "mixtral-8x7b-v0.1, 0.25"})
    void aTokenReadsTheFileWithoutTheTableAndTheIdleExperts(String name, double share) {
        Model model = Configs.LIBRARY.model(name).value().model();
        Inspection inspection = mixed(model, "q8_0", 0);
        long table = part(inspection, "embedding table");
        long experts = inspection.parts().stream()
                .filter(part -> part.part().startsWith("experts"))
                .mapToLong(Inspection.Part::bytes)
                .sum();
        assertThat(inspection.weightBytesPerToken())
                .isCloseTo(inspection.weightBytes() - table - (1 - share) * experts, within(1.0));
    }

    private static long part(Inspection inspection, String name) {
        return inspection.parts().stream()
                .filter(part -> part.part().equals(name))
                .mapToLong(Inspection.Part::bytes)
                .sum();
    }

    @Test
    void aFormatWithoutRulesIsNoMix() {
        assertThat(Configs.LIBRARY.mix("fp8")).isNull();
        assertThat(Configs.LIBRARY.mix("q4_k_m")).isNotNull();
    }
}
