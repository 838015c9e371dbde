package llmlatency.units;

/** A price for an hour in US dollars. */
public record UsdPerHour(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a price of an hour in USD", "2.50", "", "USD/h", "USD");

    public UsdPerHour {
        Quantity.requireFinite(value, "dollars an hour");
    }

    /**
     * Reads a text such as {@code 2.50}; {@code 2.50 USD/h} says the same.
     *
     * @throws Refusal when it is none
     */
    public static UsdPerHour parse(String text) {
        return new UsdPerHour(TEXT.parse(text));
    }
}
