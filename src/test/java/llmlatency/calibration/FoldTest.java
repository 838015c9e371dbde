package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import llmlatency.profile.ProfileKind;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldTest {
    @ParameterizedTest
    @CsvSource({
        "a100-sxm-80gb, a100",
        "a100-sxm-40gb, a100",
        "a100-pcie-40gb, a100",
        "a800-sxm-80gb, a800",
        "h100-pcie, h100",
        "h100-sxm, h100",
        "h100-nvl, h100",
        "h200-sxm, h200",
        "gh200-96gb, gh200",
        "v100-sxm2-32gb, v100",
        "v100-pcie-16gb, v100",
        "m1-8, m1",
        "m1-max-32, m1-max",
        "m3-max-40, m3-max",
        "m3-max-30, m3-max",
        "m3-pro-18, m3-pro",
        "m3-10, m3",
        "rtx3090, rtx3090",
        "rtx3090ti, rtx3090ti",
        "rtx3080-12gb, rtx3080",
        "rtx4060ti-8gb, rtx4060ti",
        "rtx4090-laptop, rtx4090-laptop",
        "rtx-pro-6000-max-q, rtx-pro-6000",
        "rtx-pro-6000-server, rtx-pro-6000",
        "rtx-pro-6000-workstation, rtx-pro-6000",
        "rtx-6000-ada, rtx-6000-ada",
        "jetson-orin-nano-8gb-super, jetson-orin-nano-super",
        "jetson-agx-orin-64gb, jetson-agx-orin",
        "arc-a770-16gb, arc-a770",
        "arc-pro-b70, arc-pro-b70",
        "mi300x, mi300x",
        "l4, l4"
    })
    void a_gpu_is_left_out_in_all_its_forms(String gpu, String family) {
        assertThat(Fold.gpuFamily(gpu)).isEqualTo(family);
    }

    @Test
    void no_gpu_is_left_without_a_family() {
        assertThat(Rows.LIBRARY.names(ProfileKind.GPU)).allSatisfy(name -> {
            assertThat(Fold.gpuFamily(name)).isNotEmpty();
            assertThat(name.charAt(0)).isEqualTo(Fold.gpuFamily(name).charAt(0));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "llama-3.1-8b, meta-llama/Llama-3.1-8B-Instruct, true",
        "llama-3.1-8b, llama-3.1-70b, false",
        "llama-3.1-8b, 7b, false"
    })
    void a_model_is_left_out_with_its_siblings_of_the_same_shape(String one, String other, boolean together) {
        assertThat(shape(one).equals(shape(other))).isEqualTo(together);
    }

    private static String shape(String model) {
        return Fold.MODEL.of(Rows.answered(Rows.row(model + ",h200-sxm,ideal", "tpot_ms", 15)));
    }

    @ParameterizedTest
    @CsvSource({"gpu, GPU", "model, MODEL", "source, SOURCE"})
    void folds_have_words(String word, Fold fold) {
        assertThat(Fold.named(word)).isEqualTo(fold);
        assertThat(fold.word()).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource({"moon, 'none of gpu, model, source'", "GPU, 'none of gpu, model, source'"})
    void other_words_are_refused(String word, String reason) {
        assertThatThrownBy(() -> Fold.named(word)).isInstanceOf(Refusal.class).hasMessageContaining(reason);
    }
}
