package llmlatency.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Mamba-2: x = heads·width, c = x + 2·groups·N: {@code d·(x + c + heads) + c·w + c + 3·heads + x + x·d} weights.
 *
 * <p>Source: Dao and Gu 2024 (arXiv 2405.21060); transformers, nemotron_h and mamba2.
 *
 * @param headsCount heads
 * @param headSize width of one
 * @param groups groups that share state inputs
 * @param state state size, N
 * @param convolution taps of the convolution, w
 * @param convolutionBias a bias on it
 * @param projectionBias biases on both projections
 * @param stateBits bits of a state value
 */
public record Mamba2(
        int headsCount,
        int headSize,
        int groups,
        int state,
        int convolution,
        boolean convolutionBias,
        boolean projectionBias,
        int stateBits)
        implements RecurrentMixer {
    private long inner() {
        return (long) headsCount * headSize;
    }

    private long channels() {
        return inner() + 2L * groups * state;
    }

    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> in = new ArrayList<>();
        long rows = inner() + channels() + headsCount;
        in.add(Tensor.matrix(TensorRole.STATE, rows, hiddenSize));
        in.add(Tensor.matrix(TensorRole.CONVOLUTION, channels(), convolution));
        if (convolutionBias) {
            in.add(Tensor.dividedVector(TensorRole.BIAS, channels()));
        }
        if (projectionBias) {
            in.add(Tensor.dividedVector(TensorRole.BIAS, rows));
        }
        in.add(Tensor.dividedVector(TensorRole.OTHER_VECTOR, 3L * headsCount));
        in.add(Tensor.dividedVector(TensorRole.NORM, inner()));
        List<Tensor> out = new ArrayList<>();
        out.add(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, inner()));
        if (projectionBias) {
            out.add(Tensor.vector(TensorRole.BIAS, hiddenSize));
        }
        return List.of(Product.dense("mamba projections", in), Product.dense("output projection", out));
    }

    @Override
    public String name() {
        return "mamba state";
    }

    @Override
    public long heads() {
        return headsCount;
    }

    @Override
    public double recurrentValues() {
        return (double) inner() * state;
    }

    @Override
    public double convolutionValues() {
        return (double) channels() * (convolution - 1);
    }

    @Override
    public long activationWidth() {
        return inner() + channels();
    }
}
