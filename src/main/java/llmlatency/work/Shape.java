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
     * @param widths values that a row takes in and gives out on the device
     */
    record Matrices(double rows, List<Matrix> matrices, double widths) implements Shape {
        /** Matrices of which only the weights matter. */
        public Matrices(double rows, List<Matrix> matrices) {
            this(rows, matrices, 0);
        }

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
     * @param pairs N, pairs of a token and an expert on the device
     * @param allPairs pairs on all devices: {@code T·k}
     * @param slice g, width of an expert on the device
     * @param widths d + g, values that a pair takes in and gives out
     */
    record Experts(double rowsPerExpert, double elements, double pairs, double allPairs, double slice, double widths)
            implements Shape {}

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
