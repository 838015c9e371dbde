package llmlatency.units;

/** A non-negative finite amount in its SI base unit. */
public interface Quantity {
    /** The amount in the base unit that the type's name says. */
    double value();

    /** Refuses what no amount can be; a violation is a bug of the caller, since texts are checked when parsed. */
    static void requireFinite(double value, String unit) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("not an amount of " + unit + ": " + value);
        }
    }
}
