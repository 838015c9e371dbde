package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import llmlatency.units.Seconds;

/** How long the passes of a plan take, in closed form: exact, at a cost that does not depend on their number. */
final class PassSeries {
    private final List<StepRange> ranges = new ArrayList<>();
    private final PassPlan plan;
    private final long passes;

    /**
     * @param plan the passes
     * @param paces their pace
     */
    PassSeries(PassPlan plan, Paces paces) {
        this.plan = plan;
        long count = 0;
        for (PassPlan.Range range : plan.ranges()) {
            ranges.add(StepRange.of(range, paces.of(range.rows(), range.sequences())));
            count += range.count();
        }
        this.passes = count;
    }

    /** All passes as one phase. */
    Phase whole() {
        return PhaseSum.phase(ranges, 1, sum(passes));
    }

    /** Seconds of all passes together. */
    double total() {
        return sum(passes);
    }

    /** The same, each pass as many times longer as its number of rows says. */
    double total(DoubleUnaryOperator factorOfRows) {
        double time = 0;
        for (int i = 0; i < ranges.size(); i++) {
            StepRange range = ranges.get(i);
            time += factorOfRows.applyAsDouble(plan.ranges().get(i).rows()) * range.sum(range.count());
        }
        return time;
    }

    /** All passes as the steps of a decode. */
    Decode decode() {
        double total = sum(passes);
        double mean = total / passes;
        return new Decode(
                PhaseSum.phase(ranges, passes, total),
                new Seconds(timeAt(1)),
                new Seconds(timeAt(passes)),
                new Seconds(total),
                new Seconds(maxDeviation(mean)));
    }

    /**
     * {@code max_x |k·x − Σ_{i≤x} t_i|}. Steps never get shorter, so the difference rises while {@code t_i ≤ k} and falls
     * after: its top lies at the last such step, found by halving.
     */
    private double maxDeviation(double mean) {
        long low = 0;
        long high = passes;
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

    private double timeAt(long number) {
        for (StepRange range : ranges) {
            if (number < range.first() + range.count()) {
                return range.timeAt(number - range.first());
            }
        }
        throw new IllegalArgumentException("pass " + number + " of " + passes);
    }

    /** Seconds of the first {@code m} passes together. */
    private double sum(long m) {
        double time = 0;
        for (StepRange range : ranges) {
            time += range.sum(Math.min(range.count(), m - range.first() + 1));
        }
        return time;
    }
}
