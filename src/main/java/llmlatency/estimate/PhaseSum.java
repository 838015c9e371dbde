package llmlatency.estimate;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.hardware.Bound;
import llmlatency.hardware.Roofline;
import llmlatency.units.Bytes;
import llmlatency.units.Seconds;
import llmlatency.work.Operation;

/** Adds up one operation over the steps of a phase. */
final class PhaseSum {
    private final Operation operation;
    private double flops;
    private double bytes;
    private double weights;
    private double cache;
    private double memory;
    private double compute;
    private double time;

    PhaseSum(Operation operation) {
        this.operation = operation;
    }

    /** The operation of a single pass. */
    static PhaseSum once(Operation operation, Roofline roofline) {
        PhaseSum sum = new PhaseSum(operation);
        sum.add(
                StepRange.of(1, 1, List.of(operation), List.of(operation), roofline)
                        .lines()
                        .get(0),
                1,
                roofline);
        return sum;
    }

    void add(StepRange.OperationLine line, long steps, Roofline roofline) {
        Operation a = line.operation();
        Operation z = line.last();
        double runs = (double) operation.count() * steps;
        flops += runs * (a.flops() + z.flops()) / 2;
        bytes += runs * (a.bytes() + z.bytes()) / 2;
        weights += new Bytes(runs * (a.weightBytes() + z.weightBytes()) / 2)
                .at(roofline.gpu().bandwidth())
                .value();
        cache += new Bytes(runs * (a.cacheBytes() + z.cacheBytes()) / 2)
                .at(roofline.gpu().bandwidth())
                .value();
        memory += line.memory().sum(steps);
        compute += line.compute().sum(steps);
        time += line.memory().sumOfMax(line.compute(), steps);
    }

    private Bound bound() {
        return memory >= compute ? Bound.MEMORY : Bound.COMPUTE;
    }

    private OperationTime over(double steps) {
        return new OperationTime(
                operation.name(),
                operation.kind(),
                operation.count(),
                flops / steps,
                bytes / steps,
                new Seconds(time / steps),
                bound());
    }

    /** The phase that these operations make up, per step; {@code time} is what they add up to. */
    static Phase phase(List<PhaseSum> sums, double steps, double time) {
        Map<Bound, Double> shares = new EnumMap<>(Bound.class);
        double weights = 0;
        double cache = 0;
        double compute = 0;
        for (PhaseSum sum : sums) {
            shares.merge(sum.bound(), sum.time, Double::sum);
            weights += sum.weights;
            cache += sum.cache;
            compute += sum.compute;
        }
        Bound bound = shares.getOrDefault(Bound.COMPUTE, 0.0) > shares.getOrDefault(Bound.MEMORY, 0.0)
                ? Bound.COMPUTE
                : Bound.MEMORY;
        Seconds none = new Seconds(0);
        Breakdown breakdown = new Breakdown(
                new Seconds(weights / steps), new Seconds(cache / steps), new Seconds(compute / steps), none, none);
        return new Phase(
                new Seconds(time),
                bound,
                breakdown,
                sums.stream().map(sum -> sum.over(steps)).toList());
    }
}
