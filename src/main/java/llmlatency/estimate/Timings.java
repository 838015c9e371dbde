package llmlatency.estimate;

import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * One answer about time: the floor, or what an engine is expected to reach.
 *
 * @param prefill the prompts' pass with the first token sampled: b
 * @param decode the tokens after it; null where only one is asked for
 * @param load what users see while requests keep coming; null where none do
 */
public record Timings(
        Phase prefill, @Nullable Decode decode, @Nullable Load load) {
    /** Of one batch alone. */
    Timings(Phase prefill, @Nullable Decode decode) {
        this(prefill, decode, null);
    }

    /** The same, and what users see under load. */
    Timings under(@Nullable Load load) {
        return new Timings(prefill, decode, load);
    }

    /** Time until the last token is out: {@code b + Σ steps}. */
    public Seconds total() {
        return decode == null ? prefill.time() : prefill.time().plus(decode.total());
    }
}
