package llmlatency.study;

import java.util.List;
import llmlatency.estimate.Estimate;
import llmlatency.units.Refusal;

/**
 * Whether a deployment keeps its limits, on the floor alone for now: the floor is the best case, so a limit that it
 * breaks no engine can keep.
 *
 * @param estimate the answer
 * @param outcomes what became of each limit
 * @param misfitAllowed whether it may fail to fit in memory
 */
public record Verdict(Estimate estimate, List<Limit.Outcome> outcomes, boolean misfitAllowed) {
    public Verdict {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Holds an estimate against limits.
     *
     * @throws Refusal when a figure is missing, or the memory size is unknown and matters
     */
    public static Verdict of(Estimate estimate, List<Limit> limits, boolean misfitAllowed) {
        if (estimate.memory().fits() == null && !misfitAllowed) {
            throw new Refusal(
                    "no memory size is known for "
                            + estimate.scenario().deployment().gpu().name() + "; give --memory",
                    "or leave memory out of the verdict: --allow-misfit");
        }
        return new Verdict(
                estimate,
                limits.stream().map(limit -> limit.heldAgainstFloor(estimate)).toList(),
                misfitAllowed);
    }

    /** Whether all limits are kept and it fits. */
    public boolean kept() {
        return outcomes.stream().allMatch(Limit.Outcome::kept)
                && (misfitAllowed || Boolean.TRUE.equals(estimate.memory().fits()));
    }
}
