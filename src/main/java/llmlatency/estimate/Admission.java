package llmlatency.estimate;

import llmlatency.model.Footprint;
import llmlatency.units.Bytes;
import org.jspecify.annotations.Nullable;

/** How many requests memory admits at a time. */
public final class Admission {
    private Admission() {}

    /**
     * What the fullest device has room for.
     *
     * @param usable bytes that a program can have
     * @param weights bytes of weights
     * @param free bytes left for caches: {@code usable · utilisation − weights − reserve}
     * @param tokens tokens of a request half way through its output
     * @param each bytes of their cache and state
     */
    public record Room(double usable, long weights, double free, long tokens, long each) {
        long requests() {
            return free < each ? 0 : (long) (free / Math.max(1, each));
        }
    }

    /**
     * {@code (usable · utilisation − weights − reserve) / cache of P + n/2 tokens}: requests are on average half way.
     * Null where the device has no known size.
     *
     * <p>Source: how-it-counts.md. Holds for: continuous batching with a paged cache.
     */
    public static @Nullable Long most(Scenario scenario) {
        Room room = room(scenario);
        if (room == null) {
            return null;
        }
        Room host = hostRoom(scenario);
        return host == null ? room.requests() : (Long) Math.min(room.requests(), host.requests());
    }

    /** The same of the host; null where nothing lies there, or its size is not known. */
    public static @Nullable Room hostRoom(Scenario scenario) {
        Offload offload = scenario.deployment().offload();
        Bytes usable = offload == null ? null : offload.host().usableMemory();
        if (usable == null) {
            return null;
        }
        Footprint footprint = Sizes.footprint(scenario);
        long weights = footprint.hostWeightBytes();
        long tokens = halfWay(scenario.workload());
        return new Room(usable.value(), weights, usable.value() - weights, tokens, footprint.hostCacheBytes(tokens));
    }

    private static long halfWay(Workload workload) {
        return workload.promptTokens() + (workload.outputTokens() + 1) / 2;
    }

    /** What it is worked out from; null where the device has no known size. */
    public static @Nullable Room room(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        Bytes usable = deployment.gpu().usableMemory();
        if (usable == null) {
            return null;
        }
        Footprint footprint = Sizes.footprint(scenario);
        long weights = footprint.weightBytes();
        double free = usable.value() * deployment.engine().memoryUtilisation()
                - weights
                - deployment.engine().reserve().value();
        long tokens = halfWay(scenario.workload());
        return new Room(usable.value(), weights, free, tokens, footprint.cacheBytes(tokens));
    }
}
