package llmlatency.estimate;

import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * Between which times the engine should stay, {@link #LEVEL} of the time. The fast end is never below the floor.
 *
 * @param low figures of the fast end
 * @param high figures of the slow end
 */
public record Interval(Ends low, Ends high) {
    /** The share of measurements that should lie within. */
    public static final double LEVEL = 0.8;

    /**
     * One end.
     *
     * @param ttft time to the first token
     * @param tpot mean time of each later token; null where only one is asked for
     * @param total time until the last token is out
     */
    public record Ends(Seconds ttft, @Nullable Seconds tpot, Seconds total) {
        static Ends of(Timings timings) {
            Decode decode = timings.decode();
            return new Ends(
                    timings.prefill().time(),
                    decode == null ? null : decode.mean().time(),
                    timings.total());
        }

        /** Tokens per second of so many sequences together, decode alone; null where only one token is asked for. */
        public @Nullable Double rate(long sequences) {
            return tpot == null ? null : (Double) (sequences / tpot.value());
        }

        private Ends atLeast(Ends least) {
            return new Ends(
                    later(ttft, least.ttft),
                    tpot == null || least.tpot == null ? null : later(tpot, least.tpot),
                    later(total, least.total));
        }

        private static Seconds later(Seconds one, Seconds other) {
            return one.value() >= other.value() ? one : other;
        }
    }

    /**
     * The interval between two ends.
     *
     * @param fast how fast it may be, by its own parameters
     * @param slow how slow it may be
     * @param floor what physics allows at best
     */
    static Interval of(Ends fast, Ends slow, Timings floor) {
        Ends least = Ends.of(floor);
        return new Interval(fast.atLeast(least), slow.atLeast(least));
    }
}
