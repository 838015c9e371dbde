package llmlatency.calibration;

import java.util.function.Function;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresProblem;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/**
 * Positive parameters that make residuals small: Levenberg-Marquardt in the logarithm of each parameter, within bounds.
 *
 * <p>Source: Marquardt 1963 (doi 10.1137/0111030), as in Hipparchus; the derivative is a forward difference.
 */
final class LeastSquares {
    private static final int MOST_ITERATIONS = 60;
    private static final double STEP = 1e-4;
    private static final double ENOUGH = 1e-4;

    private LeastSquares() {}

    /**
     * What is to be made small.
     *
     * <p>Residuals that do not depend on a parameter need not be computed again for it.
     */
    interface Residuals {
        /** All residuals at these parameters. */
        double[] at(double[] parameters);

        /** The residuals at parameters that differ from those of {@code before} in one only. */
        double[] after(double[] parameters, int changed, double[] before);
    }

    /**
     * The parameters, from a start, each kept between its least and its most; where the iterations run out, the best that
     * they came to.
     */
    static double[] minimum(double[] start, double[] least, double[] most, Residuals residuals) {
        Function<RealVector, double[]> values = logs -> {
            double[] parameters = new double[start.length];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = Math.exp(logs.getEntry(i));
            }
            return parameters;
        };
        Best best = new Best();
        MultivariateJacobianFunction model = logs -> {
            double[] parameters = values.apply(logs);
            double[] at = residuals.at(parameters);
            best.see(parameters, at);
            double[][] slopes = new double[at.length][start.length];
            for (int j = 0; j < start.length; j++) {
                double kept = parameters[j];
                parameters[j] = kept * Math.exp(STEP);
                double[] moved = residuals.after(parameters, j, at);
                parameters[j] = kept;
                for (int i = 0; i < at.length; i++) {
                    slopes[i][j] = (moved[i] - at[i]) / STEP;
                }
            }
            return new Pair<>(new ArrayRealVector(at, false), new Array2DRowRealMatrix(slopes, false));
        };
        double[] logs = new double[start.length];
        for (int i = 0; i < logs.length; i++) {
            logs[i] = Math.log(Math.min(most[i], Math.max(least[i], start[i])));
        }
        LeastSquaresProblem problem = new LeastSquaresBuilder()
                .start(logs)
                .model(model)
                .target(new double[residuals.at(values.apply(new ArrayRealVector(logs))).length])
                .parameterValidator(point -> inside(point, least, most))
                .maxEvaluations(10 * MOST_ITERATIONS)
                .maxIterations(MOST_ITERATIONS)
                .lazyEvaluation(false)
                .build();
        try {
            return values.apply(new LevenbergMarquardtOptimizer()
                    .withCostRelativeTolerance(ENOUGH)
                    .withParameterRelativeTolerance(ENOUGH)
                    .optimize(problem)
                    .getPoint());
        } catch (MathIllegalStateException iterationsRanOut) {
            return best.parameters;
        }
    }

    private static RealVector inside(RealVector logs, double[] least, double[] most) {
        RealVector inside = logs.copy();
        for (int i = 0; i < least.length; i++) {
            double low = Math.log(Math.max(least[i], Double.MIN_NORMAL));
            inside.setEntry(i, Math.min(Math.log(most[i]), Math.max(low, logs.getEntry(i))));
        }
        return inside;
    }

    /** The parameters with the smallest residuals of those that were tried. */
    private static final class Best {
        private double[] parameters = {};
        private double cost = Double.POSITIVE_INFINITY;

        void see(double[] tried, double[] residuals) {
            double sum = 0;
            for (double residual : residuals) {
                sum += residual * residual;
            }
            if (sum < cost) {
                cost = sum;
                parameters = tried.clone();
            }
        }
    }
}
