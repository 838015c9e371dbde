package llmlatency.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as text, the same in every locale. */
final class Decimals {
    /** Digits of numbers for machines; how-it-counts.md asks for six at least. */
    private static final MathContext MACHINE = new MathContext(9, RoundingMode.HALF_EVEN);

    /** Powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16
    };

    private static final double LEAST_OF_NINE_DIGITS = 1e8;
    private static final double MOST_OF_NINE_DIGITS = 999_999_999;
    private static final double SMALLEST_QUICK = 1e-7;
    private static final double LARGEST_QUICK = 1e8;
    /** A product below 10^9 is off by less than 10^-6. */
    private static final double DOUBT = 1e-4;

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

    /** Adds a number as machines get it, see {@link #machine}: the same digits, without the detour where there is one. */
    static void append(StringBuilder text, Number number) {
        if (number instanceof Double inexact) {
            append(text, inexact.doubleValue());
        } else if (number instanceof BigDecimal exact) {
            text.append(exact.toPlainString());
        } else {
            text.append(number.longValue());
        }
    }

    /**
     * Nine digits are a whole number times a power of ten: where multiplying by that power, which is exact to some units
     * of the last binary digit, leaves no doubt which whole number is nearest, that is it; else, and for very small and
     * very large numbers, the exact way decides.
     */
    private static void append(StringBuilder text, double value) {
        double size = Math.abs(value);
        if (!(size >= SMALLEST_QUICK && size < LARGEST_QUICK) || value == Math.rint(value)) {
            text.append(machine(value).toPlainString());
            return;
        }
        int decimals = 0;
        while (decimals < POWERS.length - 1 && size * POWERS[decimals] < LEAST_OF_NINE_DIGITS) {
            decimals++;
        }
        double scaled = size * POWERS[decimals];
        long whole = (long) scaled;
        double rest = scaled - whole;
        if (whole >= MOST_OF_NINE_DIGITS || Math.abs(rest - 0.5) < DOUBT) {
            text.append(machine(value).toPlainString());
            return;
        }
        digits(text, value < 0, rest > 0.5 ? whole + 1 : whole, decimals);
    }

    private static void digits(StringBuilder text, boolean negative, long whole, int decimals) {
        long digits = whole;
        int left = decimals;
        while (left > 0 && digits % 10 == 0) {
            digits /= 10;
            left--;
        }
        if (negative) {
            text.append('-');
        }
        long power = (long) POWERS[left];
        text.append(digits / power);
        if (left > 0) {
            text.append('.');
            String fraction = Long.toString(digits % power);
            for (int zeros = left - fraction.length(); zeros > 0; zeros--) {
                text.append('0');
            }
            text.append(fraction);
        }
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
