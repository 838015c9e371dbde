package llmlatency.model;

import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * Layers that keep a state of constant size instead of a cache: linear attention, state spaces, short convolutions. Each
 * pass reads and writes the state of every sequence once, however many tokens it takes.
 */
public sealed interface RecurrentMixer extends Attention
        permits GatedDeltaNet, KimiDeltaAttention, LightningAttention, Mamba1, Mamba2, Rwkv5, ShortConvolution {
    /** Bits of a convolution's kept inputs; 16 in every engine seen. */
    int CONVOLUTION_BITS = 16;

    /** What it is called in a list of operations. */
    String name();

    /** Heads, into which tensor parallelism divides it. */
    long heads();

    /** Values of the recurrent state of one sequence. */
    double recurrentValues();

    /** Bits of each of them. */
    int stateBits();

    /** Inputs that its convolutions keep of one sequence; none without a convolution. */
    default double convolutionValues() {
        return 0;
    }

    /** {@code d·width} weights: back from the mixer's width to the model's. */
    static Product output(long hiddenSize, long width) {
        return Product.dense(
                "output projection", List.of(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, width)));
    }

    /**
     * {@code FLOP = 6 · B · T · state values} (decay, update and read-out are a multiply-add each),
     * {@code bytes = 2 · B · state bytes}: read and written once a pass.
     *
     * <p>Source: Dao and Gu 2024, "Mamba-2" (arXiv 2405.21060); Yang et al. 2024, "Gated delta networks" (arXiv
     * 2412.06464). Holds for: one step, and chunked scans that keep the state on chip between chunks.
     */
    @Override
    default List<Operation> mixing(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double values = recurrentValues() / heads() * parallelism.share(heads());
        return List.of(new Operation(
                name(),
                KernelKind.STATE,
                count,
                6 * step.tokens() * values,
                0,
                2 * step.sequences() * stateBytes(parallelism),
                cache));
    }

    @Override
    default double stateBytes(Parallelism parallelism) {
        double whole = (recurrentValues() * stateBits() + convolutionValues() * CONVOLUTION_BITS) / Byte.SIZE;
        return whole / heads() * parallelism.share(heads());
    }

    @Override
    default double cachedValuesPerToken(Parallelism parallelism) {
        return 0;
    }

    @Override
    default double cachedValues(long length, Parallelism parallelism) {
        return 0;
    }

    @Override
    default List<Long> bends() {
        return List.of();
    }

    @Override
    default void requireFits(Parallelism parallelism) {
        Pairs.requireDivides(parallelism, heads());
    }
}
