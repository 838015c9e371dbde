package llmlatency.model;

import java.util.List;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/** How the tokens of a sequence look at each other, and what is cached for it. */
public sealed interface Attention permits GroupedQueryAttention {
    /** The projections around the scores, in the order in which they run; the first takes the layer's norm. */
    List<Product> products(long hiddenSize);

    /** What {@code count} layers do with the cache in one pass, on the fullest device. */
    Operation scores(int count, Step step, NumberFormat cache, Parallelism parallelism);

    /** Values that one layer adds to the cache for one more token of a sequence, before any window is full. */
    long cachedValuesPerToken(Parallelism parallelism);

    /** Tokens of a sequence of that length that one layer keeps. */
    long cachedTokens(long length);

    /** The cache length at which a further token stops to cost more; {@link Long#MAX_VALUE} where there is none. */
    long window();

    /** Widest row of activations of a token around the scores, in values. */
    long activationWidth();

    /**
     * Checks that the heads can be laid out so.
     *
     * @throws llmlatency.units.Refusal when they cannot
     */
    void requireFits(Parallelism parallelism);
}
