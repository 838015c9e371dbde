package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far estimates are from measurements, over rows or over groups of rows; errors in percent of what was measured.
 *
 * @param rows rows that the figures rest on
 * @param groups groups that these rows fall into
 * @param median median of the absolute errors
 * @param mean mean of the absolute errors
 * @param p90 90th percentile of the absolute errors
 * @param bias mean of the signed errors: above zero where estimates are larger than measurements
 * @param coverage share of the rows that lie within their 80 % interval, in percent; null where no row has one
 */
public record ErrorFigures(
        int rows,
        int groups,
        double median,
        double mean,
        double p90,
        double bias,
        @Nullable Double coverage) {
    private static final double MEDIAN = 0.5;
    private static final double P90 = 0.9;

    /**
     * The error of one row.
     *
     * @param percent {@code 100·(estimate − measured)/measured}
     * @param held whether its interval holds the measurement; null where there is none
     */
    record Deviation(double percent, @Nullable Boolean held) {}

    /** The figures over all rows, each counted once; null where there are none. */
    static @Nullable ErrorFigures overRows(Collection<List<Deviation>> groups) {
        List<Deviation> all = groups.stream().flatMap(List::stream).toList();
        List<Double> absolute =
                all.stream().map(row -> Math.abs(row.percent())).sorted().toList();
        List<Double> signed = all.stream().map(Deviation::percent).toList();
        Double share = share(all);
        return of(all.size(), groups.size(), absolute, signed, share == null ? List.of() : List.of(share));
    }

    /**
     * The figures over groups, each counted once, so that a source of many rows does not drown one of few: a group stands
     * in with the median of its absolute errors, the median of its signed errors and its own share within the interval.
     */
    static @Nullable ErrorFigures overGroups(Collection<List<Deviation>> groups) {
        List<Double> absolute = new ArrayList<>();
        List<Double> signed = new ArrayList<>();
        List<Double> shares = new ArrayList<>();
        int rows = 0;
        for (List<Deviation> group : groups) {
            rows += group.size();
            absolute.add(percentile(
                    group.stream().map(row -> Math.abs(row.percent())).sorted().toList(), MEDIAN));
            signed.add(
                    percentile(group.stream().map(Deviation::percent).sorted().toList(), MEDIAN));
            Double share = share(group);
            if (share != null) {
                shares.add(share);
            }
        }
        absolute.sort(null);
        return of(rows, groups.size(), absolute, signed, shares);
    }

    private static @Nullable ErrorFigures of(
            int rows, int groups, List<Double> absolute, List<Double> signed, List<Double> shares) {
        return rows == 0
                ? null
                : new ErrorFigures(
                        rows,
                        groups,
                        percentile(absolute, MEDIAN),
                        mean(absolute),
                        percentile(absolute, P90),
                        mean(signed),
                        shares.isEmpty() ? null : (Double) mean(shares));
    }

    /**
     * The value below which that share of sorted values lies, with linear interpolation between neighbours: at position
     * {@code (n − 1)·q} of {@code 0 … n − 1}. The median of an even number is the mean of the middle two.
     *
     * <p>Source: Hyndman and Fan 1996, "Sample Quantiles in Statistical Packages", definition 7. Holds for: one value or
     * more.
     */
    static double percentile(List<Double> sorted, double q) {
        double position = (sorted.size() - 1) * q;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.size() - 1);
        double low = sorted.get(below);
        return low + (position - below) * (sorted.get(above) - low);
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }

    private static @Nullable Double share(List<Deviation> rows) {
        int stated = 0;
        int held = 0;
        for (Deviation row : rows) {
            stated += row.held() == null ? 0 : 1;
            held += Boolean.TRUE.equals(row.held()) ? 1 : 0;
        }
        return stated == 0 ? null : (Double) (100.0 * held / stated);
    }
}
