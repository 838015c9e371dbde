package llmlatency.study;

import java.util.List;
import llmlatency.estimate.Estimate;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What an estimate is judged by.
 *
 * @param limits the limits, one at least
 * @param against which values are held against them; null: what is expected, or the floor where nothing is
 * @param misfitAllowed whether it may fail to fit in memory
 */
public record Terms(List<Limit> limits, @Nullable Against against, boolean misfitAllowed) {
    public Terms {
        limits = List.copyOf(limits);
    }

    /**
     * Holds an estimate against them.
     *
     * @throws Refusal when a figure is missing, nothing is expected though that was asked for by name, or the memory size
     *     is unknown and matters
     */
    public Verdict judge(Estimate estimate) {
        String gpu = estimate.scenario().deployment().gpu().name();
        if (estimate.memory().fits() == null && !misfitAllowed) {
            throw new Refusal(
                    "no memory size is known for " + gpu + "; give --memory",
                    "or leave memory out of the verdict: --allow-misfit");
        }
        boolean expects = estimate.expected() != null;
        if (against != null && against != Against.FLOOR && !expects) {
            throw new Refusal(
                    "of " + estimate.scenario().deployment().engine().name() + " on " + gpu
                            + " nothing is expected beyond the floor, so --against " + against.key()
                            + " has nothing to hold",
                    "hold the best case: --against floor; or name another engine: llm-latency list engines");
        }
        Against held = against != null ? against : expects ? Against.EXPECTED : Against.FLOOR;
        return new Verdict(
                estimate,
                held,
                limits.stream().map(limit -> limit.outcome(estimate, held)).toList(),
                misfitAllowed);
    }
}
