package llmlatency.estimate;

import java.util.function.LongUnaryOperator;
import llmlatency.model.Footprint;
import llmlatency.model.ForwardPass;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.model.Step;
import llmlatency.model.WeightScheme;
import llmlatency.units.Bytes;
import llmlatency.units.Refusal;
import llmlatency.work.KernelKind;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/** Sizes of a model, and what of it fits into a device (how-it-counts.md). */
final class Sizes {
    private static final double LARGEST_EXACT = 0x1p53;

    private Sizes() {}

    static ModelFacts facts(Scenario scenario) {
        Model model = scenario.model();
        WeightScheme scheme = scenario.scheme();
        ForwardPass whole = new ForwardPass(model, scheme, scenario.cache(), Parallelism.NONE);
        double perToken = 0;
        for (Operation operation : whole.operations(new Step(1, 0, 1))) {
            perToken += operation.kind() == KernelKind.LOOKUP ? 0 : operation.count() * operation.weightBytes();
        }
        return new ModelFacts(
                model.parameters(),
                model.activeParameters(),
                model.activeMatrixParameters(),
                new Footprint(model, scheme, scenario.cache(), Parallelism.NONE).weightBytes(),
                perToken,
                scenario.cache().bytes(model.cachedValuesPerToken()),
                new Footprint(model, scheme, scenario.cache(), Parallelism.NONE).stateBytes());
    }

    static Memory memory(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        Workload workload = scenario.workload();
        Footprint footprint = footprint(scenario);
        long sequences = deployment.ofRank(workload.batch());
        long weights = footprint.weightBytes();
        long perSequence = footprint.cacheBytes(workload.totalTokens());
        long activations = footprint.activationBytes(sequences, workload.promptTokens());
        long reserve = Math.round(deployment.engine().reserve().value());
        requireCountable((double) perSequence * sequences + activations + weights);
        Bytes usable = deployment.gpu().usableMemory();
        Long capacity = usable == null
                ? null
                : (Long) (long) Math.floor(usable.value() * deployment.engine().memoryUtilisation());
        Memory memory = new Memory(
                weights,
                perSequence * sequences,
                activations,
                reserve,
                capacity,
                null,
                null,
                null,
                host(scenario, footprint, sequences));
        return withLimits(memory, footprint, scenario);
    }

    /** What a deployment holds of a model. */
    static Footprint footprint(Scenario scenario) {
        Deployment deployment = scenario.deployment();
        return new Footprint(
                scenario.model(),
                scenario.scheme(),
                scenario.cache(),
                deployment.parallelism(),
                deployment.placement());
    }

    private static Memory.@Nullable Host host(Scenario scenario, Footprint footprint, long sequences) {
        Offload offload = scenario.deployment().offload();
        if (offload == null) {
            return null;
        }
        long each = footprint.hostCacheBytes(scenario.workload().totalTokens());
        long weights = footprint.hostWeightBytes();
        requireCountable((double) each * sequences + weights);
        Bytes usable = offload.host().usableMemory();
        return new Memory.Host(
                weights, each * sequences, usable == null ? null : (Long) (long) Math.floor(usable.value()));
    }

    /** Adds the largest context and the largest batch. */
    private static Memory withLimits(Memory memory, Footprint footprint, Scenario scenario) {
        Workload workload = scenario.workload();
        Long trained = scenario.trainedContext();
        Long capacity = memory.capacityBytes();
        Long context = trained;
        Memory.ContextLimit limit = trained == null ? null : Memory.ContextLimit.TRAINED_CONTEXT;
        Long batch = null;
        Deployment deployment = scenario.deployment();
        long sequences = deployment.ofRank(workload.batch());
        if (capacity != null) {
            long room = capacity - memory.weightBytes() - memory.reserveBytes();
            long perSequence =
                    memory.kvCacheBytes() / sequences + footprint.activationBytes(1, workload.promptTokens());
            batch = room < 0 ? 0 : room / perSequence * deployment.ranks();
            Long inMemory = largestContext(footprint::cacheBytes, sequences, room - memory.activationBytes(), trained);
            if (inMemory != null && (trained == null || inMemory < trained)) {
                context = inMemory;
                limit = Memory.ContextLimit.MEMORY;
            }
        }
        Memory.Host host = memory.host();
        if (host != null && host.capacityBytes() != null) {
            long room = host.capacityBytes() - host.weightBytes();
            long each = host.kvCacheBytes() / sequences;
            if (room < 0 || each > 0) {
                long most = room < 0 ? 0 : room / each * deployment.ranks();
                batch = batch == null ? most : Math.min(batch, most);
            }
            Long inMemory = largestContext(footprint::hostCacheBytes, sequences, room, trained);
            if (inMemory != null && (context == null || inMemory < context)) {
                context = inMemory;
                limit = Memory.ContextLimit.MEMORY;
            }
        }
        return new Memory(
                memory.weightBytes(),
                memory.kvCacheBytes(),
                memory.activationBytes(),
                memory.reserveBytes(),
                capacity,
                context,
                limit,
                batch,
                host);
    }

    /** Largest length whose cache for that many sequences takes at most {@code room} bytes; null if none is too long. */
    private static @Nullable Long largestContext(
            LongUnaryOperator cacheBytes, long sequences, long room, @Nullable Long trained) {
        long low = 0;
        long high = trained == null ? 1L << 40 : trained;
        if (room >= 0 && (double) cacheBytes.applyAsLong(high) * sequences <= room) {
            return null;
        }
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if ((double) cacheBytes.applyAsLong(middle) * sequences <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static void requireCountable(double bytes) {
        if (bytes > LARGEST_EXACT) {
            throw new Refusal("this needs more than 9 petabytes a device; lower --batch or the token counts");
        }
    }
}
