package llmlatency.units;

/** Electric power in watts. */
public record Watts(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a power", "450 W", "W");

    public Watts {
        Quantity.requireFinite(value, "watts");
    }

    /**
     * Reads a text such as {@code 450 W}.
     *
     * @throws Refusal when it is none
     */
    public static Watts parse(String text) {
        return new Watts(TEXT.parse(text));
    }
}
