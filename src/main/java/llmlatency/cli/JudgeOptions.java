package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import llmlatency.study.Against;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How strictly it is judged. */
final class JudgeOptions {
    @Option(
            names = "--against",
            paramLabel = "WHICH",
            description = "Values that are held: expected (default), pessimistic (the bad end of the 80 %% interval) or"
                    + " floor (what no engine can beat; also taken where nothing is expected).")
    @Nullable
    String against;

    @Option(names = "--allow-misfit", description = "Let it pass although it does not fit in memory.")
    boolean allowMisfit;

    /** Which values are held; null where that was not said. */
    @Nullable
    Against against() {
        return against == null ? null : against(against);
    }

    /** Which values a word of {@code --against} names. */
    static Against against(String word) {
        List<String> words = new ArrayList<>();
        for (Against known : Against.values()) {
            if (known.key().equals(word)) {
                return known;
            }
            words.add(known.key());
        }
        throw new Refusal("--against '" + word + "' is none of " + String.join(", ", words));
    }
}
