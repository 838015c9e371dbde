package llmlatency.units;

/** A rate of arithmetic in operations per second, dense; integer rates ("TOP/s") included. */
public record FlopsPerSecond(double value) implements Quantity {
    private static final QuantityText TEXT =
            new QuantityText("an arithmetic rate", "165.2 TFLOP/s", "FLOP/s", "FLOPS", "FLOPs", "OP/s", "OPS", "OPs");

    public FlopsPerSecond {
        Quantity.requireFinite(value, "operations per second");
    }

    /**
     * Reads a text such as {@code 165.2 TFLOP/s}.
     *
     * @throws Refusal when it is none
     */
    public static FlopsPerSecond parse(String text) {
        return new FlopsPerSecond(TEXT.parse(text));
    }
}
