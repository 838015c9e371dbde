package llmlatency.units;

/** A rate of moving data in bytes per second; datasheets write decimal GB/s. */
public record BytesPerSecond(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a bandwidth", "1008 GB/s", "B/s", "Bps");

    public BytesPerSecond {
        Quantity.requireFinite(value, "bytes per second");
    }

    /**
     * Reads a text such as {@code 1008 GB/s}.
     *
     * @throws Refusal when it is none
     */
    public static BytesPerSecond parse(String text) {
        return new BytesPerSecond(TEXT.parse(text));
    }
}
