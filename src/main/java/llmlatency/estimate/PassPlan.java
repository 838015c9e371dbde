package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import llmlatency.model.Step;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Passes that follow each other: the steps of a decode, or the parts that a prompt is cut into. What they do, not how
 * long it takes. Between the points at which windows fill, every operation's bytes and FLOP grow linearly with the pass,
 * so that the first and the last of each range tell all between.
 *
 * @param ranges consecutive ranges of passes
 */
record PassPlan(List<Range> ranges) {
    /**
     * Passes of one size over which amounts grow linearly.
     *
     * @param first number of the first, from 1
     * @param count how many
     * @param rows rows of each
     * @param sequences sequences in each
     * @param atFirst operations of the first
     * @param atLast operations of the last
     */
    record Range(
            long first, long count, double rows, double sequences, List<Operation> atFirst, List<Operation> atLast) {}

    PassPlan {
        ranges = List.copyOf(ranges);
    }

    /** How many passes there are. */
    long passes() {
        long passes = 0;
        for (Range range : ranges) {
            passes += range.count();
        }
        return passes;
    }

    /** So many decode steps after {@code cached} tokens: step i has cached + i − 1 in the cache (how-it-counts.md). */
    static PassPlan decode(Passes pass, long cached, long steps, long batch) {
        List<Range> ranges = new ArrayList<>();
        List<Long> ends = new ArrayList<>();
        pass.bends().forEach(bend -> ends.add(bend - cached));
        add(ranges, pass, steps, ends, true, i -> new Step(1, cached + i - 1, batch));
        return new PassPlan(ranges);
    }

    /**
     * The pass of {@code tokens} new tokens on {@code cached} ones, cut into parts of at most {@code chunk}; the head
     * works in the last part alone.
     */
    static PassPlan prefill(Passes pass, long tokens, long cached, long batch, @Nullable Long chunk) {
        List<Range> ranges = new ArrayList<>();
        long size = chunk == null ? tokens : Math.min(chunk, tokens);
        long before = (tokens - 1) / size;
        List<Long> ends = new ArrayList<>();
        for (long bend : pass.bends()) {
            long whole = Math.floorDiv(bend - size - cached, size) + 1;
            ends.add(whole);
            ends.add(whole + 1);
        }
        add(ranges, pass, before, ends, false, j -> new Step(size, cached + (j - 1) * size, batch));
        Step last = new Step(tokens - before * size, cached + before * size, batch);
        List<Operation> operations = pass.operations(last);
        ranges.add(new Range(before + 1, 1, (double) last.newTokens() * batch, batch, operations, operations));
        return new PassPlan(ranges);
    }

    private static void add(
            List<Range> ranges, Passes pass, long count, List<Long> bends, boolean head, LongFunction<Step> step) {
        List<Long> ends = new ArrayList<>(bends);
        ends.add(count);
        long first = 1;
        for (long end : ends) {
            long last = Math.min(end, count);
            if (last >= first) {
                Step start = step.apply(first);
                List<Operation> atFirst = operations(pass, start, head);
                List<Operation> atLast = last == first ? atFirst : operations(pass, step.apply(last), head);
                double rows = (double) start.newTokens() * start.sequences();
                ranges.add(new Range(first, last - first + 1, rows, start.sequences(), atFirst, atLast));
                first = last + 1;
            }
        }
    }

    private static List<Operation> operations(Passes pass, Step step, boolean head) {
        List<Operation> operations = pass.operations(step);
        return head ? operations : operations.subList(0, operations.size() - 1);
    }
}
