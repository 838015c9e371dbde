package llmlatency.estimate;

import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/** Finds how many requests run at a time, and what they meet then. */
final class LoadSearch {
    /** No rank has more at a time, whatever its memory. */
    private static final long LARGEST = 1 << 20;

    private final Scenario scenario;
    private final Workload workload;
    private final Timeline timeline;
    private final @Nullable Timeline floor;
    private final long ranks;

    /** Of the numbers of requests tried so far, the one that serves most. */
    private long best = 1;

    /**
     * @param timeline how long passes take
     * @param floor what they take at least; null: this is that
     */
    LoadSearch(Scenario scenario, Timeline timeline, @Nullable Timeline floor) {
        this.scenario = scenario;
        this.workload = scenario.workload();
        this.timeline = timeline;
        this.floor = floor;
        this.ranks = scenario.deployment().ranks();
    }

    Load answer(Demand demand) {
        Long most = Admission.most(scenario);
        if (most != null && most < 1) {
            return new Load(0, most, true, new Load.Figures(null, null, null, 0, 0), null, null, null);
        }
        long room = most == null ? LARGEST : Math.min(most, LARGEST);
        Long inFlight = demand.inFlight();
        long asked =
                inFlight != null ? scenario.deployment().ofRank(inFlight) : smallest(perSecond(demand) / ranks, room);
        boolean saturated = asked > room;
        long batch = !saturated ? asked : inFlight != null ? room : best;
        Timeline at = timeline.at(batch);
        Load.Parts parts = new Load.Parts(
                at.meanStepInDetail(workload.promptTokens(), workload.outputTokens()),
                at.admitted(fresh(), workload.cachedTokens()),
                at.share());
        return new Load(batch, most, saturated, figures(batch, demand, saturated), null, null, parts);
    }

    private static double perSecond(Demand demand) {
        return demand.perSecond() == null ? 0 : demand.perSecond();
    }

    /**
     * The figures of so many requests on each rank. In a closed loop that is saturated, those that have a place go on as
     * ever, and the rest waits; in an open one the rest grows without end, so that only the rate served has a meaning.
     */
    Load.Figures figures(long batch, Demand demand, boolean saturated) {
        UnderLoad each = at(batch);
        Long asked = demand.inFlight();
        boolean open = asked == null;
        double inFlight = saturated || asked == null ? (double) batch * ranks : (double) asked;
        double rate = open && !saturated ? perSecond(demand) : each.requestsPerSecond(inFlight);
        boolean single = workload.outputTokens() == 1;
        return new Load.Figures(
                saturated ? null : each.first(),
                single || (saturated && open) ? null : each.step(),
                saturated ? null : each.total(),
                rate,
                rate * workload.outputTokens());
    }

    /**
     * The fewest requests of a rank that keep up with a rate: the smallest B with {@code B / (f(B) + (n − 1)·s(B)) ≥ R};
     * one more than {@code room} where none does.
     *
     * <p>Source: Little's law, see {@link UnderLoad#requestsPerSecond}. Holds for: arrivals as even as the service; bursts
     * need more.
     */
    private long smallest(double rate, long room) {
        long high = 1;
        double most = 0;
        for (double served = served(high); served < rate; served = served(high)) {
            best = served > most ? high : best;
            most = Math.max(most, served);
            if (high == room) {
                return room + 1;
            }
            high = Math.min(room, 2 * high);
        }
        long low = high / 2;
        while (low + 1 < high) {
            long middle = (low + high) >>> 1;
            if (served(middle) < rate) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private double served(long batch) {
        return at(batch).requestsPerSecond(batch);
    }

    /** What a request meets among so many, nothing sooner than by the floor. */
    private UnderLoad at(long batch) {
        UnderLoad own = at(timeline, batch);
        return floor == null ? own : own.atLeast(at(floor, batch));
    }

    /**
     * Beside what the timeline says, the first token takes at least a rank's share of prompts, {@code B/n · prompt}: while
     * one request is served, B prompts are.
     */
    private UnderLoad at(Timeline passes, long batch) {
        Timeline line = passes.at(batch);
        long cached = workload.cachedTokens();
        long output = workload.outputTokens();
        Seconds prompts = line.admitted(fresh(), cached).times((double) batch / output);
        return UnderLoad.of(line, fresh(), cached, output).firstAtLeast(prompts.times(line.share()));
    }

    private long fresh() {
        return workload.promptTokens() - workload.cachedTokens();
    }
}
