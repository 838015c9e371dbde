package llmlatency.study;

import java.util.List;
import llmlatency.estimate.Estimate;

/**
 * Whether a deployment keeps its limits.
 *
 * @param estimate the answer
 * @param against which of its values were held
 * @param outcomes what became of each limit
 * @param misfitAllowed whether it may fail to fit in memory
 */
public record Verdict(Estimate estimate, Against against, List<Limit.Outcome> outcomes, boolean misfitAllowed) {
    public Verdict {
        outcomes = List.copyOf(outcomes);
    }

    /** Whether all limits are kept and it fits. */
    public boolean kept() {
        return outcomes.stream().allMatch(Limit.Outcome::kept) && !misfit();
    }

    /** Whether it is kept, but some interval reaches beyond its limit. */
    public boolean doubtful() {
        return kept() && outcomes.stream().anyMatch(Limit.Outcome::doubtful);
    }

    /** Whether it fails because it does not fit in memory. */
    public boolean misfit() {
        return !misfitAllowed && !Boolean.TRUE.equals(estimate.memory().fits());
    }
}
