package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small promises of the command line that are easily broken. */
class StrictnessTest {
    @ParameterizedTest
    @ValueSource(strings = {"a\nb\nc\nd\ne", "a\r\nb\r\nc\r\nd\r\ne", "\n\n\n\n\n"})
    void a_message_stays_within_four_lines_whatever_it_quotes(String word) {
        assertThat(Run.of("estimate", "-m", word, "-g", "rtx4090").err().lines())
                .hasSizeBetween(1, 4);
        assertThat(Run.of("estimate", "-m", "7b", "-g", word).err().lines()).hasSizeBetween(1, 4);
        assertThat(Run.of("estimate", "-m", "7b", "-g", "l4", "-p", word).err().lines())
                .hasSizeBetween(1, 4);
        assertThat(Run.of("estimate", "-" + word).err().lines()).hasSizeBetween(1, 4);
        assertThat(Run.of("list", "gpus", word).err().lines()).hasSizeBetween(1, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"50d", "50f", "0x1p3", " 50"})
    void a_rate_in_the_spelling_of_java_is_refused(String rate) {
        assertThat(Run.of("check", "-m", "7b", "-g", "rtx4090", "--min-tokens-per-second", rate)
                        .code())
                .isEqualTo(2);
    }

    @Test
    void help_of_check_offers_only_the_formats_it_takes() {
        assertThat(Run.of("check", "--help").out()).doesNotContain("csv", "ndjson");
    }

    @Test
    void a_model_named_twice_is_refused() {
        assertThat(Run.line("estimate -m 7b -m llama-3.1-8b -g rtx4090").code()).isEqualTo(2);
    }

    @Test
    void a_list_of_models_fits_80_columns() {
        assertThat(Run.line("list models").out().lines())
                .allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void a_list_of_gpus_fits_80_columns() {
        assertThat(Run.line("list gpus").out().lines())
                .allSatisfy(l -> assertThat(l).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void a_limit_that_equals_the_shown_value_is_kept() {
        String shown = Run.line("estimate -m 7b -g rtx4090 --json")
                .json()
                .at("/expected/tpot_ms")
                .asText();
        assertThat(Run.line("check -m 7b -g rtx4090 --max-tpot " + shown + "ms").code())
                .isZero();
    }
}
