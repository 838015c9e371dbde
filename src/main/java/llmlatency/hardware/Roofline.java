package llmlatency.hardware;

import llmlatency.units.Bytes;
import llmlatency.units.Flops;
import llmlatency.units.Seconds;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * The least time that a device needs for an operation: {@code max(bytes / bandwidth, FLOP / peak)}.
 *
 * <p>Source: Williams et al. 2009, "Roofline" (doi 10.1145/1498765.1498785). Holds for: any program, since nothing moves
 * faster than the bandwidth or computes faster than the peak; it assumes that moving and computing overlap fully.
 *
 * @param gpu the device
 */
public record Roofline(Gpu gpu) implements Pace {
    @Override
    public Cost cost(Operation operation) {
        return new Cost(
                new Bytes(operation.weightBytes()).at(gpu.bandwidth()).value(),
                new Bytes(operation.cacheBytes()).at(gpu.bandwidth()).value(),
                compute(operation).value(),
                null);
    }

    /** How long its bytes take to move, once. */
    public Seconds memory(Operation operation) {
        return new Bytes(operation.bytes()).at(gpu.bandwidth());
    }

    /** How long its arithmetic takes, once. */
    public Seconds compute(Operation operation) {
        return compute(operation.flops(), operation.format());
    }

    /**
     * How long so many FLOP take in the fastest arithmetic that the format may run at; no time on a host of which no rate
     * is known.
     */
    public Seconds compute(double flops, NumberFormat format) {
        return flops == 0 || gpu.peaks().isEmpty()
                ? new Seconds(0)
                : new Flops(flops).at(gpu.rate(format).value());
    }
}
