package llmlatency.estimate;

import llmlatency.engine.Performance;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * How long a static batch takes end to end of which memory holds but a part at a time.
 *
 * @param waves how often a part runs, and how large it is
 * @param whole whether the next part begins when all of one is done; otherwise each sequence that is done makes room for
 *     one more
 * @param floor the least time that physics allows for parts of that size
 * @param expected what the engine should take
 * @param low the fast end of the interval; null: none
 * @param high the slow end
 */
public record BatchInWaves(
        Waves waves,
        boolean whole,
        Seconds floor,
        Seconds expected,
        @Nullable Seconds low,
        @Nullable Seconds high) {
    /**
     * {@code waves · (prefill + steps of one wave)}; null where all run at once, or the engine does not say how it runs
     * such a batch.
     *
     * <p>Source: validation.md, where measured batches are predicted so. Holds for: sequences of one length.
     */
    static @Nullable BatchInWaves of(Scenario scenario, Performance performance) {
        Waves waves = Waves.ofServing(scenario);
        if (waves == null) {
            return null;
        }
        Workload all = scenario.workload();
        Workload part = new Workload(all.promptTokens(), all.cachedTokens(), all.outputTokens(), waves.batch());
        Scenario one = scenario.asking(part);
        Timings floor = Timeline.floor(one).timings(part);
        Long chunk = performance.microBatch();
        Timeline likely = Timeline.expected(one, performance, chunk);
        Interval.Ends fast = likely.ends(part, -1);
        Interval.Ends slow = likely.ends(part, 1);
        Interval ends = fast == null || slow == null ? null : Interval.of(fast, slow, floor);
        return new BatchInWaves(
                waves,
                Waves.areWhole(scenario),
                floor.total().times(waves.count()),
                likely.timings(part).total().times(waves.count()),
                ends == null ? null : ends.low().total().times(waves.count()),
                ends == null ? null : ends.high().total().times(waves.count()));
    }
}
