package llmlatency.estimate;

import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Requests of one length that keep coming, over all ranks and replicas: so many always in flight, or so many a second.
 *
 * @param inFlight N of a closed loop, in which each answer brings the next request at once; null: an open one
 * @param perSecond R, requests a second of an open loop on average, whether or not earlier ones are done; null: a closed one
 */
public record Demand(@Nullable Long inFlight, @Nullable Double perSecond) {
    public Demand {
        if ((inFlight == null) == (perSecond == null)) {
            throw new IllegalArgumentException("either requests in flight or a rate");
        }
        if ((inFlight != null && inFlight < 1) || (perSecond != null && !(perSecond > 0))) {
            throw new Refusal("requests must be more than none");
        }
    }

    /** So many requests always in flight. */
    public static Demand inFlight(long requests) {
        return new Demand(requests, null);
    }

    /** So many requests a second. */
    public static Demand perSecond(double requests) {
        return new Demand(null, requests);
    }
}
