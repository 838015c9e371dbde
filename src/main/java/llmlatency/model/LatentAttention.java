package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (MLA): keys and values of all heads are kept as one short vector and one rotary key.
 *
 * <p>Source: DeepSeek-AI 2024, "DeepSeek-V2" (arXiv 2405.04434), section 2.1; DeepSeek-V3.2-Exp for the indexer.
 *
 * @param heads query heads, H
 * @param queryRank width of the compressed query; 0: queries are projected directly
 * @param kvRank width of the compressed keys and values, r
 * @param plainSize width of a query or key head without rotary positions, n
 * @param rotarySize width with them, p
 * @param valueSize width of a value head, v
 * @param outputGate a gate of the heads' width computed from the layer's input
 * @param indexer what chooses the tokens to look at; null: no weights and no cache of its own
 * @param topK tokens that are looked at; {@link Long#MAX_VALUE}: all
 */
public record LatentAttention(
        int heads,
        int queryRank,
        int kvRank,
        int plainSize,
        int rotarySize,
        int valueSize,
        boolean outputGate,
        @Nullable Indexer indexer,
        long topK)
        implements Attention {

    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> in = new ArrayList<>();
        if (queryRank > 0) {
            in.add(Tensor.replicatedMatrix(TensorRole.LATENT, queryRank, hiddenSize));
            in.add(Tensor.vector(TensorRole.NORM, queryRank));
        }
        in.add(Tensor.replicatedMatrix(TensorRole.LATENT, kvRank + rotarySize, hiddenSize));
        in.add(Tensor.vector(TensorRole.NORM, kvRank));
        List<Tensor> up = new ArrayList<>();
        up.add(Tensor.ofHeads(TensorRole.QUERY, heads, plainSize + rotarySize, queryRank > 0 ? queryRank : hiddenSize));
        up.add(Tensor.ofHeads(TensorRole.KEY, heads, plainSize, kvRank));
        up.add(Tensor.ofHeads(TensorRole.VALUE, heads, valueSize, kvRank));
        if (outputGate) {
            up.add(Tensor.ofHeads(TensorRole.ATTENTION_GATE, heads, valueSize, hiddenSize));
        }
        List<Product> products = new ArrayList<>();
        products.add(Product.dense("latent projection", in));
        products.add(Product.dense("query and latent expansion", up));
        if (indexer != null) {
            products.add(indexer.product(hiddenSize));
        }
        products.add(Product.dense(
                "output projection",
                List.of(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, (long) heads * valueSize))));
        return products;
    }

    /**
     * Scores and values of one layer, in the cheaper of two forms. Absorbed, heads meet the latent itself:
     * {@code FLOP = 2H · (2r + p) · pairs}. Expanded, keys and values are rebuilt, those of cached tokens too:
     * {@code FLOP = 2H · (n + p + v) · pairs + 2 · C · r · H · (n + v)}. Decode comes out absorbed, prefill expanded.
     *
     * <p>Source: DeepSeek-V2, section 2.1.2 and appendix C. Holds for: any T and C; rebuilding the T new tokens is part
     * of the expansion product in both forms.
     */
    @Override
    public List<Operation> mixing(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double pairs = Pairs.causal(step, topK);
        double here = (double) parallelism.share(heads) * step.sequences();
        double absorbed = 2 * here * (2.0 * kvRank + rotarySize) * pairs;
        double expanded = 2 * here * (plainSize + rotarySize + valueSize) * pairs
                + 2 * here * step.cachedTokens() * kvRank * (plainSize + valueSize);
        double all = (double) step.newTokens() + step.cachedTokens();
        double read = topK == Long.MAX_VALUE ? all : Math.min(all, (double) step.newTokens() * topK);
        double entries = (read + step.newTokens()) * step.sequences();
        Operation scores = new Operation(
                "latent attention" + (topK == Long.MAX_VALUE ? "" : ", best " + topK),
                KernelKind.ATTENTION,
                count,
                Math.min(absorbed, expanded),
                0,
                cache.bytes(entries * (kvRank + rotarySize)),
                cache,
                new Shape.Scores(parallelism.share(heads), 1, step.tokens() * Math.min(all, topK), true));
        return indexer == null ? List.of(scores) : List.of(indexer.scores(count, step, cache, parallelism), scores);
    }

    /** {@code r + p}, on every device: the latent belongs to all heads. */
    @Override
    public double cachedValuesPerToken(Parallelism parallelism) {
        return kvRank + rotarySize + (indexer == null ? 0 : indexer.size());
    }

    @Override
    public double cachedValues(long length, Parallelism parallelism) {
        return cachedValuesPerToken(parallelism) * length;
    }

    @Override
    public List<Long> bends() {
        return topK == Long.MAX_VALUE ? List.of() : List.of(topK);
    }

    @Override
    public long activationWidth() {
        return (long) heads * (2L * plainSize + 2L * rotarySize + valueSize);
    }

    @Override
    public void requireFits(Parallelism parallelism) {
        Pairs.requireDivides(parallelism, heads);
    }
}
