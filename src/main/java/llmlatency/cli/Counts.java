package llmlatency.cli;

import llmlatency.units.Refusal;

/** Reads counts as people type them: {@code 4096}, or {@code 4k} for 4096. */
final class Counts {
    /** Larger counts are slips of the hand, and would leave the range in which sums are exact. */
    private static final long LARGEST = 1_000_000_000L;

    private Counts() {}

    /**
     * The count that the text says.
     *
     * @param least the smallest that makes sense
     * @throws Refusal when it is no whole number in range
     */
    static long parse(String text, long least) {
        String digits = text.strip();
        long factor = 1;
        if (!digits.isEmpty()) {
            char last = digits.charAt(digits.length() - 1);
            factor = last == 'k' || last == 'K' ? 1 << 10 : last == 'm' || last == 'M' ? 1 << 20 : 1;
            digits = factor == 1 ? digits : digits.substring(0, digits.length() - 1);
        }
        if (digits.isEmpty() || digits.length() > 10 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw refusal(text, least);
        }
        long value = Long.parseLong(digits) * factor;
        if (value < least || value > LARGEST) {
            throw refusal(text, least);
        }
        return value;
    }

    private static Refusal refusal(String text, long least) {
        return new Refusal(
                "'" + text + "' is not a whole number from " + least + " to " + LARGEST + ", such as 512 or 4k (4096)");
    }
}
