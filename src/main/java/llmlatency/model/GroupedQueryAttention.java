package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head (K = H), grouped-query and multi-query (K = 1) attention, with or without a sliding window.
 *
 * <p>Source: Ainslie et al. 2023, "GQA" (arXiv 2305.13245); Beltagy et al. 2020 for windows (arXiv 2004.05150).
 *
 * @param heads query heads, H
 * @param kvHeads key and value heads, K
 * @param headSize width of a query or key head, h
 * @param valueSize width of a value head
 * @param window tokens that a token may look at, its own included; {@link Long#MAX_VALUE}: all
 * @param keyValues where its keys and values come from
 * @param qkvBias biases on the query, key and value projections
 * @param outputBias a bias on the output projection
 * @param qkNorm norms on queries and keys
 * @param sinks a learned logit per head
 * @param gate a gate on what the heads give out
 * @param indexer what chooses the tokens to look at; null: none
 * @param topK tokens that it chooses; {@link Long#MAX_VALUE}: all
 */
public record GroupedQueryAttention(
        int heads,
        int kvHeads,
        int headSize,
        int valueSize,
        long window,
        KeyValues keyValues,
        boolean qkvBias,
        boolean outputBias,
        QkNorm qkNorm,
        boolean sinks,
        Gate gate,
        @Nullable Indexer indexer,
        long topK)
        implements Attention {

    /** Norms on queries and keys: none, one vector shared by all heads, or one over all heads. */
    public enum QkNorm {
        NONE,
        PER_HEAD,
        ALL_HEADS
    }

    /** Where keys and values come from. */
    public enum KeyValues {
        /** A projection each. */
        OWN,
        /** One projection gives both; both are cached. */
        ONE_PROJECTION,
        /** The cache of an earlier layer is read; nothing is projected or cached. */
        SHARED
    }

    /** A gate computed from the layer's input. */
    public enum Gate {
        NONE,
        /** One value for each output of the heads. */
        ELEMENTWISE,
        /** One value a head. */
        PER_HEAD
    }

    public GroupedQueryAttention {
        if (heads < 1 || kvHeads < 1 || headSize < 1 || valueSize < 1 || window < 1 || heads % kvHeads != 0) {
            throw new Refusal(heads + " query heads over " + kvHeads + " key/value heads of " + headSize + ", window "
                    + window + ": the first must be a multiple of the second, all above zero");
        }
    }

    /** The common form: equal widths, own keys and values, no indexer. */
    public GroupedQueryAttention(
            int heads,
            int kvHeads,
            int headSize,
            long window,
            boolean qkvBias,
            boolean outputBias,
            QkNorm qkNorm,
            boolean sinks,
            boolean outputGate) {
        this(
                heads,
                kvHeads,
                headSize,
                headSize,
                window,
                KeyValues.OWN,
                qkvBias,
                outputBias,
                qkNorm,
                sinks,
                outputGate ? Gate.ELEMENTWISE : Gate.NONE,
                null,
                Long.MAX_VALUE);
    }

    @Override
    public List<Product> products(long hiddenSize) {
        List<Product> products = new ArrayList<>();
        products.add(Product.dense("QKV projection", inputs(hiddenSize)));
        if (indexer != null) {
            products.add(indexer.product(hiddenSize));
        }
        List<Tensor> output = new ArrayList<>();
        output.add(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, (long) heads * valueSize));
        if (outputBias) {
            output.add(Tensor.vector(TensorRole.BIAS, hiddenSize));
        }
        if (sinks) {
            output.add(Tensor.dividedVector(TensorRole.SINK, heads));
        }
        products.add(Product.dense("output projection", output));
        return products;
    }

    private List<Tensor> inputs(long hiddenSize) {
        List<Tensor> tensors = new ArrayList<>();
        addProjection(tensors, TensorRole.QUERY, heads, headSize, hiddenSize);
        if (keyValues != KeyValues.SHARED) {
            addProjection(tensors, TensorRole.KEY, kvHeads, headSize, hiddenSize);
        }
        if (keyValues == KeyValues.OWN) {
            addProjection(tensors, TensorRole.VALUE, kvHeads, valueSize, hiddenSize);
        }
        if (gate != Gate.NONE) {
            long width = gate == Gate.ELEMENTWISE ? valueSize : 1;
            tensors.add(Tensor.ofHeads(TensorRole.ATTENTION_GATE, heads, width, hiddenSize));
        }
        long keys = keyValues == KeyValues.SHARED ? 0 : 1;
        if (qkNorm == QkNorm.PER_HEAD) {
            tensors.add(Tensor.vector(TensorRole.NORM, (1 + keys) * headSize));
        } else if (qkNorm == QkNorm.ALL_HEADS) {
            tensors.add(Tensor.vector(TensorRole.NORM, (heads + keys * kvHeads) * headSize));
        }
        return tensors;
    }

    private void addProjection(List<Tensor> tensors, TensorRole role, int count, int size, long hiddenSize) {
        tensors.add(Tensor.ofHeads(role, count, size, hiddenSize));
        if (qkvBias) {
            tensors.add(Tensor.ofHeads(TensorRole.BIAS, count, size, 1));
        }
    }

    /**
     * Scores and values of one layer. With r = T + min(C, w − 1) entries read and T written a sequence:
     * {@code bytes = B · (r + T) · K(h + h_v) · bytes per value}, {@code FLOP = 2 · B · H · (h + h_v) · pairs}. Where an
     * indexer chooses k tokens, at most T·k entries are read and at most k of them meet a query.
     *
     * <p>Source: Dao 2023, "FlashAttention-2" (arXiv 2307.08691): every entry is read once a pass, masked pairs are not
     * computed. Holds for: causal attention, any T and C (how-it-counts.md).
     */
    @Override
    public List<Operation> mixing(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double read = step.newTokens() + Math.min(step.cachedTokens(), window - 1);
        double chosen = Math.min(read, topK == Long.MAX_VALUE ? read : (double) step.newTokens() * topK);
        double written = keyValues == KeyValues.SHARED ? 0 : step.newTokens();
        double entries = (chosen + written) * step.sequences();
        double bytes = cache.bytes(entries * entryValues(parallelism));
        double flops = 2.0
                * step.sequences()
                * parallelism.share(heads)
                * (headSize + valueSize)
                * Pairs.causal(step, Math.min(window, topK));
        // The limits stand in the name: layers that differ in them are never counted as one, even while both are short.
        String name = "attention"
                + (window == Long.MAX_VALUE ? "" : ", window " + window)
                + (topK == Long.MAX_VALUE ? "" : ", best " + topK);
        double positions =
                step.tokens() * Math.min((double) step.cachedTokens() + step.newTokens(), Math.min(window, topK));
        Shape shape = new Shape.Scores(parallelism.share(heads), parallelism.share(kvHeads), positions, false);
        Operation scores = new Operation(name, KernelKind.ATTENTION, count, flops, 0, bytes, cache, shape);
        return indexer == null ? List.of(scores) : List.of(indexer.scores(count, step, cache, parallelism), scores);
    }

    /**
     * {@code K · (h + h_v)}: one key and one value per head; a device holds at least one head.
     *
     * <p>Source: Ainslie et al. 2023. Holds for: multi-head, grouped-query, multi-query.
     */
    private double entryValues(Parallelism parallelism) {
        return (double) parallelism.share(kvHeads) * (headSize + valueSize);
    }

    @Override
    public double cachedValuesPerToken(Parallelism parallelism) {
        double index = indexer == null ? 0 : indexer.size();
        return keyValues == KeyValues.SHARED ? 0 : entryValues(parallelism) + index;
    }

    @Override
    public double cachedValues(long length, Parallelism parallelism) {
        double index = indexer == null ? 0 : (double) indexer.size() * length;
        return keyValues == KeyValues.SHARED ? 0 : entryValues(parallelism) * Math.min(length, window) + index;
    }

    @Override
    public List<Long> bends() {
        List<Long> bends = new ArrayList<>();
        for (long limit : new long[] {window, topK}) {
            if (limit != Long.MAX_VALUE) {
                bends.add(limit);
            }
        }
        return bends;
    }

    @Override
    public long activationWidth() {
        return (heads + 2L * kvHeads) * headSize;
    }

    @Override
    public void requireFits(Parallelism parallelism) {
        Pairs.requireDivides(parallelism, heads);
        int tensor = parallelism.tensor();
        if (kvHeads % tensor != 0 && tensor % kvHeads != 0) {
            throw new Refusal("tensor parallelism over " + tensor + " devices neither divides the " + kvHeads
                    + " key/value heads nor is a multiple of them");
        }
    }
}
