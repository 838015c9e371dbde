package llmlatency.estimate;

import java.util.ArrayDeque;
import java.util.Deque;
import llmlatency.engine.Performance;
import llmlatency.model.ForwardPass;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what one scenario has in common with the next, so that thousands of alike ones cost little more than what
 * differs: what passes do, what engines make of a device, the sizes of a model. Answers never depend on it. Not for
 * several threads at once; what it keeps is bounded.
 */
public final class Workshop {
    private static final int MOST_MODELS = 8;
    private final Deque<Passes> passes = new ArrayDeque<>();
    private @Nullable Scenario sized;
    private @Nullable ModelFacts facts;
    private @Nullable Scenario served;
    private @Nullable Performance performance;

    Passes passes(ForwardPass pass) {
        for (Passes known : passes) {
            if (known.areOf(pass)) {
                return known;
            }
        }
        if (passes.size() == MOST_MODELS) {
            passes.removeLast();
        }
        Passes made = new Passes(pass);
        passes.addFirst(made);
        return made;
    }

    @SuppressWarnings("ReferenceEquality") // see Passes
    ModelFacts facts(Scenario scenario) {
        Scenario before = sized;
        boolean same = before != null
                && before.model() == scenario.model()
                && Passes.areAlike(before.scheme(), scenario.scheme())
                && Passes.areAlike(before.cache(), scenario.cache());
        ModelFacts known = facts;
        if (!same || known == null) {
            known = Sizes.facts(scenario);
            facts = known;
            sized = scenario;
        }
        return known;
    }

    /** What the engine makes of the device; null where its profile expects nothing there. */
    @SuppressWarnings("ReferenceEquality") // see Passes
    @Nullable
    Performance performance(Scenario scenario) {
        Scenario before = served;
        boolean same = before != null
                && before.deployment() == scenario.deployment()
                && before.model() == scenario.model()
                && Passes.areAlike(before.stored(), scenario.stored());
        if (!same) {
            performance = Timeline.performance(scenario);
            served = scenario;
        }
        return performance;
    }
}
