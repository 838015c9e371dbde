package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.study.Answer;
import llmlatency.study.Axis;
import llmlatency.study.Chart;
import org.jspecify.annotations.Nullable;

/** A chart in every format. */
public final class PlotReport {
    private PlotReport() {}

    /** What of some answers stands beside their chart: a line in common, and a name for each. */
    public record Names(String subtitle, List<String> each) {}

    /** The names of some answers, all of them estimates. */
    public static Names names(List<Axis> axes, List<Answer> answers) {
        Distinctions distinctions = new Distinctions(axes, answers);
        return new Names(
                distinctions.subject() + "; " + distinctions.asked(),
                answers.stream().map(distinctions::label).toList());
    }

    /** In characters. */
    public static String terminal(Chart chart, int width, boolean unicode) {
        return new TerminalPlot(chart, width, unicode).text();
    }

    /** As SVG. */
    public static String svg(Chart chart) {
        return new SvgPlot(chart).text();
    }

    /** As one HTML file. */
    public static String html(Chart chart) {
        return HtmlPlot.text(chart);
    }

    /** The numbers as CSV. */
    public static String csv(Chart chart) {
        return data(chart).csv();
    }

    /** The numbers as JSON. */
    public static String json(Chart chart) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("title", chart.title());
        tree.put("subtitle", chart.subtitle());
        tree.put("x", chart.x().title());
        tree.put("y", chart.y().title());
        List<Object> series = new ArrayList<>();
        for (Chart.Series one : chart.series()) {
            Map<String, Object> curve = new LinkedHashMap<>();
            curve.put("name", one.name());
            curve.put("kind", kind(one));
            curve.put("points", one.points().stream().map(PlotReport::point).toList());
            series.add(curve);
        }
        tree.put("series", series);
        return JsonText.pretty(tree);
    }

    private static Map<String, Object> point(Chart.Point point) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("x", point.x());
        tree.put("y", point.y());
        if (point.low() != null && point.high() != null) {
            tree.put("low", point.low());
            tree.put("high", point.high());
        }
        if (!point.label().isEmpty()) {
            tree.put("label", point.label());
        }
        return tree;
    }

    private static String kind(Chart.Series series) {
        return series.kind() == Chart.Kind.FLOOR ? "floor" : "expected";
    }

    /** All points, a row each. */
    static Grid data(Chart chart) {
        List<Grid.Column> header = List.of(
                Grid.text("series"),
                Grid.text("kind"),
                Grid.text("point"),
                Grid.number(chart.x().title()),
                Grid.number(chart.y().title()),
                Grid.number("low"),
                Grid.number("high"));
        List<List<String>> rows = new ArrayList<>();
        for (Chart.Series series : chart.series()) {
            for (Chart.Point point : series.points()) {
                rows.add(List.of(
                        series.name(),
                        kind(series),
                        point.label(),
                        cell(point.x()),
                        cell(point.y()),
                        cell(point.low()),
                        cell(point.high())));
            }
        }
        return new Grid(header, rows);
    }

    private static String cell(@Nullable Double value) {
        return EstimateReport.cell(value);
    }
}
