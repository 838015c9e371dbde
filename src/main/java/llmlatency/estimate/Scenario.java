package llmlatency.estimate;

import java.util.List;
import llmlatency.model.Model;
import llmlatency.model.WeightScheme;
import llmlatency.units.Assumption;
import llmlatency.units.Source;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * One complete question, every name resolved.
 *
 * @param modelName the model's name
 * @param modelAsked the word that it was asked for with
 * @param model the model
 * @param trainedContext tokens that it was trained for; null where unknown
 * @param weights format of its weights
 * @param scheme how its weights are stored, tensor by tensor
 * @param weightsByDefault whether that is the checkpoint's own, because none was asked for
 * @param cache format of its KV cache
 * @param deployment what it runs on
 * @param workload what is asked of it
 * @param assumptions what the resolved names rest on
 * @param sources where their figures come from
 * @param recipe how engines store the weights, where that is wider than {@code scheme}, which the floor counts; null: alike
 */
public record Scenario(
        String modelName,
        String modelAsked,
        Model model,
        @Nullable Long trainedContext,
        NumberFormat weights,
        WeightScheme scheme,
        boolean weightsByDefault,
        NumberFormat cache,
        Deployment deployment,
        Workload workload,
        List<Assumption> assumptions,
        List<Source> sources,
        @Nullable WeightScheme recipe) {
    /** Without a recipe that keeps parts of the weights wider. */
    public Scenario(
            String modelName,
            String modelAsked,
            Model model,
            @Nullable Long trainedContext,
            NumberFormat weights,
            WeightScheme scheme,
            boolean weightsByDefault,
            NumberFormat cache,
            Deployment deployment,
            Workload workload,
            List<Assumption> assumptions,
            List<Source> sources) {
        this(
                modelName,
                modelAsked,
                model,
                trainedContext,
                weights,
                scheme,
                weightsByDefault,
                cache,
                deployment,
                workload,
                assumptions,
                sources,
                null);
    }

    public Scenario {
        assumptions = List.copyOf(assumptions);
        sources = List.copyOf(sources);
    }

    /** The format of most weights as engines store them. */
    public NumberFormat stored() {
        return recipe == null ? weights : recipe.arithmeticFormat();
    }

    /** The same with something else asked of the model. */
    public Scenario asking(Workload other) {
        return with(deployment, other, recipe);
    }

    /** The same question on something else. */
    public Scenario on(Deployment other) {
        return with(other, workload, recipe);
    }

    /** The same in what engines store. */
    public Scenario stored(@Nullable WeightScheme wider) {
        return with(deployment, workload, wider);
    }

    private Scenario with(Deployment runsOn, Workload asked, @Nullable WeightScheme wider) {
        return new Scenario(
                modelName,
                modelAsked,
                model,
                trainedContext,
                weights,
                scheme,
                weightsByDefault,
                cache,
                runsOn,
                asked,
                assumptions,
                sources,
                wider);
    }
}
