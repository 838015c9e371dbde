package llmlatency.estimate;

import java.util.List;
import llmlatency.engine.Performance;
import llmlatency.units.Assumption;
import llmlatency.units.Source;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a scenario. Holds quantities, never text to show.
 *
 * @param scenario the question
 * @param model sizes of the model
 * @param memory what must be held
 * @param floor the least time that physics allows
 * @param expected what the engine should do; null where its profile expects nothing
 * @param interval between which times it should stay; null where nothing is expected, or its profile states no width
 * @param performance what the engine makes of the device; null where its profile expects nothing
 * @param assumptions what the answer rests on beyond its sources
 * @param sources where the figures come from
 * @param warnings what the reader should know before using the answer
 * @param waves how a batch runs that does not fit at once; null where it does, or the engine does not say how
 */
public record Estimate(
        Scenario scenario,
        ModelFacts model,
        Memory memory,
        Timings floor,
        @Nullable Timings expected,
        @Nullable Interval interval,
        @Nullable Performance performance,
        List<Assumption> assumptions,
        List<Source> sources,
        List<String> warnings,
        @Nullable BatchInWaves waves) {
    public Estimate {
        assumptions = List.copyOf(assumptions);
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
    }
}
