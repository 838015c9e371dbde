package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowPatternTest {
    @ParameterizedTest
    @CsvSource({
        "rtx4090, rtx4090, true",
        "rtx*, rtx4090, true",
        "*90, rtx4090, true",
        "*x4*9*, rtx4090, true",
        "*, '', true",
        "**, x, true",
        "rtx, rtx4090, false",
        "4090, rtx4090, false",
        "*91, rtx4090, false",
        "rtx?090, rtx4090, false",
        "a.c, abc, false",
        "*a*b, aab, true",
        "*ab*ab, abab, true",
        "*ab*ab, ab, false"
    })
    void a_star_stands_for_anything_and_nothing_else_does(String pattern, String text, boolean fits) {
        assertThat(RowPattern.matches(pattern, text)).isEqualTo(fits);
    }

    @Test
    void many_stars_cost_no_more_than_the_text_times_the_pattern() {
        assertThat(RowPattern.matches("*a".repeat(2_000) + "b", "a".repeat(20_000)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "gpu=rtx4090, true",
        "gpu=RTX*, true",
        "gpu!=rtx4090, false",
        "engine=ideal, true",
        "model=mistral-7b-v0.1, true",
        "structure=dense, true",
        "class=geforce, true",
        "regime=batch-1*, true",
        "phase=decode, true",
        "source=unknown, true",
        "trust=high, true",
        "gpus=1, true",
        "gpus!=1, false",
        "metric=ttft_ms, false"
    })
    void rows_are_kept_by_resolved_names(String pattern, boolean kept) {
        Resolved row = MeasuredCases.of(Rows.row("tpot_ms", 15), Rows.LIBRARY);

        assertThat(RowPattern.parse(pattern).keeps(row)).isEqualTo(kept);
    }

    @Test
    void a_row_that_is_skipped_has_the_names_that_do_resolve() {
        Resolved row = MeasuredCases.of(Rows.row("nothing-like-it,RTX 4090,x/y", "watts", 15), Rows.LIBRARY);

        assertThat(Attribute.MODEL.of(row)).isEqualTo("nothing-like-it");
        assertThat(Attribute.GPU.of(row)).isEqualTo("rtx4090");
        assertThat(Attribute.ENGINE.of(row)).isEqualTo("x");
        assertThat(Attribute.BACKEND.of(row)).isEqualTo("y");
        assertThat(Attribute.STRUCTURE.of(row)).isEqualTo("unknown");
        assertThat(Attribute.REGIME.of(row)).isEqualTo("unknown");
    }
}
