package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;

/**
 * A small attention that scores every cached token cheaply, so that the large one looks at the best alone.
 *
 * <p>Source: DeepSeek-AI 2025, "DeepSeek-V3.2-Exp", lightning indexer.
 *
 * @param heads its query heads
 * @param size width of a head; one key of it is cached a token
 * @param queryInput width that its queries are computed from
 * @param headWeights whether the heads are weighted by a matrix of their own
 */
public record Indexer(int heads, int size, long queryInput, boolean headWeights) {
    /** {@code q·(n·h) + d·h + 2h}, and {@code d·n} for head weights. */
    Product product(long hiddenSize) {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(Tensor.matrix(TensorRole.INDEX, (long) heads * size, queryInput));
        tensors.add(Tensor.replicatedMatrix(TensorRole.INDEX, size, hiddenSize));
        tensors.add(Tensor.vector(TensorRole.NORM, 2L * size));
        if (headWeights) {
            tensors.add(Tensor.matrix(TensorRole.INDEX, heads, hiddenSize));
        }
        return Product.dense("indexer", tensors);
    }

    /** {@code FLOP = 2 · B · n · h · pairs}; every cached key is read once a pass and T are written. */
    Operation scores(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double entries = 2.0 * step.newTokens() + step.cachedTokens();
        double flops = 2.0 * step.sequences() * parallelism.share(heads) * size * Pairs.causal(step, Long.MAX_VALUE);
        return new Operation(
                "index scores",
                KernelKind.ATTENTION,
                count,
                flops,
                0,
                cache.bytes(entries * step.sequences() * size),
                cache,
                new Shape.Scores(
                        parallelism.share(heads),
                        1,
                        step.tokens() * ((double) step.cachedTokens() + step.newTokens()),
                        false));
    }
}
