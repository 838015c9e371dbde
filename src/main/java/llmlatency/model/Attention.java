package llmlatency.model;

import java.util.List;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * How the tokens of a sequence look at each other, and what is kept of them for later tokens: a cache that grows, a
 * state that does not, or both.
 */
public sealed interface Attention permits GroupedQueryAttention, LatentAttention, CompressedAttention, RecurrentMixer {
    /** The projections around the mixing, in the order in which they run; the first takes the layer's norm. */
    List<Product> products(long hiddenSize);

    /** What {@code count} layers do with cache and state in one pass, on the fullest device. */
    List<Operation> mixing(int count, Step step, NumberFormat cache, Parallelism parallelism);

    /** Values that one layer adds to the cache for one more token of a sequence, before any window is full. */
    double cachedValuesPerToken(Parallelism parallelism);

    /** Values that one layer keeps in the cache of a sequence of that length. */
    double cachedValues(long length, Parallelism parallelism);

    /** Bytes of the state of one layer and sequence that does not grow. */
    default double stateBytes(Parallelism parallelism) {
        return 0;
    }

    /** Cache lengths at which the cost of one more token bends: where a window is full. */
    List<Long> bends();

    /** Widest row of activations of a token around the mixing, in values. */
    long activationWidth();

    /**
     * Checks that the heads can be laid out so.
     *
     * @throws llmlatency.units.Refusal when they cannot
     */
    void requireFits(Parallelism parallelism);
}
