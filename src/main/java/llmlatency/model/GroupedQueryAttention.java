package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * Multi-head (K = H), grouped-query and multi-query (K = 1) attention, with or without a sliding window.
 *
 * <p>Source: Ainslie et al. 2023, "GQA" (arXiv 2305.13245); Beltagy et al. 2020 for windows (arXiv 2004.05150).
 *
 * @param heads query heads, H
 * @param kvHeads key and value heads, K
 * @param headSize width of a head, h
 * @param window tokens that a token may look at, its own included; {@link Long#MAX_VALUE}: all
 * @param qkvBias biases on the query, key and value projections
 * @param outputBias a bias on the output projection
 * @param qkNorm norms on queries and keys
 * @param sinks a learned logit per head
 * @param outputGate a gate of the heads' width computed from the layer's input
 */
public record GroupedQueryAttention(
        int heads,
        int kvHeads,
        int headSize,
        long window,
        boolean qkvBias,
        boolean outputBias,
        QkNorm qkNorm,
        boolean sinks,
        boolean outputGate)
        implements Attention {

    /** Norms on queries and keys: none, one vector shared by all heads, or one over all heads. */
    public enum QkNorm {
        NONE,
        PER_HEAD,
        ALL_HEADS
    }

    public GroupedQueryAttention {
        if (heads < 1 || kvHeads < 1 || headSize < 1 || window < 1 || heads % kvHeads != 0) {
            throw new Refusal(heads + " query heads over " + kvHeads + " key/value heads of " + headSize + ", window "
                    + window + ": the first must be a multiple of the second, all above zero");
        }
    }

    @Override
    public List<Product> products(long hiddenSize) {
        List<Tensor> qkv = new ArrayList<>();
        qkv.add(Tensor.ofHeads(TensorRole.QUERY, heads, headSize, hiddenSize));
        qkv.add(Tensor.ofHeads(TensorRole.KEY, kvHeads, headSize, hiddenSize));
        qkv.add(Tensor.ofHeads(TensorRole.VALUE, kvHeads, headSize, hiddenSize));
        if (outputGate) {
            qkv.add(Tensor.ofHeads(TensorRole.ATTENTION_GATE, heads, headSize, hiddenSize));
        }
        if (qkvBias) {
            qkv.add(Tensor.ofHeads(TensorRole.BIAS, heads, headSize, 1));
            qkv.add(Tensor.ofHeads(TensorRole.BIAS, kvHeads, headSize, 1));
            qkv.add(Tensor.ofHeads(TensorRole.BIAS, kvHeads, headSize, 1));
        }
        if (qkNorm == QkNorm.PER_HEAD) {
            qkv.add(Tensor.vector(TensorRole.NORM, 2L * headSize));
        } else if (qkNorm == QkNorm.ALL_HEADS) {
            qkv.add(Tensor.vector(TensorRole.NORM, ((long) heads + kvHeads) * headSize));
        }
        List<Tensor> output = new ArrayList<>();
        output.add(Tensor.matrix(TensorRole.ATTENTION_OUTPUT, hiddenSize, (long) heads * headSize));
        if (outputBias) {
            output.add(Tensor.vector(TensorRole.BIAS, hiddenSize));
        }
        if (sinks) {
            output.add(Tensor.dividedVector(TensorRole.SINK, heads));
        }
        return List.of(Product.dense("QKV projection", qkv), Product.dense("output projection", output));
    }

    /**
     * Scores and values of one layer. With r = T + min(C, w − 1) entries read and T written a sequence:
     * {@code bytes = B · (r + T) · 2Kh · bytes per value}, {@code FLOP = 4 · B · H · h · pairs}.
     *
     * <p>Source: Dao 2023, "FlashAttention-2" (arXiv 2307.08691): every entry is read once a pass, masked pairs are not
     * computed. Holds for: causal attention, any T and C (DESIGN 8.5, 8.9).
     */
    @Override
    public Operation scores(int count, Step step, NumberFormat cache, Parallelism parallelism) {
        double read = step.newTokens() + Math.min(step.cachedTokens(), window - 1);
        double entries = (read + step.newTokens()) * step.sequences();
        double bytes = cache.bytes(entries * cachedValuesPerToken(parallelism));
        double flops = 4.0 * step.sequences() * parallelism.share(heads) * headSize * pairs(step);
        String name = window == Long.MAX_VALUE ? "attention" : "attention, window " + window;
        return new Operation(name, KernelKind.ATTENTION, count, flops, 0, bytes, cache);
    }

    /**
     * Query-key pairs of a sequence: {@code Σ_{j=1..T} min(C + j, w)}, that is {@code T·C + T(T+1)/2} without a window.
     *
     * <p>Source: counting; DESIGN 8.9. Holds for: causal masks, w counting the token itself.
     */
    double pairs(Step step) {
        double cached = step.cachedTokens();
        double growing = Math.min(step.newTokens(), Math.max(0, (double) window - cached));
        double capped = step.newTokens() - growing;
        return growing * cached + growing * (growing + 1) / 2 + (capped == 0 ? 0 : capped * window);
    }

    /**
     * {@code 2 · K · h}: one key and one value per head; a device holds at least one head.
     *
     * <p>Source: Ainslie et al. 2023. Holds for: multi-head, grouped-query, multi-query.
     */
    @Override
    public long cachedValuesPerToken(Parallelism parallelism) {
        return 2 * parallelism.share(kvHeads) * headSize;
    }

    @Override
    public long cachedTokens(long length) {
        return Math.min(length, window);
    }

    @Override
    public long activationWidth() {
        return (heads + 2L * kvHeads) * headSize;
    }

    @Override
    public void requireFits(Parallelism parallelism) {
        int tensor = parallelism.tensor();
        if (heads % tensor != 0) {
            throw new Refusal(
                    "tensor parallelism over " + tensor + " devices does not divide the " + heads + " query heads",
                    "degrees that do: " + divisors(heads));
        }
        if (kvHeads % tensor != 0 && tensor % kvHeads != 0) {
            throw new Refusal("tensor parallelism over " + tensor + " devices neither divides the " + kvHeads
                    + " key/value heads nor is a multiple of them");
        }
    }

    private static String divisors(int number) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= number; i++) {
            if (number % i == 0) {
                text.append(text.length() == 0 ? "" : ", ").append(i);
            }
        }
        return text.toString();
    }
}
