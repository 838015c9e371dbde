package llmlatency.calibration;

import llmlatency.engine.Performance;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A measurement beside its estimate, all in the metric's own unit.
 *
 * @param row the measurement, with its names resolved as far as they do
 * @param floor the best that physics allows; null where the row is skipped
 * @param expected what the engine should do; null where nothing is expected
 * @param interval the 80 % interval around it; null where none is stated
 * @param skipped why there is no floor or nothing expected; null where there are both
 */
public record Comparison(
        Resolved row,
        @Nullable Double floor,
        @Nullable Double expected,
        MeasuredCase.@Nullable Interval interval,
        @Nullable String skipped) {
    private static final String NOTHING_EXPECTED = "no expected: ";

    /** Answers a row and holds it against the answer. */
    static Comparison of(Resolved row) {
        if (row instanceof MeasuredCase answered) {
            double floor = answered.floor();
            try {
                return expecting(answered, floor);
            } catch (Refusal e) {
                return new Comparison(row, floor, null, null, NOTHING_EXPECTED + e.message());
            }
        }
        return new Comparison(row, null, null, null, ((Resolved.Skipped) row).reason());
    }

    private static Comparison expecting(MeasuredCase answered, double floor) {
        if (answered.unexpected() != null) {
            throw new Refusal(answered.unexpected());
        }
        Performance performance = answered.performance();
        if (performance == null) {
            Identity identity = answered.identity();
            String backend = identity.backend() == null ? "" : "/" + identity.backend();
            throw new Refusal("engine " + identity.engine() + backend + " has no parameters for "
                    + (identity.kind() == null ? identity.gpu() : identity.kind()));
        }
        return new Comparison(answered, floor, answered.expected(performance), answered.interval(performance), null);
    }

    /** The measured figure. */
    public double measured() {
        return row.measurement().value();
    }

    /** {@code 100·(expected − measured)/measured}; null where nothing is expected. */
    public @Nullable Double errorPercent() {
        return expected == null ? null : (Double) percent(expected);
    }

    /** {@code 100·(floor − measured)/measured}; null where the row is skipped. */
    public @Nullable Double floorErrorPercent() {
        return floor == null ? null : (Double) percent(floor);
    }

    private double percent(double estimate) {
        return 100 * (estimate - measured()) / measured();
    }

    /** Whether the measurement beats what physics allows. */
    public boolean fasterThanFloor() {
        if (floor == null || !(row instanceof MeasuredCase answered)) {
            return false;
        }
        return answered.metric().isRate() ? measured() > floor : measured() < floor;
    }

    /** Whether the interval holds the measurement; null where there is none. */
    @Nullable
    Boolean held() {
        return interval == null ? null : (Boolean) interval.holds(measured());
    }

    /** What the answer rests on beside its row; null: nothing. */
    public @Nullable String assumed() {
        return row instanceof MeasuredCase answered ? answered.assumed() : null;
    }
}
