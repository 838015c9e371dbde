package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.LongFunction;
import llmlatency.hardware.Pace;
import llmlatency.model.ForwardPass;
import llmlatency.model.Step;
import llmlatency.units.Seconds;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Passes that follow each other, in closed form: the steps of a decode, or the parts that a prompt is cut into. Between
 * the points at which windows fill, every operation's bytes and FLOP grow linearly with the pass, so the sum over passes
 * is exact, at a cost that does not depend on their number.
 */
final class PassSeries {
    private final List<StepRange> ranges;
    private final long passes;

    private PassSeries(List<StepRange> ranges) {
        this.ranges = ranges;
        this.passes = ranges.stream().mapToLong(StepRange::count).sum();
    }

    /** So many decode steps after {@code cached} tokens: step i has cached + i − 1 in the cache (how-it-counts.md). */
    static PassSeries decode(ForwardPass pass, DoubleFunction<Pace> paces, long cached, long steps, long batch) {
        List<StepRange> ranges = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        pass.bends().forEach(bend -> ends.add(bend - cached));
        add(ranges, pass, paces.apply(batch), steps, ends, true, i -> new Step(1, cached + i - 1, batch));
        return new PassSeries(ranges);
    }

    /**
     * The pass of {@code tokens} new tokens on {@code cached} ones, cut into parts of at most {@code chunk}; the head
     * works in the last part alone.
     */
    static PassSeries prefill(
            ForwardPass pass, DoubleFunction<Pace> paces, long tokens, long cached, long batch, @Nullable Long chunk) {
        List<StepRange> ranges = new ArrayList<>();
        long size = chunk == null ? tokens : Math.min(chunk, tokens);
        long before = (tokens - 1) / size;
        List<Long> ends = new ArrayList<>();
        for (long bend : pass.bends()) {
            long whole = Math.floorDiv(bend - size - cached, size) + 1;
            ends.add(whole);
            ends.add(whole + 1);
        }
        LongFunction<Step> part = j -> new Step(size, cached + (j - 1) * size, batch);
        add(ranges, pass, paces.apply((double) size * batch), before, ends, false, part);
        Step last = new Step(tokens - before * size, cached + before * size, batch);
        Pace pace = paces.apply((double) last.newTokens() * batch);
        List<Operation> operations = pass.operations(last);
        ranges.add(StepRange.of(before + 1, 1, operations, operations, pace));
        return new PassSeries(ranges);
    }

    private static void add(
            List<StepRange> ranges,
            ForwardPass pass,
            Pace pace,
            long count,
            List<Long> bends,
            boolean head,
            LongFunction<Step> step) {
        List<Long> ends = new ArrayList<>(bends);
        ends.add(count);
        long first = 1;
        for (long end : ends) {
            long last = Math.min(end, count);
            if (last >= first) {
                List<Operation> atFirst = operations(pass, step.apply(first), head);
                List<Operation> atLast = last == first ? atFirst : operations(pass, step.apply(last), head);
                ranges.add(StepRange.of(first, last - first + 1, atFirst, atLast, pace));
                first = last + 1;
            }
        }
    }

    private static List<Operation> operations(ForwardPass pass, Step step, boolean head) {
        List<Operation> operations = pass.operations(step);
        return head ? operations : operations.subList(0, operations.size() - 1);
    }

    /** All passes as one phase. */
    Phase whole() {
        return PhaseSum.phase(ranges, 1, sum(passes));
    }

    /** Seconds of all passes together. */
    double total() {
        return sum(passes);
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
