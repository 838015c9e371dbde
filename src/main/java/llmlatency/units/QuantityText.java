package llmlatency.units;

/** Reads quantities as they stand on a datasheet or a command line: a number, a prefix, a unit ("1008 GB/s"). */
final class QuantityText {
    /** No device and no model is anywhere near these, in any base unit. */
    private static final double LEAST = 1e-12;

    private static final double MOST = 1e24;
    private final String what;
    private final String example;
    private final String[] units;

    /**
     * @param what what is read, for messages ("a bandwidth")
     * @param example a text that would be right ("1008 GB/s")
     * @param units accepted spellings of the base unit
     */
    QuantityText(String what, String example, String... units) {
        this.what = what;
        this.example = example;
        this.units = units;
    }

    /**
     * The value in the base unit.
     *
     * @throws Refusal when the text is not a positive finite number with one of the units
     */
    double parse(String text) {
        String trimmed = text.strip();
        int split = numberLength(trimmed);
        double number = number(trimmed.substring(0, split), text);
        double value = number * factor(trimmed.substring(split).strip(), text);
        if (!(value >= LEAST) || value > MOST) {
            throw new Refusal("'" + text + "' is not " + what + " that there could be, such as " + example);
        }
        return value;
    }

    private double number(String digits, String text) {
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw refusal(text);
        }
    }

    private double factor(String suffix, String text) {
        for (String unit : units) {
            for (Prefix prefix : Prefix.values()) {
                if (suffix.equals(prefix.symbol() + unit)) {
                    return prefix.factor();
                }
            }
        }
        throw refusal(text);
    }

    private Refusal refusal(String text) {
        return new Refusal("'" + text + "' is not " + what + "; write a number and a unit, such as " + example);
    }

    /** Length of the leading number: digits, a point, an exponent only where a digit follows it ("5e3", not "5 exa"). */
    private static int numberLength(String text) {
        int end = 0;
        while (end < text.length() && (isDigit(text, end) || text.charAt(end) == '.' || isExponent(text, end))) {
            end += isExponent(text, end) && !isDigit(text, end + 1) ? 2 : 1;
        }
        return end;
    }

    private static boolean isExponent(String text, int at) {
        boolean letter = at > 0 && (text.charAt(at) == 'e' || text.charAt(at) == 'E');
        return letter
                && (isDigit(text, at + 1)
                        || (at + 1 < text.length() && "+-".indexOf(text.charAt(at + 1)) >= 0 && isDigit(text, at + 2)));
    }

    private static boolean isDigit(String text, int at) {
        return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }
}
