package llmlatency.model;

import llmlatency.work.NumberFormat;

/**
 * What must be held on the fullest device. Sizes are exact; overflow means that no such memory exists.
 *
 * @param model the model
 * @param scheme how its weights are stored
 * @param cache how its cache is stored
 * @param parallelism how it is laid out
 */
public record Footprint(Model model, WeightScheme scheme, NumberFormat cache, Parallelism parallelism) {
    private static final int ACTIVATION_BYTES = 2;
    private static final int LOGIT_BYTES = 4;

    /**
     * All weights of the fullest device, tables included: {@code Σ weights · bytes per weight}. Of layers that are split
     * over devices it holds its share, and the tables or the head, whichever are larger.
     */
    public long weightBytes() {
        double tables = scheme.arithmeticFormat().bytes(parallelism.share(model.aside()));
        for (Tensor table : model.lookups()) {
            tables += scheme.bytes(table, table.elements(parallelism));
        }
        double head = 0;
        for (Tensor tensor : model.head().tensors()) {
            boolean counted = model.tiedEmbeddings() && tensor.role() == TensorRole.EMBEDDING;
            head += counted ? 0 : scheme.bytes(tensor, tensor.elements(parallelism));
        }
        double layers = 0;
        for (Tensor tensor : model.extras()) {
            layers += scheme.bytes(tensor, tensor.elements(parallelism));
        }
        for (Layer layer : model.layers()) {
            for (Product product : model.products(layer)) {
                for (Tensor tensor : product.tensors()) {
                    layers += layer.count() * scheme.bytes(tensor, tensor.elements(parallelism));
                }
            }
        }
        double ends = parallelism.stages() == 1 ? tables + head : Math.max(tables, head);
        return Math.round(ends + layers * parallelism.layerShare(model.layerCount()));
    }

    /**
     * Cache and state of one sequence of that length: {@code Σ layers · (values kept · bytes per value + state)}.
     *
     * <p>Source: how-it-counts.md. Holds for: caches that grow, windows that keep w tokens, states that do not grow.
     */
    public long cacheBytes(long length) {
        double bytes = 0;
        for (Layer layer : model.layers()) {
            Attention attention = layer.attention();
            if (attention != null) {
                double kept = cache.bytes(attention.cachedValues(length, parallelism));
                bytes += layer.count() * (kept + attention.stateBytes(parallelism));
            }
        }
        return Math.round(bytes * parallelism.layerShare(model.layerCount()));
    }

    /** State of one sequence that does not grow with it. */
    public long stateBytes() {
        double bytes = 0;
        for (Layer layer : model.layers()) {
            bytes += layer.attention() == null
                    ? 0
                    : layer.count() * layer.attention().stateBytes(parallelism);
        }
        return Math.round(bytes);
    }

    /**
     * Activations of the prompts of B sequences: {@code B·P·(2d + max((H + 2K)·h, gate+up width)/tp)·2 + B·V·4} bytes.
     *
     * <p>Source: how-it-counts.md, an assumption: two residual rows and the widest row between, at 16 bit, and the logits at
     * 32 bit. Holds for: programs that free each activation once it is used.
     */
    public long activationBytes(long sequences, long promptTokens) {
        double width = 2.0 * model.hiddenSize() + widestActivation() / (double) parallelism.tensor();
        double rows = sequences * (double) promptTokens * width * ACTIVATION_BYTES;
        return Math.round(rows + sequences * (double) model.vocabulary() * LOGIT_BYTES);
    }

    private long widestActivation() {
        long widest = 0;
        for (Layer layer : model.layers()) {
            if (layer.attention() != null) {
                widest = Math.max(widest, layer.attention().activationWidth());
            }
            for (FeedForward part : layer.feedForward()) {
                widest = Math.max(widest, part.activationWidth());
            }
        }
        return widest;
    }
}
