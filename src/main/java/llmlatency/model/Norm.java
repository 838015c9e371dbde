package llmlatency.model;

import java.util.List;

/** The kind of normalisation that a family uses, which decides how many weights one has. */
public enum Norm {
    /** RMSNorm: one weight a channel. Source: Zhang and Sennrich 2019 (arXiv 1910.07467). */
    RMS,
    /** LayerNorm: a weight and a bias a channel. Source: Ba et al. 2016 (arXiv 1607.06450). */
    LAYER,
    /** LayerNorm with a weight alone. */
    LAYER_WITHOUT_BIAS;

    /** The weights of one norm over {@code width} channels. */
    List<Tensor> tensors(long width) {
        Tensor weight = Tensor.vector(TensorRole.NORM, width);
        return this == LAYER ? List.of(weight, Tensor.vector(TensorRole.BIAS, width)) : List.of(weight);
    }
}
