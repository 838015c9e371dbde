package llmlatency.model;

import java.util.List;

/**
 * Gated delta net: {@code d·(2kq + 2vv) + 2d·heads + convolution + vv·d} weights, a matrix of state per value head.
 *
 * <p>Source: Yang et al. 2024 (arXiv 2412.06464); transformers, qwen3_next.
 *
 * @param keyHeads key (and query) heads
 * @param keySize width of one
 * @param valueHeads value heads
 * @param valueSize width of one
 * @param convolution taps of the convolution
 * @param stateBits bits of a state value
 */
public record GatedDeltaNet(int keyHeads, int keySize, int valueHeads, int valueSize, int convolution, int stateBits)
        implements RecurrentMixer {
    private long keys() {
        return (long) keyHeads * keySize;
    }

    private long values() {
        return (long) valueHeads * valueSize;
    }

    @Override
    public List<Product> products(long hiddenSize) {
        return List.of(
                Product.dense(
                        "delta net projections",
                        List.of(
                                Tensor.matrix(TensorRole.STATE, 2 * keys() + 2 * values(), hiddenSize),
                                Tensor.matrix(TensorRole.STATE, 2L * valueHeads, hiddenSize),
                                Tensor.matrix(TensorRole.CONVOLUTION, 2 * keys() + values(), convolution),
                                Tensor.dividedVector(TensorRole.OTHER_VECTOR, 2L * valueHeads),
                                Tensor.vector(TensorRole.NORM, valueSize))),
                RecurrentMixer.output(hiddenSize, values()));
    }

    @Override
    public String name() {
        return "delta net state";
    }

    @Override
    public long heads() {
        return valueHeads;
    }

    @Override
    public double recurrentValues() {
        return (double) valueHeads * keySize * valueSize;
    }

    @Override
    public double convolutionValues() {
        return (double) (2 * keys() + values()) * (convolution - 1);
    }

    @Override
    public long activationWidth() {
        return 2 * keys() + 2 * values();
    }
}
