package llmlatency.report;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The unit of a column: the decimal one in which its largest number has one to three digits before the point.
 *
 * @param unit its name
 * @param factor how much of the base unit it is
 */
record Scale(String unit, double factor) {
    private static final String[] PREFIXES = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
    private static final int NONE = 3;

    /** The unit for these values. */
    static <T> Scale of(List<T> rows, ToDoubleFunction<T> value, String base) {
        double largest = rows.stream().mapToDouble(value).max().orElse(0);
        int thousands = largest == 0 ? 0 : (int) Math.floor(Math.log10(largest) / 3);
        int at = Math.max(0, Math.min(PREFIXES.length - 1, NONE + thousands));
        return new Scale(PREFIXES[at] + base, Math.pow(1000, at - NONE));
    }

    /** A value of the column, two decimals. */
    String text(double value) {
        return Decimals.fixed(value / factor, 2) + " " + unit;
    }
}
