package llmlatency.work;

/**
 * One operation of a forward pass, once; {@code count} layers have an equal one.
 *
 * @param name what it is, for people ({@code QKV projection})
 * @param kind the kind of kernel that runs it
 * @param count how many times it runs in a pass
 * @param flops arithmetic of one run, 2 per multiply-add
 * @param weightBytes weights that one run reads
 * @param cacheBytes KV cache and state that one run reads and writes
 * @param format the number format that decides the arithmetic
 * @param shape what its speed depends on besides
 * @param place where it runs
 */
public record Operation(
        String name,
        KernelKind kind,
        int count,
        double flops,
        double weightBytes,
        double cacheBytes,
        NumberFormat format,
        Shape shape,
        Place place) {
    /** An operation on the device. */
    public Operation(
            String name,
            KernelKind kind,
            int count,
            double flops,
            double weightBytes,
            double cacheBytes,
            NumberFormat format,
            Shape shape) {
        this(name, kind, count, flops, weightBytes, cacheBytes, format, shape, Place.DEVICE);
    }

    /** An operation of which nothing matters but its amounts. */
    public Operation(
            String name,
            KernelKind kind,
            int count,
            double flops,
            double weightBytes,
            double cacheBytes,
            NumberFormat format) {
        this(name, kind, count, flops, weightBytes, cacheBytes, format, Shape.PLAIN);
    }

    /** All bytes that one run moves. */
    public double bytes() {
        return weightBytes + cacheBytes;
    }

    /** Whether both describe the same work, so that their counts add up to one operation. */
    public boolean sameWork(Operation other) {
        return name.equals(other.name)
                && kind == other.kind
                && flops == other.flops
                && weightBytes == other.weightBytes
                && cacheBytes == other.cacheBytes
                && format.is(other.format)
                && place == other.place
                && shape.equals(other.shape);
    }

    /** The same operation in that many layers. */
    public Operation times(int newCount) {
        return new Operation(name, kind, newCount, flops, weightBytes, cacheBytes, format, shape, place);
    }

    /** The same operation elsewhere. */
    public Operation at(Place other) {
        return place == other
                ? this
                : new Operation(name, kind, count, flops, weightBytes, cacheBytes, format, shape, other);
    }
}
