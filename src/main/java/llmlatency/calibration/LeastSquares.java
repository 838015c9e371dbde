package llmlatency.calibration;

import java.util.function.Function;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/**
 * Positive parameters that make residuals small: Levenberg-Marquardt in the logarithm of each parameter, within bounds.
 *
 * <p>Source: Marquardt 1963 (doi 10.1137/0111030), as in Hipparchus; the derivative is a forward difference.
 */
final class LeastSquares {
    private static final int MOST_ITERATIONS = 40;
    private static final double STEP = 1e-4;
    private static final double ENOUGH = 1e-5;

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

    /** The parameters, from a start, each kept between its least and its most. */
    static double[] minimum(double[] start, double[] least, double[] most, Residuals residuals) {
        Function<RealVector, double[]> values = logs -> {
            double[] parameters = new double[start.length];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = Math.exp(logs.getEntry(i));
            }
            return parameters;
        };
        MultivariateJacobianFunction model = logs -> {
            double[] parameters = values.apply(logs);
            double[] at = residuals.at(parameters);
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
        RealVector found = new LevenbergMarquardtOptimizer()
                .withCostRelativeTolerance(ENOUGH)
                .withParameterRelativeTolerance(ENOUGH)
                .optimize(new LeastSquaresBuilder()
                        .start(logs)
                        .model(model)
                        .target(new double[residuals.at(values.apply(new ArrayRealVector(logs))).length])
                        .parameterValidator(point -> {
                            RealVector inside = point.copy();
                            for (int i = 0; i < start.length; i++) {
                                inside.setEntry(
                                        i,
                                        Math.min(
                                                Math.log(most[i]),
                                                Math.max(
                                                        Math.log(Math.max(least[i], Double.MIN_NORMAL)),
                                                        point.getEntry(i))));
                            }
                            return inside;
                        })
                        .maxEvaluations(10 * MOST_ITERATIONS)
                        .maxIterations(MOST_ITERATIONS)
                        .lazyEvaluation(false)
                        .build())
                .getPoint();
        return values.apply(found);
    }
}
