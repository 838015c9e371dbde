package llmlatency.model;

import llmlatency.work.NumberFormat;

/** Which number format each tensor is stored in. */
public interface WeightScheme {
    /** Bytes that {@code elements} weights of this tensor take. */
    double bytes(Tensor tensor, double elements);

    /** The format that decides the arithmetic of most matrix products. */
    NumberFormat arithmeticFormat();

    /** The format that decides the arithmetic of a product with this tensor. */
    default NumberFormat format(Tensor tensor) {
        return arithmeticFormat();
    }

    /** Every matrix in one format; norms and biases at its vector width (how-it-counts.md). */
    static WeightScheme flat(NumberFormat format) {
        return new Flat(format);
    }

    /** See {@link #flat}. */
    record Flat(NumberFormat arithmeticFormat) implements WeightScheme {
        @Override
        public double bytes(Tensor tensor, double elements) {
            return tensor.role().matrix() ? arithmeticFormat.bytes(elements) : arithmeticFormat.vectorBytes(elements);
        }
    }
}
