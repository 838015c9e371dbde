package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures counted by hand. */
class ErrorFiguresTest {
    private static ErrorFigures.Deviation row(double percent, @Nullable Boolean held) {
        return new ErrorFigures.Deviation(percent, held);
    }

    /** Errors of +10, −20 and +30 % in one group, of −40 % in another. */
    private static final List<List<ErrorFigures.Deviation>> GROUPS =
            List.of(List.of(row(10, true), row(-20, false), row(30, true)), List.of(row(-40, false)));

    private static void assertFigures(@Nullable ErrorFigures figures, double... expected) {
        assertThat(figures).isNotNull();
        assertThat(figures).satisfies(found -> {
            assertThat(found.rows()).isEqualTo(4);
            assertThat(found.groups()).isEqualTo(2);
            assertThat(found.median()).isCloseTo(expected[0], within(1e-9));
            assertThat(found.mean()).isCloseTo(expected[1], within(1e-9));
            assertThat(found.p90()).isCloseTo(expected[2], within(1e-9));
            assertThat(found.bias()).isCloseTo(expected[3], within(1e-9));
            assertThat(found.coverage()).isCloseTo(expected[4], within(1e-9));
        });
    }

    @Test
    void over_rows_every_row_counts_once() {
        // Absolute: 10, 20, 30, 40. The 90th percentile lies at position 2.7 of 0 to 3.
        assertFigures(ErrorFigures.overRows(GROUPS), 25, 25, 37, -5, 50);
    }

    @Test
    void over_groups_every_group_counts_once() {
        // Medians of the absolute errors: 20 and 40; of the signed ones: 10 and −40; shares held: 2/3 and 0.
        assertFigures(ErrorFigures.overGroups(GROUPS), 30, 30, 38, -15, 100.0 / 3);
    }

    @Test
    void a_row_without_an_interval_does_not_count_as_missed() {
        ErrorFigures figures = ErrorFigures.overRows(List.of(List.of(row(1, true), row(2, null))));

        assertThat(figures).isNotNull();
        assertThat(figures.coverage()).isEqualTo(100);
    }

    @Test
    void without_intervals_there_is_no_share() {
        assertThat(ErrorFigures.overRows(List.of(List.of(row(1, null)))))
                .satisfies(figures -> assertThat(figures.coverage()).isNull());
    }

    @Test
    void without_rows_there_are_no_figures() {
        assertThat(ErrorFigures.overRows(List.of())).isNull();
        assertThat(ErrorFigures.overGroups(List.of())).isNull();
    }

    @ParameterizedTest
    @CsvSource({"7, 0.5, 7", "7, 0.9, 7", "1 2, 0.5, 1.5", "1 2 4, 0.5, 2", "1 2 4, 0.9, 3.6", "0 10, 0.9, 9"})
    void a_percentile_lies_between_its_neighbours(String values, double q, double expected) {
        List<Double> sorted = new ArrayList<>();
        for (String value : values.split(" ")) {
            sorted.add(Double.valueOf(value));
        }

        assertThat(ErrorFigures.percentile(sorted, q)).isCloseTo(expected, within(1e-12));
    }
}
