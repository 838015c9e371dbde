package llmlatency.study;

import java.util.function.LongPredicate;

/** Finds the largest number that will do. */
public final class Largest {
    /** Up to so many are tried one by one, so that no dip between them is overlooked. */
    private static final long EACH = 2048;

    /** Above, eight numbers to a doubling. */
    private static final double STEP = Math.pow(2, -1.0 / 8);

    private Largest() {}

    /**
     * The largest number up to a bound that will do; 0 where none will. Up to 2048 it is exact. Above, numbers an eighth of
     * a doubling apart are tried from the top, and the gap above the first that will do is halved: exact where what will
     * do ends once.
     */
    public static long of(long bound, LongPredicate works) {
        long failing = bound + 1;
        long at = bound;
        while (at > EACH) {
            if (works.test(at)) {
                return between(at, failing, works);
            }
            failing = at;
            at = Math.min(at - 1, (long) (at * STEP));
        }
        for (long number = Math.min(at, EACH); number > 0; number--) {
            if (works.test(number)) {
                return number == EACH ? between(number, failing, works) : number;
            }
        }
        return 0;
    }

    private static long between(long works, long fails, LongPredicate test) {
        long low = works;
        long high = fails;
        while (low + 1 < high) {
            long middle = (low + high) >>> 1;
            if (test.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
