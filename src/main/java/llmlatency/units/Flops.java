package llmlatency.units;

/** An amount of arithmetic in floating-point (or integer) operations; one multiply-add is two. */
public record Flops(double value) implements Quantity {
    private static final QuantityText TEXT =
            new QuantityText("an amount of arithmetic", "15 TFLOP", "FLOP", "FLOPs", "OP", "OPs");

    public Flops {
        Quantity.requireFinite(value, "FLOP");
    }

    /**
     * Reads a text such as {@code 15 TFLOP}.
     *
     * @throws Refusal when it is none
     */
    public static Flops parse(String text) {
        return new Flops(TEXT.parse(text));
    }

    /** How long this much arithmetic takes at that rate. */
    public Seconds at(FlopsPerSecond rate) {
        return new Seconds(value / rate.value());
    }
}
