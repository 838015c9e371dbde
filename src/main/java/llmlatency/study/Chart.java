package llmlatency.study;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A picture as numbers: curves over two axes.
 *
 * @param title what it shows
 * @param subtitle of what
 * @param x the axis to the right
 * @param y the axis upwards
 * @param series the curves
 */
public record Chart(String title, String subtitle, Scale x, Scale y, List<Series> series) {
    public Chart {
        series = List.copyOf(series);
    }

    /**
     * An axis.
     *
     * @param title what it measures, with its unit
     * @param logarithmic whether equal factors are equally long
     */
    public record Scale(String title, boolean logarithmic) {}

    /** How sure a curve is. */
    public enum Kind {
        /** The least that physics allows. */
        FLOOR,
        /** What an engine should reach. */
        EXPECTED
    }

    /**
     * A point.
     *
     * @param x its place on the axis to the right
     * @param y on the one upwards
     * @param low where it may lie, in 80 % of the cases; null where nothing is known of that
     * @param high the other end
     * @param label what it is, such as {@code batch 8}; empty where its place says all
     */
    public record Point(
            double x,
            double y,
            @Nullable Double low,
            @Nullable Double high,
            String label) {
        /** A point of which nothing more is known. */
        public Point(double x, double y, String label) {
            this(x, y, null, null, label);
        }
    }

    /**
     * A curve, or points alone.
     *
     * @param name whose it is
     * @param group curves of one group are of one thing, and of one colour
     * @param kind how sure it is
     * @param joined whether its points are joined
     * @param points its points, in order
     */
    public record Series(String name, int group, Kind kind, boolean joined, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    /** Whether there is anything to draw. */
    public boolean isEmpty() {
        return series.stream().allMatch(one -> one.points().isEmpty());
    }
}
