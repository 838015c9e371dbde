package llmlatency.engine;

import java.util.List;
import llmlatency.model.LatentAttention;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.RecurrentMixer;

/**
 * How many layers of each kind a model has, as far as engines treat them differently.
 *
 * @param layers all of them
 * @param experts those with routed experts
 * @param states those with a recurrent state
 * @param latents those with latent attention
 */
public record Structure(int layers, int experts, int states, int latents) {
    /** The words for kinds of model. */
    public static final List<String> KINDS = List.of("dense", "moe", "mla", "hybrid");

    /** The layers of a model. */
    public static Structure of(Model model) {
        int experts = 0;
        int states = 0;
        int latents = 0;
        for (Layer layer : model.layers()) {
            experts += layer.routed().isPresent() ? layer.count() : 0;
            states += layer.attention() instanceof RecurrentMixer ? layer.count() : 0;
            latents += layer.attention() instanceof LatentAttention ? layer.count() : 0;
        }
        return new Structure(model.layerCount(), experts, states, latents);
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
