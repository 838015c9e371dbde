package llmlatency.estimate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.hardware.Bound;
import llmlatency.units.Seconds;
import llmlatency.work.Operation;

/** Adds up one operation over the passes of a phase. */
final class PhaseSum {
    private final Operation operation;
    private double flops;
    private double bytes;
    private double weights;
    private double cache;
    private double compute;
    private double time;

    private PhaseSum(Operation operation) {
        this.operation = operation;
    }

    private void add(StepRange.OperationLine line, long passes) {
        Operation a = line.operation();
        Operation z = line.last();
        double runs = (double) operation.count() * passes;
        flops += runs * (a.flops() + z.flops()) / 2;
        bytes += runs * (a.bytes() + z.bytes()) / 2;
        weights += line.weights().sum(passes);
        cache += line.cache().sum(passes);
        compute += line.compute().sum(passes);
        time += line.sum(passes);
    }

    private Bound bound() {
        return weights + cache >= compute ? Bound.MEMORY : Bound.COMPUTE;
    }

    private OperationTime over(double passes) {
        return new OperationTime(
                operation.name(),
                operation.kind(),
                operation.count(),
                flops / passes,
                bytes / passes,
                new Seconds((weights + cache) / passes),
                new Seconds(compute / passes),
                new Seconds(time / passes),
                bound(),
                operation.place());
    }

    /** The phase that these passes make up, divided by {@code parts}; {@code time} is what all of them take. */
    static Phase phase(List<StepRange> ranges, double parts, double time) {
        List<PhaseSum> sums = new ArrayList<>();
        double overhead = 0;
        double communication = 0;
        for (StepRange range : ranges) {
            for (int i = 0; i < range.lines().size(); i++) {
                if (sums.size() <= i) {
                    sums.add(new PhaseSum(range.lines().get(i).operation()));
                }
                sums.get(i).add(range.lines().get(i), range.count());
            }
            overhead += range.count() * range.overhead();
            communication += range.count() * range.communication();
        }
        double weights = 0;
        double cache = 0;
        double compute = 0;
        for (PhaseSum sum : sums) {
            weights += sum.weights;
            cache += sum.cache;
            compute += sum.compute;
        }
        Breakdown breakdown = new Breakdown(
                new Seconds(weights / parts),
                new Seconds(cache / parts),
                new Seconds(compute / parts),
                new Seconds(communication / parts),
                new Seconds(overhead / parts));
        return new Phase(
                new Seconds(time / parts),
                bound(sums, communication, overhead),
                breakdown,
                sums.stream().map(sum -> sum.over(parts)).toList());
    }

    /** The resource that holds most of the time. */
    private static Bound bound(List<PhaseSum> sums, double communication, double overhead) {
        Map<Bound, Double> shares = new EnumMap<>(Bound.class);
        for (PhaseSum sum : sums) {
            shares.merge(sum.bound(), sum.time, Double::sum);
        }
        shares.put(Bound.INTERCONNECT, communication);
        shares.put(Bound.OVERHEAD, overhead);
        Bound most = Bound.MEMORY;
        for (Map.Entry<Bound, Double> share : shares.entrySet()) {
            most = share.getValue() > shares.getOrDefault(most, 0.0) ? share.getKey() : most;
        }
        return most;
    }
}
