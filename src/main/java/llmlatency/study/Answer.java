package llmlatency.study;

import java.util.List;
import llmlatency.estimate.Estimate;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * One of many answers: an estimate, or why there is none.
 *
 * @param values what was asked, in the order of the axes
 * @param estimate the estimate; null where the question is impossible
 * @param refusal why there is none; null where there is one
 */
public record Answer(
        List<String> values,
        @Nullable Estimate estimate,
        @Nullable Refusal refusal) {
    public Answer {
        values = List.copyOf(values);
        if ((estimate == null) == (refusal == null)) {
            throw new IllegalArgumentException("an estimate, or why there is none");
        }
    }
}
