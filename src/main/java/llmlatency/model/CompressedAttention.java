package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
import org.jspecify.annotations.Nullable;

/**
 * One shared head that serves as key and value, kept for a window of tokens and, compressed, for all: one entry for each
 * m tokens.
 *
 * <p>Source: the deepseek_v4 family of transformers 5.18.
 *
 * @param heads query heads, H
 * @param headSize width of the shared head, h
 * @param queryRank width of the compressed query
 * @param outputGroups groups of the output projection
 * @param outputRank width of each group's inner output
 * @param window tokens kept as they are
 * @param ratio tokens to one compressed entry, m; 0: none are compressed
 * @param compressorWidth inner width of the compressor
 * @param indexer what chooses among compressed entries; null: all are looked at
 * @param indexCompressorWidth inner width of the indexer's own compressor
 * @param topK compressed entries that it chooses
 */
public record CompressedAttention(
        int heads,
        int headSize,
        int queryRank,
        int outputGroups,
        int outputRank,
        long window,
        int ratio,
        int compressorWidth,
        @Nullable Indexer indexer,
        int indexCompressorWidth,
        long topK)
        implements Attention {

    @Override
    public List<Product> products(long hiddenSize) {
        List<Product> products = new ArrayList<>();
        products.add(Product.dense(
                "latent projection",
                List.of(
                        Tensor.replicatedMatrix(TensorRole.LATENT, queryRank, hiddenSize),
                        Tensor.vector(TensorRole.NORM, queryRank),
                        Tensor.replicatedMatrix(TensorRole.LATENT, headSize, hiddenSize),
                        Tensor.vector(TensorRole.NORM, headSize))));
        products.add(Product.dense(
                "query projection", List.of(Tensor.ofHeads(TensorRole.QUERY, heads, headSize, queryRank))));
        if (ratio > 0) {
            products.add(Product.dense("compressor", compressor(hiddenSize, compressorWidth, headSize)));
        }
        if (indexer != null) {
            List<Tensor> index = new ArrayList<>();
            index.add(Tensor.matrix(TensorRole.INDEX, (long) indexer.heads() * indexer.size(), queryRank));
            index.add(Tensor.matrix(TensorRole.INDEX, indexer.heads(), hiddenSize));
            index.addAll(compressor(hiddenSize, indexCompressorWidth, indexer.size()));
            products.add(Product.dense("indexer", index));
        }
        long inner = (long) outputGroups * outputRank;
        products.add(Product.dense(
                "output projection",
                List.of(
                        Tensor.matrix(TensorRole.ATTENTION_OUTPUT, inner, (long) heads * headSize / outputGroups),
                        Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, inner),
                        Tensor.dividedVector(TensorRole.SINK, heads))));
        return products;
    }

    /** {@code 2·d·c + m·c + norm}: two matrices, a bias for each position within an entry, a norm. */
    private List<Tensor> compressor(long hiddenSize, long width, long norm) {
        return List.of(
                Tensor.replicatedMatrix(TensorRole.INDEX, 2 * width, hiddenSize),
                Tensor.vector(TensorRole.OTHER_VECTOR, ratio * width),
                Tensor.vector(TensorRole.NORM, norm));
    }

    /**
     * Scores and values of one layer: {@code FLOP = 4 · B · H · h · (pairs in the window + pairs with entries)}, each
     * entry read once a pass, at most k of the compressed ones for each query.
     *
     * <p>Source: counting, after the module's code. Holds for: causal attention, any T and C.
     */
    @Override
    public List<Operation> mixing(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double compressed = ratio == 0 ? 0 : (step.newTokens() + (double) step.cachedTokens()) / ratio;
        double limit = indexer == null ? Double.MAX_VALUE : (double) topK;
        double pairs = Pairs.causal(step, window)
                + (ratio == 0 ? 0 : Math.min(Pairs.causal(step, Long.MAX_VALUE) / ratio, step.newTokens() * limit));
        double written = step.newTokens() * (1 + (ratio == 0 ? 0 : 1.0 / ratio));
        double read = step.newTokens()
                + Math.min(step.cachedTokens(), window - 1)
                + Math.min(compressed, step.newTokens() * limit);
        double near = Math.min((double) step.cachedTokens() + step.newTokens(), window);
        double flops = 4.0 * step.sequences() * parallelism.share(heads) * headSize * pairs;
        double bytes = cache.bytes((read + written) * step.sequences() * headSize);
        List<Operation> operations = new ArrayList<>();
        if (indexer != null) {
            operations.add(indexScores(count, step, cache, parallelism, compressed));
        }
        operations.add(new Operation(
                "attention, window " + window + (ratio == 0 ? "" : ", 1 of " + ratio),
                KernelKind.ATTENTION,
                count,
                flops,
                0,
                bytes,
                cache,
                new Shape.Scores(
                        parallelism.share(heads), 1, step.tokens() * (near + Math.min(compressed, limit)), false)));
        return operations;
    }

    private Operation indexScores(
            int count, Step step, NumberFormat cache, Parallelism parallelism, double compressed) {
        int heads = indexer == null ? 0 : indexer.heads();
        int size = indexer == null ? 0 : indexer.size();
        double pairs = Pairs.causal(step, Long.MAX_VALUE) / ratio;
        double flops = 2.0 * step.sequences() * parallelism.share(heads) * size * pairs;
        double entries = (compressed + (double) step.newTokens() / ratio) * step.sequences();
        return new Operation("index scores", KernelKind.ATTENTION, count, flops, 0, cache.bytes(entries * size), cache);
    }

    @Override
    public double cachedValuesPerToken(Parallelism parallelism) {
        return headSize + (ratio == 0 ? 0 : compressedValues());
    }

    private double compressedValues() {
        return (headSize + (indexer == null ? 0 : indexer.size())) / (double) ratio;
    }

    @Override
    public double cachedValues(long length, Parallelism parallelism) {
        return (double) headSize * Math.min(length, window) + (ratio == 0 ? 0 : compressedValues() * length);
    }

    @Override
    public List<Long> bends() {
        return indexer == null || topK == Long.MAX_VALUE ? List.of(window) : List.of(window, topK * ratio);
    }

    @Override
    public long activationWidth() {
        return (heads + 1L) * headSize;
    }

    @Override
    public void requireFits(Parallelism parallelism) {
        Pairs.requireDivides(parallelism, heads);
    }
}
