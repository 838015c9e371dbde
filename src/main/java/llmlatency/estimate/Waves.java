package llmlatency.estimate;

import llmlatency.engine.Choice;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.model.Footprint;
import llmlatency.units.Bytes;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A static batch of which memory holds but a part at a time.
 *
 * @param count how often a part runs, above 1; not whole where finished sequences are replaced one by one
 * @param batch sequences of one part
 */
public record Waves(double count, long batch) {
    private static final String WHOLE = "whole";

    /**
     * {@code B / B_max} waves of B_max sequences each, or {@code ⌈B / B_max⌉} equal ones where an engine runs whole waves,
     * with {@code B_max = (usable · utilisation − weights − reserve) / cache of P + n tokens}. Null where all run at once,
     * or no size of memory is known.
     *
     * <p>Source: how-it-counts.md; engines.md for which engine does what. Holds for: sequences of one length.
     *
     * @throws Refusal where not even one sequence fits
     */
    public static @Nullable Waves of(Scenario scenario) {
        Long most = most(scenario);
        if (most == null) {
            return null;
        }
        if (most < 1) {
            throw new Refusal("does not fit");
        }
        return split(scenario, most);
    }

    /**
     * The same for an engine that says how it runs such a batch; null also where it does not, where not even one sequence
     * fits, and where requests keep coming.
     */
    static @Nullable Waves ofServing(Scenario scenario) {
        Workload workload = scenario.workload();
        if (workload.batch() == 1 || workload.demand() != null || usual(scenario) == null) {
            return null;
        }
        Long most = most(scenario);
        return most == null || most < 1 ? null : split(scenario, most);
    }

    /** Whether they are whole: the next begins when all of one is done. */
    static boolean areWhole(Scenario scenario) {
        return WHOLE.equals(usual(scenario));
    }

    /** {@code B_max}, less than 1 where nothing fits; null where no size of memory is known. */
    private static @Nullable Long most(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        Bytes usable = deployment.gpu().usableMemory();
        if (usable == null) {
            return null;
        }
        Workload workload = scenario.workload();
        Footprint footprint = Sizes.footprint(scenario);
        double room = usable.value() * deployment.engine().memoryUtilisation()
                - footprint.weightBytes()
                - deployment.engine().reserve().value();
        double each = footprint.cacheBytes(workload.totalTokens());
        if (room < 0) {
            return 0L;
        }
        long ofRank = (long) (room / each);
        return each == 0 ? workload.batch() : ofRank * deployment.ranks();
    }

    private static @Nullable Waves split(Scenario scenario, long most) {
        long batch = scenario.workload().batch();
        if (batch <= most) {
            return null;
        }
        double count = (double) batch / most;
        if (!areWhole(scenario)) {
            return new Waves(count, most);
        }
        long whole = (long) Math.ceil(count);
        return new Waves(whole, (batch + whole - 1) / whole);
    }

    private static @Nullable String usual(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        return Performance.choice(
                deployment.setup(), deployment.gpu(), scenario.stored(), Structure.of(scenario.model()), Choice.WAVES);
    }
}
