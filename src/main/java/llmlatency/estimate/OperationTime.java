package llmlatency.estimate;

import llmlatency.hardware.Bound;
import llmlatency.units.Seconds;
import llmlatency.work.KernelKind;
import llmlatency.work.Place;

/**
 * An operation with its time; amounts are totals over its {@code count} runs in a pass, and in decode means over the
 * steps.
 *
 * @param name what it is
 * @param kind the kind of kernel
 * @param count runs in a pass
 * @param flops arithmetic
 * @param bytes bytes moved
 * @param moving how long its bytes alone take
 * @param computing how long its arithmetic alone takes
 * @param time its time
 * @param bound what sets it
 * @param place where it runs, or where its weights are carried from
 */
public record OperationTime(
        String name,
        KernelKind kind,
        int count,
        double flops,
        double bytes,
        Seconds moving,
        Seconds computing,
        Seconds time,
        Bound bound,
        Place place) {}
