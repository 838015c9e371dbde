package llmlatency.checkpoint;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The stretches of a file that its tensors claim. Beginnings and ends are sorted apart, each in a plain array: how many
 * stretches hold a byte is the number of beginnings up to it less the number of ends, so it does not matter which end
 * belongs to which beginning.
 */
final class Extents {
    private static final int FIRST = 256;

    private long[] begins = new long[FIRST];
    private long[] ends = new long[FIRST];
    private int count;

    /** Claims the bytes from {@code begin} up to, not including, {@code end}. */
    void add(long begin, long end) {
        if (begin == end) {
            return;
        }
        if (count == begins.length) {
            begins = Arrays.copyOf(begins, count + count / 2);
            ends = Arrays.copyOf(ends, count + count / 2);
        }
        begins[count] = begin;
        ends[count] = end;
        count++;
    }

    /** The first byte that is claimed twice. */
    OptionalLong overlap() {
        sort();
        for (int i = 1; i < count; i++) {
            if (begins[i] < ends[i - 1]) {
                return OptionalLong.of(begins[i]);
            }
        }
        return OptionalLong.empty();
    }

    /** The first byte from {@code begin} up to {@code end} that nobody claims, where none is claimed twice. */
    OptionalLong gap(long begin, long end) {
        sort();
        long next = begin;
        for (int i = 0; i < count; i++) {
            if (begins[i] > next) {
                return OptionalLong.of(next);
            }
            next = ends[i];
        }
        return next < end ? OptionalLong.of(next) : OptionalLong.empty();
    }

    private void sort() {
        Arrays.sort(begins, 0, count);
        Arrays.sort(ends, 0, count);
    }
}
