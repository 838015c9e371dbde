package llmlatency.study;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A question that can be asked again with options changed. Options go by their long names in snake_case: {@code gpus}. */
public interface Inquiry {
    /** What was given for an option; null where it was left out. */
    @Nullable
    String given(String option);

    /**
     * The verdict by the same terms, with these options instead of what was given for them.
     *
     * @throws llmlatency.units.Refusal when that is no question
     */
    Verdict changed(Map<String, String> options);
}
