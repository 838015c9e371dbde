package llmlatency.model;

import java.util.List;

/**
 * RWKV-5 time mixing: five {@code A·d} matrices, mixes of 4d, decay and bonus of 2A, a group norm of 2A; the state is a
 * matrix a head and the last inputs of both mixers.
 *
 * <p>Source: Peng et al. 2024, "Eagle and Finch" (arXiv 2404.05892); the family's port for transformers.
 *
 * @param width attention width, A
 * @param headSize width of a head
 * @param stateBits bits of a state value
 */
public record Rwkv5(int width, int headSize, int stateBits) implements RecurrentMixer {
    @Override
    public List<Product> products(long hiddenSize) {
        return List.of(
                Product.dense(
                        "time mix projections",
                        List.of(
                                Tensor.matrix(TensorRole.STATE, 4L * width, hiddenSize),
                                Tensor.vector(TensorRole.OTHER_VECTOR, 4 * hiddenSize + 2L * width),
                                Tensor.vector(TensorRole.NORM, 2L * width))),
                RecurrentMixer.output(hiddenSize, width));
    }

    @Override
    public String name() {
        return "time mix state";
    }

    @Override
    public long heads() {
        return width / headSize;
    }

    @Override
    public double recurrentValues() {
        return (double) width * headSize + 2.0 * width;
    }

    @Override
    public long activationWidth() {
        return 4L * width;
    }
}
