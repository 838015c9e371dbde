package llmlatency.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Kimi delta attention (KDA): a delta rule with a decay for each channel.
 *
 * <p>Source: Kimi Team 2025, "Kimi Linear" (arXiv 2510.26692); the family's module code.
 *
 * @param headsCount heads
 * @param headSize width of one, h
 * @param convolution taps of each of the three convolutions
 * @param fullRankGate whether the output gate is one matrix instead of two narrow ones
 * @param decayPerChannel whether the decay's base has a value for each channel of a head instead of each head
 * @param stateBits bits of a state value
 */
public record KimiDeltaAttention(
        int headsCount, int headSize, int convolution, boolean fullRankGate, boolean decayPerChannel, int stateBits)
        implements RecurrentMixer {
    private long width() {
        return (long) headsCount * headSize;
    }

    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> in = new ArrayList<>();
        in.add(Tensor.matrix(TensorRole.STATE, 3 * width(), hiddenSize));
        in.add(Tensor.matrix(TensorRole.CONVOLUTION, 3 * width(), convolution));
        in.add(Tensor.replicatedMatrix(TensorRole.STATE, headSize, hiddenSize));
        in.add(Tensor.matrix(TensorRole.STATE, width(), headSize));
        in.add(Tensor.matrix(TensorRole.STATE, headsCount, hiddenSize));
        in.add(Tensor.dividedVector(TensorRole.OTHER_VECTOR, width()));
        in.add(Tensor.vector(TensorRole.OTHER_VECTOR, decayPerChannel ? headSize : headsCount));
        if (fullRankGate) {
            in.add(Tensor.matrix(TensorRole.ATTENTION_GATE, width(), hiddenSize));
        } else {
            in.add(Tensor.replicatedMatrix(TensorRole.ATTENTION_GATE, headSize, hiddenSize));
            in.add(Tensor.matrix(TensorRole.ATTENTION_GATE, width(), headSize));
        }
        in.add(Tensor.vector(TensorRole.NORM, headSize));
        return List.of(Product.dense("delta attention projections", in), RecurrentMixer.output(hiddenSize, width()));
    }

    @Override
    public String name() {
        return "delta attention state";
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
    public double convolutionValues() {
        return 3.0 * width() * (convolution - 1);
    }

    @Override
    public long activationWidth() {
        return 4 * width();
    }
}
