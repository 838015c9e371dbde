package llmlatency.engine;

import java.util.List;
import java.util.function.Predicate;
import llmlatency.model.FeedForward;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.LatentAttention;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.RecurrentMixer;

/**
 * How many layers of each kind a model has, as far as engines treat them differently.
 *
 * @param layers all of them
 * @param experts those with routed experts
 * @param shared those with experts that all tokens share
 * @param states those with a recurrent state
 * @param latents those with latent attention
 * @param norms those with norms on queries and keys
 * @param wideNorms of these, those whose norms go over all heads
 * @param indexed those whose indexer chooses what attention looks at
 * @param hiddenSize values that a token has between layers
 */
public record Structure(
        int layers,
        int experts,
        int shared,
        int states,
        int latents,
        int norms,
        int wideNorms,
        int indexed,
        long hiddenSize) {
    /** The words for kinds of model. */
    public static final List<String> KINDS = List.of("dense", "moe", "mla", "hybrid");

    /** The layers of a model. */
    public static Structure of(Model model) {
        return new Structure(
                model.layerCount(),
                count(model, layer -> layer.routed().isPresent()),
                count(model, Structure::hasSharedExperts),
                count(model, layer -> layer.attention() instanceof RecurrentMixer),
                count(model, layer -> layer.attention() instanceof LatentAttention),
                count(model, layer -> qkNorm(layer) != GroupedQueryAttention.QkNorm.NONE),
                count(model, layer -> qkNorm(layer) == GroupedQueryAttention.QkNorm.ALL_HEADS),
                count(model, Structure::isIndexed),
                model.hiddenSize());
    }

    private static int count(Model model, Predicate<Layer> kind) {
        int count = 0;
        for (Layer layer : model.layers()) {
            count += kind.test(layer) ? layer.count() : 0;
        }
        return count;
    }

    private static boolean hasSharedExperts(Layer layer) {
        for (FeedForward part : layer.feedForward()) {
            if (part instanceof FeedForward.Mixture mixture && mixture.sharedWidth() > 0) {
                return true;
            }
        }
        return false;
    }

    private static GroupedQueryAttention.QkNorm qkNorm(Layer layer) {
        return layer.attention() instanceof GroupedQueryAttention attention
                ? attention.qkNorm()
                : GroupedQueryAttention.QkNorm.NONE;
    }

    private static boolean isIndexed(Layer layer) {
        return layer.attention() instanceof LatentAttention latent
                ? latent.indexer() != null
                : layer.attention() instanceof GroupedQueryAttention grouped && grouped.indexer() != null;
    }

    /** The word for it: {@code hybrid}, {@code mla}, {@code moe} or {@code dense}, the first that fits. */
    public String kind() {
        return states > 0 ? "hybrid" : latents > 0 ? "mla" : experts > 0 ? "moe" : "dense";
    }

    /** Whether a word describes it; a hybrid or MLA model with experts is {@code moe} as well. */
    boolean is(String word) {
        return word.equals(kind()) || (word.equals("moe") && experts > 0);
    }
}
