package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How accurate estimates are over some rows. A part is null where no row has what it is about.
 *
 * @param expected what engines should do, over rows
 * @param grouped the same over groups
 * @param floor the floor held against the same measurements, over rows
 * @param floorGrouped the same over groups
 */
public record Accuracy(
        @Nullable ErrorFigures expected,
        @Nullable ErrorFigures grouped,
        @Nullable ErrorFigures floor,
        @Nullable ErrorFigures floorGrouped) {
    /**
     * Rows that are likely to err alike, because one source measured one model on one device.
     *
     * @param source who measured
     * @param gpu the device
     * @param model the model
     * @param format format of its weights
     */
    public record Group(String source, String gpu, String model, String format) {
        static Group of(Resolved row) {
            return new Group(
                    Attribute.SOURCE.of(row), Attribute.GPU.of(row), Attribute.MODEL.of(row), Attribute.FORMAT.of(row));
        }
    }

    static Accuracy of(Collection<Comparison> rows) {
        Map<Group, List<ErrorFigures.Deviation>> expected = new LinkedHashMap<>();
        Map<Group, List<ErrorFigures.Deviation>> floor = new LinkedHashMap<>();
        for (Comparison row : rows) {
            Group group = Group.of(row.row());
            add(expected, group, row.errorPercent(), row.held());
            add(floor, group, row.floorErrorPercent(), null);
        }
        return new Accuracy(
                ErrorFigures.overRows(expected.values()),
                ErrorFigures.overGroups(expected.values()),
                ErrorFigures.overRows(floor.values()),
                ErrorFigures.overGroups(floor.values()));
    }

    private static void add(
            Map<Group, List<ErrorFigures.Deviation>> groups,
            Group group,
            @Nullable Double percent,
            @Nullable Boolean held) {
        if (percent != null) {
            groups.computeIfAbsent(group, missing -> new ArrayList<>()).add(new ErrorFigures.Deviation(percent, held));
        }
    }

    /** Rows that something is said about. */
    int rows() {
        return floor == null ? 0 : floor.rows();
    }

    /** The median error that groups are ranked by: of what is expected, where anything is, else of the floor. */
    double rank() {
        ErrorFigures figures = expected != null ? expected : floor;
        return figures == null ? 0 : figures.median();
    }
}
