package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class LeastSquaresTest {
    private static final double[] X = {1, 2, 4, 8, 16, 32};

    /** Residuals of {@code ln(a·x + b)} against {@code y}. */
    private static LeastSquares.Residuals line(double a, double b) {
        return new LeastSquares.Residuals() {
            @Override
            public double[] at(double[] parameters) {
                double[] residuals = new double[X.length];
                for (int i = 0; i < X.length; i++) {
                    residuals[i] = Math.log(parameters[0] * X[i] + parameters[1]) - Math.log(a * X[i] + b);
                }
                return residuals;
            }

            @Override
            public double[] after(double[] parameters, int changed, double[] before) {
                return at(parameters);
            }
        };
    }

    private static double[] fitted(double[] start, double[] least, double[] most) {
        return LeastSquares.minimum(start, least, most, line(3, 50));
    }

    @Test
    void parameters_that_differ_by_orders_of_magnitude_are_found_from_far_away() {
        double[] found = fitted(new double[] {0.1, 0.5}, new double[] {1e-6, 1e-6}, new double[] {1e6, 1e6});

        assertThat(found[0]).isCloseTo(3, withinPercentage(0.1));
        assertThat(found[1]).isCloseTo(50, withinPercentage(0.1));
    }

    @Test
    void a_parameter_stops_at_its_bound_and_the_others_make_the_best_of_it() {
        double[] found = fitted(new double[] {1, 5}, new double[] {0.01, 0.01}, new double[] {1e3, 20});

        assertThat(found[1]).isLessThanOrEqualTo(20 * (1 + 1e-12)).isGreaterThan(19.9);
        assertThat(found[0]).isGreaterThan(3);
    }

    @Test
    void a_start_beyond_its_bounds_is_brought_within_them() {
        double[] found = fitted(new double[] {1e9, 1e-9}, new double[] {1, 1}, new double[] {100, 100});

        assertThat(found[0]).isCloseTo(3, withinPercentage(0.1));
        assertThat(found[1]).isCloseTo(50, withinPercentage(0.1));
    }

    @Test
    void the_same_question_has_the_same_answer_to_the_last_bit() {
        double[] start = {0.3, 7};
        double[] least = {1e-3, 1e-3};
        double[] most = {1e3, 1e3};

        assertThat(fitted(start, least, most)).containsExactly(fitted(start, least, most));
    }
}
