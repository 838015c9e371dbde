package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.hardware.Cost;
import llmlatency.hardware.Pace;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive passes over which every amount grows by the same step: between two points at which a window fills.
 *
 * @param first number of its first pass, from 1
 * @param count how many passes
 * @param lines one for each operation, in order
 * @param overhead seconds of each pass outside the operations
 * @param communication seconds of each pass between devices
 */
record StepRange(long first, long count, List<OperationLine> lines, double overhead, double communication) {
    /**
     * One operation over the range; all runs of a pass together.
     *
     * @param operation it, in the first pass
     * @param last it, in the last pass
     * @param weights seconds to read its weights alone
     * @param cache seconds to read and write its cache alone
     * @param compute seconds to do its arithmetic alone
     * @param together seconds it takes; null: the larger of moving and computing
     */
    record OperationLine(
            Operation operation,
            Operation last,
            Line weights,
            Line cache,
            Line compute,
            @Nullable Line together) {
        Line memory() {
            return weights.plus(cache);
        }

        double timeAt(long j) {
            return together == null ? Math.max(memory().at(j), compute.at(j)) : together.at(j);
        }

        double sum(long m) {
            return together == null ? memory().sumOfMax(compute, m) : together.sum(m);
        }
    }

    static StepRange of(PassPlan.Range range, Pace pace) {
        List<Operation> atFirst = range.atFirst();
        List<Operation> atLast = range.atLast();
        long count = range.count();
        List<OperationLine> lines = new ArrayList<>(atFirst.size());
        for (int i = 0; i < atFirst.size(); i++) {
            Operation a = atFirst.get(i);
            Operation z = atLast.get(i);
            Cost start = pace.cost(a);
            Cost end = count == 1 ? start : pace.cost(z);
            double runs = a.count();
            lines.add(new OperationLine(
                    a,
                    z,
                    Line.through(runs * start.weights(), runs * end.weights(), count),
                    Line.through(runs * start.cache(), runs * end.cache(), count),
                    Line.through(runs * start.compute(), runs * end.compute(), count),
                    start.together() == null && end.together() == null
                            ? null
                            : Line.through(runs * start.total(), runs * end.total(), count)));
        }
        return new StepRange(range.first(), count, lines, pace.overhead(), pace.communication());
    }

    /** Seconds of the j-th pass of the range, from 0. */
    double timeAt(long j) {
        double time = overhead + communication;
        for (OperationLine line : lines) {
            time += line.timeAt(j);
        }
        return time;
    }

    /** Seconds of its first m passes together. */
    double sum(long m) {
        double time = m <= 0 ? 0 : m * (overhead + communication);
        for (OperationLine line : lines) {
            time += line.sum(m);
        }
        return time;
    }
}
