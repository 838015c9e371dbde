package llmlatency.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Mamba-1: {@code d·2x + x·w + x + x·(R + 2N) + R·x + x + x·N + x + x·d} weights, x·N of state.
 *
 * <p>Source: Gu and Dao 2023, "Mamba" (arXiv 2312.00752); transformers, mamba and jamba.
 *
 * @param inner inner width, x
 * @param state state size, N
 * @param convolution taps of the convolution, w
 * @param rank rank of the time step, R
 * @param innerNorms norms on the time step and both state inputs
 * @param stateBits bits of a state value
 */
public record Mamba1(int inner, int state, int convolution, int rank, boolean innerNorms, int stateBits)
        implements RecurrentMixer {
    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> in = new ArrayList<>();
        in.add(Tensor.matrix(TensorRole.STATE, 2L * inner, hiddenSize));
        in.add(Tensor.matrix(TensorRole.CONVOLUTION, inner, convolution));
        in.add(Tensor.dividedVector(TensorRole.BIAS, inner));
        in.add(Tensor.matrix(TensorRole.STATE, rank + 2L * state, inner));
        in.add(Tensor.matrix(TensorRole.STATE, inner, rank));
        in.add(Tensor.dividedVector(TensorRole.BIAS, inner));
        in.add(Tensor.dividedVector(TensorRole.OTHER_VECTOR, (long) inner * state + inner));
        if (innerNorms) {
            in.add(Tensor.vector(TensorRole.NORM, rank + 2L * state));
        }
        return List.of(Product.dense("mamba projections", in), RecurrentMixer.output(hiddenSize, inner));
    }

    @Override
    public String name() {
        return "mamba state";
    }

    @Override
    public long heads() {
        return inner;
    }

    @Override
    public double recurrentValues() {
        return (double) inner * state;
    }

    @Override
    public double convolutionValues() {
        return (double) inner * (convolution - 1);
    }

    @Override
    public long activationWidth() {
        return 2L * inner;
    }
}
