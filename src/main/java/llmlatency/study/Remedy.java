package llmlatency.study;

import java.util.LinkedHashMap;
import java.util.Map;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.TokenCost;
import org.jspecify.annotations.Nullable;

/**
 * A change of one thing with which a broken budget is kept.
 *
 * @param kind what is changed
 * @param options the options to give instead, by their long names in snake_case
 * @param verdict what comes of it
 * @param costFactor by how much an hour of all devices then costs more; null where a price is not known
 */
public record Remedy(
        Kind kind,
        Map<String, String> options,
        Verdict verdict,
        @Nullable Double costFactor) {
    /** What can be changed. */
    public enum Kind {
        FORMAT,
        COUNT,
        GPU,
        LOAD
    }

    public Remedy {
        options = new LinkedHashMap<>(options);
    }

    static Remedy of(Kind kind, Map<String, String> options, Verdict before, Verdict after) {
        return new Remedy(kind, options, after, factor(before, after));
    }

    /** Of the same device the number decides, else both prices must be known. */
    private static @Nullable Double factor(Verdict before, Verdict after) {
        Deployment old = before.estimate().scenario().deployment();
        Deployment now = after.estimate().scenario().deployment();
        if (old.gpu().name().equals(now.gpu().name())) {
            return (double) now.gpus() / old.gpus();
        }
        TokenCost was = TokenCost.of(before.estimate().scenario());
        TokenCost is = TokenCost.of(after.estimate().scenario());
        return was == null || is == null ? null : (Double) (is.perHour() / was.perHour());
    }
}
