package llmlatency.study;

import llmlatency.units.Refusal;

/**
 * One of N runs of a sweep's order, each without a gap, which together are the whole.
 *
 * @param number which, from 1
 * @param of how many there are
 */
public record Shard(int number, int of) {
    /** The only one. */
    public static final Shard WHOLE = new Shard(1, 1);

    private static final int MOST = 1_000_000;

    /**
     * Reads {@code 2/8}.
     *
     * @throws Refusal when it is no such thing
     */
    public static Shard parse(String text) {
        String[] parts = text.strip().split("/", -1);
        if (parts.length == 2 && parts[0].matches("[0-9]{1,7}") && parts[1].matches("[0-9]{1,7}")) {
            int number = Integer.parseInt(parts[0]);
            int of = Integer.parseInt(parts[1]);
            if (number >= 1 && number <= of && of <= MOST) {
                return new Shard(number, of);
            }
        }
        throw new Refusal("'" + text + "' is not I/N with I from 1 to N, such as 2/8");
    }

    /** The first of its rows, of so many in all. */
    public long from(long size) {
        return bound(number - 1L, size);
    }

    /** The row after its last. */
    public long to(long size) {
        return bound(number, size);
    }

    /** {@code ⌊size · i / N⌋} without a product that overflows. */
    private long bound(long i, long size) {
        return size / of * i + size % of * i / of;
    }
}
