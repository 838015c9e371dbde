package llmlatency.units;

/** A clock rate in cycles per second. */
public record Hertz(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a clock rate", "2520 MHz", "Hz");

    public Hertz {
        Quantity.requireFinite(value, "hertz");
    }

    /**
     * Reads a text such as {@code 2520 MHz}.
     *
     * @throws Refusal when it is none
     */
    public static Hertz parse(String text) {
        return new Hertz(TEXT.parse(text));
    }
}
