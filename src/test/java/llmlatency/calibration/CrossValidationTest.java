package llmlatency.calibration;

import static llmlatency.calibration.Synthetic.TUNED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import org.junit.jupiter.api.Test;

class CrossValidationTest {
    private static final int L40S = 2;
    private static final double SLOW = 2.4e-4;

    /** The engine of the tests as it is, but for one device whose layers take eight times as long. */
    private static final Engine TRUTH = Synthetic.with(TUNED, L40S, Parameter.LAYER_TIME, SLOW);

    private static final List<MeasuredCase> USUAL = Synthetic.measured(Synthetic.asked(Synthetic.GPUS), TRUTH);

    private static List<FitCase> odd(double factor) {
        return Synthetic.cases(Synthetic.measured(Synthetic.asked(List.of("l40s")), TRUTH, () -> factor), TUNED);
    }

    private static List<FitCase> all(List<FitCase> odd) {
        List<FitCase> all = new ArrayList<>(Synthetic.cases(USUAL, TUNED));
        all.addAll(odd);
        return all;
    }

    private static List<CrossValidation.Held> leftOut(List<FitCase> rows) {
        return CrossValidation.of(TUNED, rows, Fold.GPU).stream()
                .filter(one -> one.row().device().equals("l40s"))
                .toList();
    }

    private static double median(List<CrossValidation.Held> held) {
        return ErrorFigures.percentile(
                held.stream()
                        .map(one -> 100 * Math.abs(Math.expm1(one.row().logError(one.engine()))))
                        .sorted()
                        .toList(),
                0.5);
    }

    @Test
    void an_odd_device_is_predicted_well_by_a_fit_that_saw_it_and_badly_by_one_that_did_not() {
        List<FitCase> odd = odd(1);
        Engine fitted = EngineFit.ofProfile(TUNED, all(odd)).fitted();

        assertThat(Synthetic.median(odd, fitted)).isLessThan(2);
        assertThat(leftOut(all(odd))).hasSameSizeAs(odd);
        assertThat(median(leftOut(all(odd)))).isGreaterThan(10);
    }

    @Test
    void what_was_measured_on_a_device_has_no_part_in_what_is_expected_of_it() {
        Engine one = leftOut(all(odd(1))).get(0).engine();
        Engine other = leftOut(all(odd(7))).get(0).engine();

        assertThat(other).isEqualTo(one);
        assertThat(one.rules()).doesNotContain(TUNED.rules().get(L40S)).hasSize(2);
    }

    @Test
    void every_row_is_left_out_once() {
        List<FitCase> rows = all(odd(1));

        assertThat(CrossValidation.of(TUNED, rows, Fold.GPU))
                .extracting(CrossValidation.Held::row)
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void with_nothing_left_to_fit_nothing_is_said() {
        assertThat(CrossValidation.of(TUNED, odd(1), Fold.GPU)).isEmpty();
    }

    @Test
    void intervals_hold_80_percent_of_rows_that_the_fit_never_saw() {
        List<MeasuredCase> asked = Synthetic.asked(Synthetic.GPUS);
        List<FitCase> rows = new ArrayList<>();
        DoubleSupplier noise = Synthetic.noise(17, 0.12);
        for (int i = 0; i < 3; i++) {
            rows.addAll(Synthetic.cases(Synthetic.measured(asked, TUNED, noise), TUNED));
        }
        Engine fitted = EngineFit.ofProfile(TUNED, rows).fitted();
        Engine wide = CrossValidation.withIntervals(fitted, CrossValidation.of(fitted, rows, Fold.GPU));

        int held = 0;
        int all = 0;
        DoubleSupplier fresh = Synthetic.noise(18, 0.12);
        for (int i = 0; i < 10; i++) {
            for (FitCase row : Synthetic.cases(Synthetic.measured(asked, TUNED, fresh), TUNED)) {
                held += Boolean.TRUE.equals(row.comparison(wide).held()) ? 1 : 0;
                all++;
            }
        }
        assertThat(100.0 * held / all).isBetween(75.0, 85.0);
    }

    @Test
    void a_handful_of_rows_says_nothing_of_an_interval() {
        List<FitCase> few = odd(1.1).subList(0, 5);
        List<CrossValidation.Held> held =
                few.stream().map(row -> new CrossValidation.Held(row, TUNED)).toList();

        assertThat(CrossValidation.withIntervals(TUNED, held)).isEqualTo(TUNED);
    }
}
