package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.hardware.Roofline;
import llmlatency.work.Operation;

/**
 * Consecutive decode steps over which every amount grows by the same step: between two points at which a window fills.
 *
 * @param first number of its first step, from 1
 * @param count how many steps
 * @param lines one for each operation, in order
 */
record StepRange(long first, long count, List<OperationLine> lines) {
    /**
     * One operation over the range.
     *
     * @param operation it, at the first step
     * @param last it, at the last step
     * @param memory seconds to move its bytes, all runs of a step together
     * @param compute seconds to do its arithmetic, likewise
     */
    record OperationLine(Operation operation, Operation last, Line memory, Line compute) {
        double timeAt(long j) {
            return Math.max(memory.at(j), compute.at(j));
        }
    }

    static StepRange of(long first, long count, List<Operation> atFirst, List<Operation> atLast, Roofline roofline) {
        List<OperationLine> lines = new ArrayList<>(atFirst.size());
        for (int i = 0; i < atFirst.size(); i++) {
            Operation a = atFirst.get(i);
            Operation z = atLast.get(i);
            double runs = a.count();
            Line memory = Line.through(
                    runs * roofline.memory(a).value(), runs * roofline.memory(z).value(), count);
            Line compute = Line.through(
                    runs * roofline.compute(a).value(),
                    runs * roofline.compute(z).value(),
                    count);
            lines.add(new OperationLine(a, z, memory, compute));
        }
        return new StepRange(first, count, lines);
    }

    /** Seconds of the j-th step of the range, from 0. */
    double timeAt(long j) {
        double time = 0;
        for (OperationLine line : lines) {
            time += line.timeAt(j);
        }
        return time;
    }

    /** Seconds of its first m steps together. */
    double sum(long m) {
        double time = 0;
        for (OperationLine line : lines) {
            time += line.memory.sumOfMax(line.compute, m);
        }
        return time;
    }
}
