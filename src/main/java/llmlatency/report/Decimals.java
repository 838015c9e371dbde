package llmlatency.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as text, the same in every locale. */
final class Decimals {
    /** Digits of numbers for machines; how-it-counts.md asks for six at least. */
    private static final MathContext MACHINE = new MathContext(9, RoundingMode.HALF_EVEN);

    private Decimals() {}

    /** With so many decimals and commas between thousands: {@code 1,234.50}. */
    static String fixed(double value, int decimals) {
        return grouped(
                new BigDecimal(value).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString());
    }

    /** With so many significant digits, no exponent: {@code 0.0823}. */
    static String significant(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
        BigDecimal plain = rounded.scale() < 0 ? rounded.setScale(0) : rounded;
        int decimals = Math.max(0, digits - (rounded.precision() - rounded.scale()));
        return grouped(plain.setScale(decimals, RoundingMode.HALF_EVEN).toPlainString());
    }

    /** A whole number with commas between thousands. */
    static String whole(long value) {
        return grouped(Long.toString(value));
    }

    /** For machines: nine significant digits, no exponent, no trailing zeros; whole numbers below 2^53 in full. */
    static BigDecimal machine(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 0x1p53) {
            return BigDecimal.valueOf((long) value);
        }
        BigDecimal stripped = new BigDecimal(value).round(MACHINE).stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static String grouped(String plain) {
        int end = plain.indexOf('.') < 0 ? plain.length() : plain.indexOf('.');
        StringBuilder text = new StringBuilder(plain);
        for (int at = end - 3; at > (plain.startsWith("-") ? 1 : 0); at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }
}
