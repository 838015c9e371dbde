package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.calibration.Accuracy;
import llmlatency.calibration.Comparison;
import llmlatency.calibration.ErrorFigures;
import llmlatency.calibration.MeasuredCase;
import llmlatency.calibration.Measurement;
import llmlatency.calibration.Validation;
import org.jspecify.annotations.Nullable;

/** How accurate we are, as text, JSON or CSV; and row by row. */
public final class ValidationReport {
    private static final List<String> ROWS = List.of(
            "id",
            "metric",
            "measured",
            "floor",
            "expected",
            "low",
            "high",
            "error_percent",
            "skipped_because",
            "floor_error_percent",
            "note");

    /** The columns of {@link #rows}. */
    static final List<Grid.Column> ROW_HEADER = ROWS.stream().map(Grid::text).toList();

    private static final List<String> FIGURES = List.of(
            "rows", "groups", "median_error_percent", "mean_error_percent", "p90_error_percent", "bias_percent");

    private static final String COVERAGE = "interval_coverage_percent";

    private ValidationReport() {}

    /** The text of a validation. */
    public static String text(Validation validation, ReportFormat format) {
        return switch (format) {
            case TABLE -> new ValidationTable(validation).text();
            case JSON -> JsonText.pretty(tree(validation));
            case CSV -> csv(validation);
            case NDJSON, MARKDOWN -> throw new IllegalArgumentException("no validation as " + format);
        };
    }

    /** Every measurement beside its estimate, a line of CSV each. */
    public static String rows(Validation validation) {
        return new Grid(
                        ROW_HEADER,
                        validation.comparisons().stream()
                                .map(ValidationReport::row)
                                .toList())
                .csv();
    }

    static List<String> row(Comparison comparison) {
        Measurement measurement = comparison.row().measurement();
        MeasuredCase.Interval interval = comparison.interval();
        List<String> row = new ArrayList<>();
        row.add(measurement.name());
        row.add(measurement.metric());
        row.add(EstimateReport.cell(comparison.measured()));
        row.add(EstimateReport.cell(comparison.floor()));
        row.add(EstimateReport.cell(comparison.expected()));
        row.add(EstimateReport.cell(interval == null ? null : interval.low()));
        row.add(EstimateReport.cell(interval == null ? null : interval.high()));
        row.add(EstimateReport.cell(comparison.errorPercent()));
        row.add(EstimateReport.cell(comparison.skipped()));
        row.add(EstimateReport.cell(comparison.floorErrorPercent()));
        row.add(note(comparison));
        return row;
    }

    private static String note(Comparison comparison) {
        List<String> notes = new ArrayList<>();
        if (comparison.assumed() != null) {
            notes.add(comparison.assumed());
        }
        if (!comparison.row().measurement().origin().trusted()) {
            notes.add("low trust");
        }
        if (comparison.fasterThanFloor()) {
            notes.add("faster than its floor");
        }
        return String.join("; ", notes);
    }

    private static Map<String, Object> tree(Validation validation) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("rows", validation.comparisons().size());
        tree.put("used", validation.used());
        tree.put("with_floor", validation.floors());
        tree.put("skipped", counts(validation.skipped(), "reason"));
        tree.put("assumed", counts(validation.assumed(), "what"));
        tree.put("faster_than_floor", validation.fasterThanFloor());
        Accuracy all = validation.headline();
        tree.put("overall", figures(all.expected()));
        tree.put("grouped", figures(all.grouped()));
        tree.put("floor", withGroups(all.floor(), all.floorGrouped()));
        tree.put("by", validation.by().stream().map(ValidationReport::part).toList());
        if (!validation.worst().isEmpty()) {
            tree.put(
                    "worst",
                    validation.worst().stream().map(ValidationReport::part).toList());
        }
        return tree;
    }

    /** The figures of a validation alone: in all, over groups, and by the columns asked for. */
    static Map<String, Object> accuracy(Validation validation) {
        Map<String, Object> tree = withGroups(
                validation.headline().expected(), validation.headline().grouped());
        tree.put("by", validation.by().stream().map(ValidationReport::part).toList());
        return tree;
    }

    private static List<Map<String, Object>> counts(List<Validation.Count> counts, String key) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Validation.Count count : counts) {
            Map<String, Object> item = new LinkedHashMap<>();
            item.put(key, count.what());
            item.put("count", count.count());
            list.add(item);
        }
        return list;
    }

    private static Map<String, Object> part(Validation.Part part) {
        Map<String, Object> tree = EstimateReport.ordered("column", part.column(), "value", part.value());
        tree.putAll(withGroups(part.accuracy().expected(), part.accuracy().grouped()));
        tree.put("floor", withGroups(part.accuracy().floor(), part.accuracy().floorGrouped()));
        return tree;
    }

    private static Map<String, Object> withGroups(@Nullable ErrorFigures rows, @Nullable ErrorFigures groups) {
        Map<String, Object> tree = figures(rows);
        tree.put("grouped", figures(groups));
        return tree;
    }

    /** The figures by their keys; where there are none, only that they rest on no row. */
    private static Map<String, Object> figures(@Nullable ErrorFigures figures) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rows", figures == null ? 0 : figures.rows());
        tree.put("groups", figures == null ? 0 : figures.groups());
        if (figures != null) {
            tree.put("median_error_percent", figures.median());
            tree.put("mean_error_percent", figures.mean());
            tree.put("p90_error_percent", figures.p90());
            tree.put("bias_percent", figures.bias());
            if (figures.coverage() != null) {
                tree.put(COVERAGE, figures.coverage());
            }
        }
        return tree;
    }

    private static String csv(Validation validation) {
        List<Grid.Column> header = new ArrayList<>(List.of(Grid.text("column"), Grid.text("value")));
        for (String prefix : List.of("", "grouped_", "floor_", "floor_grouped_")) {
            columns(!prefix.startsWith("floor")).forEach(figure -> header.add(Grid.number(prefix + figure)));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(line(new Validation.Part("overall", "all", validation.headline())));
        validation.by().forEach(part -> rows.add(line(part)));
        validation.worst().forEach(part -> rows.add(line(new Validation.Part("worst", part.value(), part.accuracy()))));
        return new Grid(header, rows).csv();
    }

    private static List<String> line(Validation.Part part) {
        List<String> line = new ArrayList<>(List.of(part.column(), part.value()));
        Accuracy accuracy = part.accuracy();
        add(line, accuracy.expected(), true);
        add(line, accuracy.grouped(), true);
        add(line, accuracy.floor(), false);
        add(line, accuracy.floorGrouped(), false);
        return line;
    }

    /** The figures of a line; a floor has no interval. */
    private static List<String> columns(boolean interval) {
        List<String> columns = new ArrayList<>(FIGURES);
        if (interval) {
            columns.add(COVERAGE);
        }
        return columns;
    }

    private static void add(List<String> line, @Nullable ErrorFigures figures, boolean interval) {
        Map<String, Object> tree = figures(figures);
        columns(interval).forEach(figure -> line.add(EstimateReport.cell(tree.get(figure))));
    }
}
