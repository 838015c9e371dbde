package llmlatency.model;

/**
 * A weight tensor, or {@code copies} equal ones (the experts of a layer).
 *
 * @param role what it is for
 * @param rows output width
 * @param columns input width; 1 for vectors
 * @param copies how many equal ones a layer has
 * @param pieces into how many equal pieces tensor parallelism may cut it; 1: every device holds it whole
 */
public record Tensor(TensorRole role, long rows, long columns, long copies, long pieces) {
    public Tensor {
        if (rows <= 0 || columns <= 0 || copies <= 0 || pieces <= 0) {
            throw new IllegalArgumentException("tensor " + role + " of " + rows + " x " + columns + " x " + copies);
        }
    }

    /** A matrix that tensor parallelism cuts anywhere. */
    public static Tensor matrix(TensorRole role, long rows, long columns) {
        return new Tensor(role, rows, columns, 1, Math.multiplyExact(rows, columns));
    }

    /** A matrix that every device holds whole. */
    static Tensor replicatedMatrix(TensorRole role, long rows, long columns) {
        return new Tensor(role, rows, columns, 1, 1);
    }

    /** A matrix or bias whose rows belong to {@code heads} heads, each kept whole on a device. */
    static Tensor ofHeads(TensorRole role, long heads, long headSize, long columns) {
        return new Tensor(role, heads * headSize, columns, 1, heads);
    }

    /** A vector that every device holds. */
    public static Tensor vector(TensorRole role, long length) {
        return new Tensor(role, length, 1, 1, 1);
    }

    /** A vector that is cut with the matrix that it belongs to. */
    static Tensor dividedVector(TensorRole role, long length) {
        return new Tensor(role, length, 1, 1, length);
    }

    /** The same tensor once for each of {@code count} experts, which tensor parallelism cuts alike. */
    Tensor each(long count) {
        return new Tensor(role, rows, columns, count, pieces == 1 ? 1 : Math.multiplyExact(pieces, count));
    }

    /** Weights in it, over all copies. */
    public long elements() {
        return Math.multiplyExact(Math.multiplyExact(rows, columns), copies);
    }

    /**
     * Weights that the fullest device holds: {@code elements / pieces · ⌈pieces / tp⌉}; of experts, which ranks of
     * data-parallel attention share, {@code ⌈pieces / (tp · dp)⌉}.
     *
     * <p>Source: Shoeybi et al. 2019, "Megatron-LM" (arXiv 1909.08053), section 3. Holds for: matrices cut by rows or
     * columns, key and value heads (copied where the degree exceeds their number), replicated vectors.
     */
    public long elements(Parallelism parallelism) {
        return elements() / pieces * (copies > 1 ? parallelism.expertShare(pieces) : parallelism.share(pieces));
    }
}
