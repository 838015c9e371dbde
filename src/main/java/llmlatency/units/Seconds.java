package llmlatency.units;

/** A duration in seconds. */
public record Seconds(double value) implements Quantity {
    private static final QuantityText TEXT = new QuantityText("a duration", "300ms", "s", "sec");

    public Seconds {
        Quantity.requireFinite(value, "seconds");
    }

    /**
     * Reads a text such as {@code 300ms}.
     *
     * @throws Refusal when it is none
     */
    public static Seconds parse(String text) {
        return new Seconds(TEXT.parse(text));
    }

    /** The sum of both. */
    public Seconds plus(Seconds other) {
        return new Seconds(value + other.value);
    }

    /** This many times the duration. */
    public Seconds times(double factor) {
        return new Seconds(value * factor);
    }

    /** The duration in milliseconds. */
    public double milliseconds() {
        return value * 1e3;
    }
}
