package llmlatency.estimate;

import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * What users see while requests keep coming: of the floor, or of what an engine is expected to reach.
 *
 * @param batch B, requests that run on a rank at a time; 0 where memory has room for none
 * @param admitted the most that memory admits on a rank; null where the device has no known size
 * @param saturated whether more come than are served: then some wait for a place, and how long is not said
 * @param figures what comes of it
 * @param low the fast end of the interval; null: none
 * @param high the slow end
 * @param parts what a step is made of; null where memory has room for no request
 */
public record Load(
        long batch,
        @Nullable Long admitted,
        boolean saturated,
        Figures figures,
        @Nullable Figures low,
        @Nullable Figures high,
        @Nullable Parts parts) {
    /** With more requests on a rank, how they queue for their first token is not simulated. */
    public static final long MOST_UNQUEUED = 8;

    /**
     * Figures under load; times are null where there are none, because requests wait for a place.
     *
     * @param first time to the first token
     * @param step mean time of each later token of a request that has a place; null also where only one is asked for
     * @param total time to the last token
     * @param requestsPerSecond requests served a second, over all ranks and replicas
     * @param tokensPerSecond tokens generated a second, over all of them
     */
    public record Figures(
            @Nullable Seconds first,
            @Nullable Seconds step,
            @Nullable Seconds total,
            double requestsPerSecond,
            double tokensPerSecond) {
        /** Time to the last token over all tokens; null where there is no such time. */
        public @Nullable Seconds inclusive() {
            boolean none = total == null || requestsPerSecond == 0;
            return none || total == null ? null : total.times(requestsPerSecond / tokensPerSecond);
        }

        /** Times over one factor and the first over another, rates times the first; nothing beyond the best. */
        private Figures faster(double factor, double firstFactor, Figures best, boolean served) {
            return new Figures(
                    notBefore(times(first, 1 / firstFactor), best.first),
                    notBefore(times(step, 1 / factor), best.step),
                    notBefore(times(total, 1 / factor), best.total),
                    served ? requestsPerSecond : Math.min(requestsPerSecond * factor, best.requestsPerSecond),
                    served ? tokensPerSecond : Math.min(tokensPerSecond * factor, best.tokensPerSecond));
        }

        private static @Nullable Seconds times(@Nullable Seconds time, double factor) {
            return time == null ? null : time.times(factor);
        }

        private static @Nullable Seconds notBefore(@Nullable Seconds time, @Nullable Seconds least) {
            return time == null || least == null ? time : UnderLoad.later(time, least);
        }
    }

    /**
     * What a step is made of: {@code step = running + share · B/n · prompt}.
     *
     * @param running the step of the batch alone, half way through its answers
     * @param prompt what a prompt that comes in adds to it
     * @param share the share of that which others wait for
     */
    public record Parts(Phase running, Seconds prompt, double share) {}

    /** What physics allows at best; null where nothing keeps coming. */
    static @Nullable Load floor(Scenario scenario, Timeline floor) {
        Demand demand = scenario.workload().demand();
        return demand == null ? null : new LoadSearch(scenario, floor, null).answer(demand);
    }

    /** What an engine should reach, never faster than the floor; null where nothing keeps coming. */
    static @Nullable Load expected(Scenario scenario, Timeline expected, Timeline floor, Performance performance) {
        Demand demand = scenario.workload().demand();
        if (demand == null) {
            return null;
        }
        Load load = new LoadSearch(scenario, expected, floor).answer(demand);
        Performance there = Timeline.hostPerformance(scenario, performance);
        Double width = wider(performance.loadInterval(Parameter.LOAD_INTERVAL), performance, there, 1);
        Double first =
                wider(performance.loadInterval(Parameter.LOAD_FIRST_INTERVAL), performance, there, Double.MAX_VALUE);
        if (width == null || first == null || load.batch == 0) {
            return load;
        }
        boolean served = demand.perSecond() != null && !load.saturated;
        Figures best = new LoadSearch(scenario, floor, null).figures(load.batch, demand, load.saturated);
        return load.within(
                load.figures.faster(Math.exp(width), Math.exp(first), best, served),
                load.figures.faster(Math.exp(-width), Math.exp(-first), best, served));
    }

    /** A width, or that of what lies on the host where it is wider. */
    private static @Nullable Double wider(
            @Nullable Double width, Performance performance, @Nullable Performance there, double rows) {
        Double host = there == null ? null : OffloadPace.hostInterval(performance, there, rows);
        return width == null || host == null ? width : (Double) Math.max(width, host);
    }

    private Load within(Figures fast, Figures slow) {
        return new Load(batch, admitted, saturated, figures, fast, slow, parts);
    }
}
