package llmlatency.calibration;

import static llmlatency.calibration.Synthetic.TUNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fit finds the parameters that measurements were made with. */
class EngineFitTest {
    private static final int ALL = 0;
    private static final int MANY = 1;
    private static final int L40S = 2;
    private static final int APPLE = 3;
    private static final List<MeasuredCase> ASKED = Synthetic.asked(Synthetic.GPUS);

    /** Values by a factor from those that the profile starts from. */
    private static Engine truth(double factor) {
        return Synthetic.with(
                TUNED,
                Map.of(
                        Parameter.WEIGHT_BANDWIDTH, 0.7 / Math.sqrt(factor),
                        Parameter.CACHE_BANDWIDTH, 0.5 / factor,
                        Parameter.LAYER_TIME, 3e-5 * factor,
                        Parameter.MATRIX_SHARE, 0.6 / factor,
                        Parameter.ATTENTION_SHARE, 0.4 / factor));
    }

    private static void assertClose(Engine fitted, Engine truth, double percent) {
        for (int rule : new int[] {ALL, MANY}) {
            truth.rules().get(rule).values().forEach((parameter, value) -> {
                if (value.fitted() && parameter != Parameter.INTERVAL) {
                    assertThat(Synthetic.value(fitted, rule, parameter))
                            .as(parameter.key())
                            .isCloseTo(value.value(), withinPercentage(percent));
                }
            });
        }
    }

    private static Engine fitted(Engine start, List<MeasuredCase> rows) {
        return EngineFit.ofProfile(start, Synthetic.cases(rows, start)).fitted();
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 0.7})
    void parameters_are_recovered_from_starts_that_are_far_off(double factor) {
        Engine truth = truth(factor);

        assertClose(fitted(TUNED, Synthetic.measured(ASKED, truth)), truth, 2);
    }

    @Test
    void one_row_in_ten_may_be_wild() {
        Engine truth = truth(2);
        Random random = new Random(11);
        List<MeasuredCase> rows =
                Synthetic.measured(ASKED, truth, () -> random.nextInt(10) > 0 ? 1 : random.nextBoolean() ? 4 : 0.25);

        assertThat(Synthetic.cases(rows, TUNED).stream().filter(row -> Math.abs(row.logError(truth)) > 1))
                .hasSizeBetween(ASKED.size() / 20, ASKED.size() / 6);
        assertClose(fitted(TUNED, rows), truth, 5);
    }

    @Test
    void parameters_stay_within_their_bounds_whatever_was_measured() {
        Engine floor = Synthetic.with(
                TUNED,
                Map.of(
                        Parameter.WEIGHT_BANDWIDTH, 1.2,
                        Parameter.CACHE_BANDWIDTH, 1.5,
                        Parameter.LAYER_TIME, 1e-9,
                        Parameter.MATRIX_SHARE, 1.5,
                        Parameter.ATTENTION_SHARE, 1.5));
        List<MeasuredCase> faster = Synthetic.measured(ASKED, floor).stream()
                .map(row -> scaled(row, row.metric().isRate() ? 5 : 0.2))
                .toList();

        assertThat(fitted(TUNED, faster).rules())
                .allSatisfy(rule -> rule.values()
                        .forEach((parameter, value) -> assertThat(value.value())
                                .as(parameter.key())
                                .isBetween(parameter.least(), parameter.most() * (1 + 1e-12))));
    }

    private static MeasuredCase scaled(MeasuredCase row, double factor) {
        return Synthetic.measured(
                        List.of(row), TUNED, () -> factor * row.measurement().value() / expected(row))
                .get(0);
    }

    private static double expected(MeasuredCase row) {
        FitCase one = Synthetic.cases(List.of(row), TUNED).get(0);
        return Math.exp(one.logError(TUNED)) * row.measurement().value();
    }

    @Test
    void what_no_row_moves_stays_and_what_is_not_marked_stays() {
        Engine fitted = fitted(TUNED, Synthetic.measured(ASKED, truth(2)));

        assertThat(fitted.rules().get(L40S)).isEqualTo(TUNED.rules().get(L40S));
        assertThat(fitted.rules().get(APPLE)).isEqualTo(TUNED.rules().get(APPLE));
        assertThat(fitted.rules().get(ALL).values())
                .containsEntry(
                        Parameter.PASS_TIME, TUNED.rules().get(ALL).values().get(Parameter.PASS_TIME));
        assertThat(fitted.rules()).hasSameSizeAs(TUNED.rules());
    }

    @Test
    void every_fitted_value_says_how_many_rows_it_rests_on_and_how_far_they_scatter() {
        Engine truth = truth(2);
        Rule fitted = fitted(TUNED, Synthetic.measured(ASKED, truth, Synthetic.noise(3, 0.1)))
                .rules()
                .get(MANY);
        Rule.Value share = fitted.values().get(Parameter.MATRIX_SHARE);

        assertThat(share).isNotNull();
        if (share != null) {
            assertThat(share.rows()).isEqualTo(ASKED.size() / 2);
            assertThat(share.spread()).isBetween(0.03, 0.12); // the median of |noise| is 0.067
        }
    }

    @Test
    void a_fit_repeats_to_the_last_bit() {
        List<MeasuredCase> rows = Synthetic.measured(ASKED, truth(2), Synthetic.noise(5, 0.1));

        assertThat(fitted(TUNED, rows)).isEqualTo(fitted(TUNED, rows));
        List<Resolved> resolved = List.copyOf(rows);
        Fit once = Fit.of(TUNED, List.of(), resolved, Fit.Scope.PROFILE, Set.of(Fold.GPU));
        Fit again = Fit.of(TUNED, List.of(), resolved, Fit.Scope.PROFILE, Set.of(Fold.GPU));
        assertThat(again.after()).isEqualTo(once.after());
        assertThat(again.moved()).isEqualTo(once.moved());
        assertThat(headline(again)).hasSize(1).isEqualTo(headline(once));
    }

    private static List<Accuracy> headline(Fit fit) {
        return fit.outOfFold().values().stream().map(Validation::headline).toList();
    }
}
