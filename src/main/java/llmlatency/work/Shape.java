package llmlatency.work;

import java.util.List;

/** What the speed of a kernel depends on beside its bytes and its FLOP. */
public sealed interface Shape {
    /** Nothing else matters. */
    Shape PLAIN = new Plain();

    /** See {@link #PLAIN}. */
    record Plain() implements Shape {}

    /**
     * A matrix on one device.
     *
     * @param outputs width of its result
     * @param elements weights in it
     */
    record Matrix(long outputs, double elements) {}

    /**
     * Matrices that the same rows meet.
     *
     * @param rows tokens that meet each of them
     * @param matrices the matrices
     */
    record Matrices(double rows, List<Matrix> matrices) implements Shape {
        /** Weights in all of them. */
        public double elements() {
            double elements = 0;
            for (Matrix matrix : matrices) {
                elements += matrix.elements();
            }
            return elements;
        }
    }

    /**
     * Experts that tokens are routed to.
     *
     * @param rowsPerExpert tokens that one expert meets on average, over all experts: {@code T·k/E}
     * @param elements weights of the distinct experts touched
     */
    record Experts(double rowsPerExpert, double elements) implements Shape {}

    /**
     * Queries that meet a cache.
     *
     * @param heads query heads on the device
     * @param kvHeads key and value heads on the device
     * @param positions query-key pairs of one head over all sequences, masked ones included: {@code B·T·(C + T)}, or
     *     {@code B·T·w} within a window
     * @param latent whether the cache is one latent for all heads (MLA)
     */
    record Scores(double heads, double kvHeads, double positions, boolean latent) implements Shape {}
}
