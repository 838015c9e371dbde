package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Assumption;

/** What an answer under load rests on. */
final class LoadAssumptions {
    private LoadAssumptions() {}

    static List<Assumption> of(Scenario scenario) {
        Demand demand = scenario.workload().demand();
        List<Assumption> all = new ArrayList<>();
        if (demand == null) {
            return all;
        }
        all.add(
                demand.inFlight() != null
                        ? new Assumption(
                                "client",
                                "closed loop",
                                "each answer brings the next request at once; prompts and outputs of one length; the"
                                        + " steady state, without start and drain of a run")
                        : new Assumption(
                                "client",
                                "open loop",
                                "requests come evenly at the rate asked for, of one length; bursts, which no mean"
                                        + " shows, make some wait longer"));
        Long inFlight = demand.inFlight();
        if (inFlight == null || scenario.deployment().ofRank(inFlight) > Load.MOST_UNQUEUED) {
            all.add(new Assumption(
                    "queueing",
                    "a mean",
                    "how more than " + Load.MOST_UNQUEUED + " requests on a rank queue for their first token is not"
                            + " simulated"));
        }
        return all;
    }
}
