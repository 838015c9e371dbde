package llmlatency.model;

import java.util.ArrayList;
import java.util.List;

/**
 * A gated short convolution: {@code 3·d·d + d·w + d·d} weights, the last inputs as state.
 *
 * <p>Source: Liquid AI 2025, LFM2; transformers, lfm2.
 *
 * @param width channels, d
 * @param convolution taps, w
 * @param bias biases on every part
 */
public record ShortConvolution(int width, int convolution, boolean bias) implements RecurrentMixer {
    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> in = new ArrayList<>();
        in.add(Tensor.matrix(TensorRole.STATE, 3L * width, hiddenSize));
        in.add(Tensor.matrix(TensorRole.CONVOLUTION, width, convolution));
        List<Tensor> out = new ArrayList<>();
        out.add(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, width));
        if (bias) {
            in.add(Tensor.dividedVector(TensorRole.BIAS, 4L * width));
            out.add(Tensor.vector(TensorRole.BIAS, hiddenSize));
        }
        return List.of(Product.dense("convolution projections", in), Product.dense("output projection", out));
    }

    @Override
    public String name() {
        return "convolution state";
    }

    @Override
    public long heads() {
        return width;
    }

    @Override
    public double recurrentValues() {
        return 0;
    }

    @Override
    public int stateBits() {
        return CONVOLUTION_BITS;
    }

    @Override
    public double convolutionValues() {
        return (double) width * (convolution - 1);
    }

    @Override
    public long activationWidth() {
        return 3L * width;
    }
}
