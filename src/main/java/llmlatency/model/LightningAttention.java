package llmlatency.model;

import java.util.List;

/**
 * Lightning attention: linear attention with a fixed decay and an output gate; {@code 3·d·Hh + 2·Hh·d} weights.
 *
 * <p>Source: Qin et al. 2024, "Lightning Attention-2" (arXiv 2401.04658); transformers, minimax.
 *
 * @param headsCount heads, H
 * @param headSize width of one, h
 * @param stateBits bits of a state value
 */
public record LightningAttention(int headsCount, int headSize, int stateBits) implements RecurrentMixer {
    private long width() {
        return (long) headsCount * headSize;
    }

    @Override
    public List<Product> products(long hiddenSize) {
        return List.of(
                Product.dense(
                        "QKV and gate projections",
                        List.of(
                                Tensor.matrix(TensorRole.STATE, 3 * width(), hiddenSize),
                                Tensor.matrix(TensorRole.ATTENTION_GATE, width(), hiddenSize),
                                Tensor.dividedVector(TensorRole.NORM, width()))),
                RecurrentMixer.output(hiddenSize, width()));
    }

    @Override
    public String name() {
        return "lightning attention state";
    }

    @Override
    public long heads() {
        return headsCount;
    }

    @Override
    public double recurrentValues() {
        return (double) headsCount * headSize * headSize;
    }

    @Override
    public long activationWidth() {
        return 4 * width();
    }
}
