package llmlatency.units;

/** An amount of data in bytes; written "14.1 GB", or "24 GiB" where a power of two is meant. */
public record Bytes(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a size", "24 GiB", "B", "byte", "bytes");

    public Bytes {
        Quantity.requireFinite(value, "bytes");
    }

    /**
     * Reads a text such as {@code 24 GiB}.
     *
     * @throws Refusal when it is none
     */
    public static Bytes parse(String text) {
        return new Bytes(TEXT.parse(text));
    }

    /** The sum of both. */
    public Bytes plus(Bytes other) {
        return new Bytes(value + other.value);
    }

    /** How long moving this much takes at that rate. */
    public Seconds at(BytesPerSecond rate) {
        return new Seconds(value / rate.value());
    }
}
