package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.hardware.Roofline;
import llmlatency.model.ForwardPass;
import llmlatency.model.Step;
import llmlatency.units.Seconds;
import llmlatency.work.Operation;

/**
 * All n − 1 decode steps in closed form. Between the points at which windows fill, every operation's bytes and FLOP grow
 * linearly with the step, so its time is the larger of two lines and the sum is exact, at a cost that does not depend on
 * n.
 */
final class DecodeSeries {
    private final List<StepRange> ranges = new ArrayList<>();
    private final Roofline roofline;
    private final long steps;

    /** The steps that follow a prompt of {@code workload}: step i has P + i − 1 tokens in the cache (how-it-counts.md). */
    DecodeSeries(ForwardPass pass, Roofline roofline, Workload workload) {
        this.roofline = roofline;
        this.steps = workload.decodeSteps();
        long first = 1;
        List<Long> ends = new ArrayList<>();
        pass.bends().forEach(bend -> ends.add(bend - workload.promptTokens()));
        ends.add(steps);
        for (long end : ends) {
            long last = Math.min(end, steps);
            if (last >= first) {
                ranges.add(range(pass, workload, first, last));
                first = last + 1;
            }
        }
    }

    private StepRange range(ForwardPass pass, Workload workload, long first, long last) {
        List<Operation> atFirst = operations(pass, workload, first);
        List<Operation> atLast = last == first ? atFirst : operations(pass, workload, last);
        return StepRange.of(first, last - first + 1, atFirst, atLast, roofline);
    }

    private static List<Operation> operations(ForwardPass pass, Workload workload, long step) {
        return pass.operations(new Step(1, workload.promptTokens() + step - 1, workload.batch()));
    }

    Decode decode() {
        double total = sum(steps);
        double mean = total / steps;
        return new Decode(
                meanPhase(total),
                new Seconds(timeAt(1)),
                new Seconds(timeAt(steps)),
                new Seconds(total),
                new Seconds(maxDeviation(mean)));
    }

    /**
     * {@code max_x |k·x − Σ_{i≤x} t_i|}. Steps never get shorter, so the difference rises while {@code t_i ≤ k} and falls
     * after: its top lies at the last such step, found by halving.
     */
    private double maxDeviation(double mean) {
        long low = 0;
        long high = steps;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (timeAt(middle) <= mean) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return Math.max(0, mean * low - sum(low));
    }

    private double timeAt(long step) {
        for (StepRange range : ranges) {
            if (step < range.first() + range.count()) {
                return range.timeAt(step - range.first());
            }
        }
        throw new IllegalArgumentException("step " + step + " of " + steps);
    }

    /** Seconds of the first {@code m} steps together. */
    private double sum(long m) {
        double time = 0;
        for (StepRange range : ranges) {
            time += range.sum(Math.min(range.count(), m - range.first() + 1));
        }
        return time;
    }

    /** The mean step: amounts and times of each operation averaged over all steps, so that they add up to k. */
    private Phase meanPhase(double total) {
        List<PhaseSum> sums = new ArrayList<>();
        for (StepRange range : ranges) {
            for (int i = 0; i < range.lines().size(); i++) {
                if (sums.size() <= i) {
                    sums.add(new PhaseSum(range.lines().get(i).operation()));
                }
                sums.get(i).add(range.lines().get(i), range.count(), roofline);
            }
        }
        return PhaseSum.phase(sums, steps, total / steps);
    }
}
