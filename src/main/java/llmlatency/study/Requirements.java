package llmlatency.study;

import java.util.ArrayList;
import java.util.List;
import llmlatency.estimate.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * All that a deployment must reach, its memory included.
 *
 * @param list the limits
 * @param against which values are held against them
 */
public record Requirements(List<Requirement> list, Against against) {
    public Requirements {
        list = List.copyOf(list);
    }

    /**
     * A requirement that is not met.
     *
     * @param requirement the requirement; null: it does not fit in memory, or may not
     * @param value the value that breaks it, of memory the part of the capacity that is missing; null where there is none
     */
    public record Miss(
            @Nullable Requirement requirement, @Nullable Double value) {
        /** By which part of the limit it is missed; a missing value misses by all. */
        double excess() {
            return value == null ? Double.MAX_VALUE : requirement == null ? value : requirement.excess(value);
        }
    }

    /** What an estimate misses; nothing where it meets all. */
    public List<Miss> misses(Estimate estimate) {
        List<Miss> misses = new ArrayList<>();
        if (!Boolean.TRUE.equals(estimate.memory().fits())) {
            Long capacity = estimate.memory().capacityBytes();
            misses.add(new Miss(
                    null,
                    capacity == null
                            ? null
                            : (Double) ((double) estimate.memory().totalBytes() / Math.max(1, capacity) - 1)));
        }
        for (Requirement requirement : list) {
            Double value = requirement.value(estimate, against);
            if (!requirement.keeps(value)) {
                misses.add(new Miss(requirement, value));
            }
        }
        if (list.isEmpty() && against != Against.FLOOR && estimate.expected() == null) {
            misses.add(new Miss(new Requirement(Requirement.Figure.TPOT, 1), null));
        }
        return misses;
    }

    /** Whether an estimate meets all of them. */
    public boolean met(Estimate estimate) {
        return misses(estimate).isEmpty();
    }
}
