package llmlatency.checkpoint;

import java.util.List;
import java.util.Map;
import llmlatency.model.Attention;
import llmlatency.model.Footprint;
import llmlatency.model.ForwardPass;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.model.Step;
import llmlatency.model.WeightScheme;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * What a model holds: weights by part and by number format, and what it caches (how-it-counts.md).
 *
 * @param model its structure
 * @param weightBytes bytes of the decoder's weights
 * @param weightBytesPerToken of these, what one token reads
 * @param parts weights by part
 * @param formats weights by number format
 * @param cache what it caches
 */
public record Inspection(
        Model model,
        long weightBytes,
        double weightBytesPerToken,
        List<Part> parts,
        List<Stored> formats,
        Cache cache) {
    /** A length beyond every window. */
    private static final long LONG = 1L << 30;

    /**
     * A named part of the weights.
     *
     * @param part what it is
     * @param parameters weights in it
     * @param bytes bytes that they take
     */
    public record Part(String part, long parameters, long bytes) {}

    /**
     * Weights in one number format.
     *
     * @param format its name
     * @param parameters weights stored in it
     * @param bytes bytes that they take
     */
    public record Stored(String format, long parameters, long bytes) {}

    /**
     * Cache and state of one sequence.
     *
     * @param perToken bytes more with each token, before any window is full
     * @param perTokenWindowsFull bytes more with each token once all windows are full
     * @param windowBytes bytes of full windows
     * @param constantBytes state that does not grow
     * @param tokens the length that the next two are for
     * @param logicalBytes bytes of a sequence of that length
     * @param allocatedBytes what an engine allocates for it, in whole blocks
     * @param blockTokens tokens in a block
     */
    public record Cache(
            double perToken,
            double perTokenWindowsFull,
            double windowBytes,
            long constantBytes,
            long tokens,
            long logicalBytes,
            long allocatedBytes,
            int blockTokens) {

        static Cache of(Model model, NumberFormat format, long tokens, int blockTokens) {
            Footprint footprint = new Footprint(model, WeightScheme.flat(format), format, Parallelism.NONE);
            int block = pagedBlock(model, format, blockTokens);
            double full = 0;
            double windows = 0;
            double allocated = 0;
            for (Layer layer : model.layers()) {
                Attention attention = layer.attention();
                if (attention != null) {
                    double slope = attention.cachedValues(LONG + 1, Parallelism.NONE)
                            - attention.cachedValues(LONG, Parallelism.NONE);
                    double rest = attention.cachedValues(LONG, Parallelism.NONE) - slope * LONG;
                    full += layer.count() * format.bytes(slope);
                    windows += layer.count() * format.bytes(rest);
                    allocated += layer.count() * allocated(attention, model, format, tokens, block);
                }
            }
            return new Cache(
                    format.bytes(model.cachedValuesPerToken()),
                    full,
                    windows,
                    footprint.stateBytes(),
                    tokens,
                    footprint.cacheBytes(tokens),
                    Math.round(allocated),
                    block);
        }

        /** Whole blocks of the cache; a state takes one page, as large as a block of the largest cache beside it. */
        private static double allocated(Attention attention, Model model, NumberFormat format, long tokens, int block) {
            double state = attention.stateBytes(Parallelism.NONE);
            if (state > 0) {
                return Math.max(state, block * perToken(model, format));
            }
            long blocks = (tokens + block - 1) / block;
            return format.bytes(attention.cachedValues(blocks * block, Parallelism.NONE));
        }

        /**
         * Tokens in a block: those of the engine, or so many that a block holds a layer's state, in steps of the engine's.
         *
         * <p>Source: vLLM's hybrid cache manager, which keeps one page size for states and caches. Holds for: models that
         * mix both; others keep the engine's block.
         */
        private static int pagedBlock(Model model, NumberFormat format, int blockTokens) {
            double state = 0;
            for (Layer layer : model.layers()) {
                state = layer.attention() == null
                        ? state
                        : Math.max(state, layer.attention().stateBytes(Parallelism.NONE));
            }
            double perToken = perToken(model, format);
            if (state == 0 || perToken == 0) {
                return blockTokens;
            }
            return blockTokens * (int) Math.max(1, Math.ceil(state / perToken / blockTokens));
        }

        /** Bytes that one token takes in the largest cache of a layer. */
        private static double perToken(Model model, NumberFormat format) {
            double most = 0;
            for (Layer layer : model.layers()) {
                if (layer.attention() != null) {
                    most = Math.max(most, layer.attention().cachedValuesPerToken(Parallelism.NONE));
                }
            }
            return format.bytes(most);
        }
    }

    /**
     * The inspection of a model stored in one format.
     *
     * @param tokens length of the sequence that allocation is shown for
     * @param blockTokens tokens in a block of an engine's cache
     */
    public static Inspection flat(Model model, NumberFormat weights, NumberFormat cache, long tokens, int blockTokens) {
        WeightScheme scheme = WeightScheme.flat(weights);
        ForwardPass pass = new ForwardPass(model, scheme, cache, Parallelism.NONE);
        double perToken = 0;
        for (Operation operation : pass.operations(new Step(1, 0, 1))) {
            perToken += operation.kind() == KernelKind.LOOKUP ? 0 : operation.count() * operation.weightBytes();
        }
        TensorCount count = TensorCount.flat(model, scheme);
        return new Inspection(
                model,
                count.bytes(),
                perToken,
                count.parts(),
                count.formats(),
                Cache.of(model, cache, tokens, blockTokens));
    }

    /**
     * The inspection of a model whose tensors are stored by the rules of a GGUF mix.
     *
     * @param vectors values that the file stores beside the weights
     */
    public static Inspection mixed(
            Model model, GgufMix mix, long vectors, NumberFormat cache, long tokens, int blockTokens) {
        TensorCount count = mix.count(model, vectors);
        return new Inspection(
                model,
                count.bytes(),
                mix.bytesPerToken(model),
                count.parts(),
                count.formats(),
                Cache.of(model, cache, tokens, blockTokens));
    }

    /** The inspection of a model by the tensors of its files. */
    public static Inspection stored(Model model, StoredModel stored, NumberFormat cache, long tokens, int blockTokens) {
        return new Inspection(
                model,
                stored.weightBytes(),
                stored.weightBytesPerToken(),
                stored.parts(),
                stored.formats(),
                Cache.of(model, cache, tokens, blockTokens));
    }

    /**
     * The inspection of a quantised checkpoint that leaves some weights in a plain format.
     *
     * @param unquantised weights of each part that are left plain
     */
    public static Inspection recipe(
            Model model,
            NumberFormat weights,
            NumberFormat plain,
            Map<String, Long> unquantised,
            NumberFormat cache,
            long tokens,
            int blockTokens) {
        TensorCount count = TensorCount.recipe(model, weights, plain, unquantised);
        return new Inspection(
                model,
                count.bytes(),
                count.read(),
                count.parts(),
                count.formats(),
                Cache.of(model, cache, tokens, blockTokens));
    }
}
