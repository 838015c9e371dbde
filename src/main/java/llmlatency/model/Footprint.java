package llmlatency.model;

import llmlatency.work.NumberFormat;
import llmlatency.work.Place;

/**
 * What must be held on the fullest device, and by its host. Sizes are exact; overflow means that no such memory exists.
 *
 * @param model the model
 * @param scheme how its weights are stored
 * @param cache how its cache is stored
 * @param parallelism how it is laid out
 * @param placement which parts stay on the host
 */
public record Footprint(
        Model model, WeightScheme scheme, NumberFormat cache, Parallelism parallelism, Placement placement) {
    private static final int ACTIVATION_BYTES = 2;
    private static final int LOGIT_BYTES = 4;

    /** With everything on devices. */
    public Footprint(Model model, WeightScheme scheme, NumberFormat cache, Parallelism parallelism) {
        this(model, scheme, cache, parallelism, Placement.DEVICES);
    }

    /**
     * All weights of the fullest device, tables included: {@code Σ weights · bytes per weight}. Of layers that are split
     * over devices it holds its share, and the tables or the head, whichever are larger.
     */
    public long weightBytes() {
        double tables = scheme.arithmeticFormat().bytes(parallelism.share(model.aside()))
                + (placement.tables() == Place.DEVICE ? tableBytes() : 0);
        double head = placement.head() == Place.DEVICE ? headBytes() : 0;
        double layers = layerBytes(Place.DEVICE) + (placement.head() == Place.DEVICE ? extraBytes() : 0);
        double ends = parallelism.stages() == 1 ? tables + head : Math.max(tables, head);
        return Math.round(ends + layers * layerShare());
    }

    /** Weights in the host's memory. */
    public long hostWeightBytes() {
        double tables = placement.tables() == Place.HOST ? tableBytes() : 0;
        double ends = placement.head() == Place.HOST ? headBytes() + extraBytes() : 0;
        return Math.round(tables + ends + layerBytes(Place.HOST));
    }

    private double tableBytes() {
        double bytes = 0;
        for (Tensor table : model.lookups()) {
            bytes += scheme.bytes(table, table.elements(parallelism));
        }
        return bytes;
    }

    /** The head; where it shares the embedding table, its matrix only if that lies elsewhere. */
    private double headBytes() {
        boolean together = placement.head() == placement.tables();
        double bytes = 0;
        for (Tensor tensor : model.head().tensors()) {
            boolean counted = together && model.tiedEmbeddings() && tensor.role() == TensorRole.EMBEDDING;
            bytes += counted ? 0 : scheme.bytes(tensor, tensor.elements(parallelism));
        }
        return bytes;
    }

    private double extraBytes() {
        double bytes = 0;
        for (Tensor tensor : model.extras()) {
            bytes += scheme.bytes(tensor, tensor.elements(parallelism));
        }
        return bytes;
    }

    private double layerBytes(Place place) {
        double bytes = 0;
        for (int entry = 0; entry < model.layers().size(); entry++) {
            for (Placement.Share share : placement.shares(model, entry)) {
                for (Product product : model.products(model.layers().get(entry))) {
                    if (place == (product.routing() == null ? share.layer() : share.experts())) {
                        for (Tensor tensor : product.tensors()) {
                            bytes += share.count() * scheme.bytes(tensor, tensor.elements(parallelism));
                        }
                    }
                }
            }
        }
        return bytes;
    }

    /** Of the layers on devices, the share of the fullest. */
    private double layerShare() {
        return parallelism.layerShare(placement.onDevices(model.layerCount()));
    }

    /**
     * Cache and state of one sequence of that length: {@code Σ layers · (values kept · bytes per value + state)}, of the
     * layers on devices.
     *
     * <p>Source: how-it-counts.md. Holds for: caches that grow, windows that keep w tokens, states that do not grow.
     */
    public long cacheBytes(long length) {
        return Math.round(cacheBytes(length, Place.DEVICE) * layerShare());
    }

    /** The same of the layers on the host, whose cache lies beside them. */
    public long hostCacheBytes(long length) {
        return Math.round(cacheBytes(length, Place.HOST));
    }

    private double cacheBytes(long length, Place place) {
        double bytes = 0;
        for (int entry = 0; entry < model.layers().size(); entry++) {
            Attention attention = model.layers().get(entry).attention();
            if (attention != null) {
                double kept = cache.bytes(attention.cachedValues(length, parallelism));
                for (Placement.Share share : placement.shares(model, entry)) {
                    bytes += share.layer() == place ? share.count() * (kept + attention.stateBytes(parallelism)) : 0;
                }
            }
        }
        return bytes;
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
