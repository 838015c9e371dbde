package llmlatency.study;

import llmlatency.estimate.Estimator;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workshop;
import llmlatency.units.Refusal;

/** Many questions in one fixed order, each made when it is needed. May be asked by several threads at once. */
public interface Questions {
    /** What they differ in. */
    Combinations combinations();

    /**
     * One of them, every name resolved.
     *
     * @throws Refusal when it is impossible
     */
    Scenario scenario(long number);

    /** What this thread keeps between answers. */
    default Workshop workshop() {
        return new Workshop();
    }

    /** The answer to one of them. */
    default Answer answer(long number) {
        try {
            return new Answer(combinations().at(number), Estimator.estimate(scenario(number), workshop()), null);
        } catch (Refusal e) {
            return new Answer(combinations().at(number), null, e);
        }
    }
}
