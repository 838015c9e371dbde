package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.study.Chart;

/** A chart as SVG that reads well on light and on dark, without fonts or files of its own. */
final class SvgPlot {
    private static final int WIDTH = 760;
    private static final int LEFT = 70;
    private static final int RIGHT = 24;
    private static final int TOP = 62;
    private static final int HEIGHT = 340;
    private static final int BELOW = 58;
    private static final int LINE = 18;
    private static final int COLUMNS = 2;
    private static final int COLOURS = 8;
    private static final int LONGEST_NAME = 46;
    private static final int NAME_HEIGHT = 13;
    private static final int NAME_WIDTH = 190;
    private static final String STYLE = ".c{font:12px system-ui,sans-serif;--ink:#1f2328;--soft:#59636e;--grid:#d1d9e0;"
            + "--back:#ffffff;--c0:#0969da;--c1:#bc4c00;--c2:#1a7f37;--c3:#8250df;--c4:#cf222e;--c5:#9a6700;--c6:#1b7c83;"
            + "--c7:#bf3989}"
            + "@media(prefers-color-scheme:dark){.c{--ink:#e6edf3;--soft:#9198a1;--grid:#3d444d;--back:#0d1117;--c0:#58a6ff;"
            + "--c1:#f0883e;--c2:#3fb950;--c3:#bc8cff;--c4:#ff7b72;--c5:#d29922;--c6:#39c5cf;--c7:#f778ba}}"
            + ".c .back{fill:var(--back)}.c text{fill:var(--ink)}.c .soft{fill:var(--soft)}.c .small{font-size:10px}.c .title{font-size:15px;"
            + "font-weight:600}.c .grid{stroke:var(--grid);stroke-width:1}.c .line{fill:none;stroke-width:2}"
            + ".c .floor{stroke-dasharray:5 4;stroke-width:1.5}.c .band{opacity:.16;stroke:none}";
    private final Chart chart;
    private final Frame frame;
    private final StringBuilder text = new StringBuilder();
    private final List<double[]> named = new ArrayList<>();

    SvgPlot(Chart chart) {
        this.chart = chart;
        this.frame = new Frame(chart);
    }

    /** The whole file. */
    String text() {
        int legend = legends().size();
        int height = TOP + HEIGHT + BELOW + (legend + COLUMNS - 1) / COLUMNS * LINE + LINE;
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"c\" viewBox=\"0 0 ")
                .append(WIDTH)
                .append(' ')
                .append(height)
                .append("\" width=\"")
                .append(WIDTH)
                .append("\" height=\"")
                .append(height)
                .append("\" role=\"img\" aria-label=\"")
                .append(escaped(chart.title() + ": " + chart.subtitle()))
                .append("\">\n<style>")
                .append(STYLE)
                .append("</style>\n");
        text.append("<rect class=\"back\" width=\"100%\" height=\"100%\" rx=\"6\"/>\n");
        label(16, 24, "start", "title", chart.title());
        label(16, 43, "start", "soft", chart.subtitle());
        sides();
        chart.series().forEach(this::band);
        chart.series().forEach(this::curve);
        chart.series().forEach(this::points);
        chart.series().forEach(this::names);
        legend();
        return text.append("</svg>\n").toString();
    }

    private double x(double value) {
        return LEFT + frame.right(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return TOP + (1 - frame.up(value)) * HEIGHT;
    }

    private static String px(double value) {
        return Decimals.machine(Math.rint(value * 10) / 10).toPlainString();
    }

    private void label(double x, double y, String anchor, String style, String words) {
        text.append("<text x=\"").append(px(x)).append("\" y=\"").append(px(y)).append("\" text-anchor=\"");
        text.append(anchor).append("\" class=\"").append(style).append("\">").append(escaped(words));
        text.append("</text>\n");
    }

    private void grid(double x1, double y1, double x2, double y2) {
        text.append("<path class=\"grid\" d=\"M")
                .append(px(x1))
                .append(' ')
                .append(px(y1))
                .append('L');
        text.append(px(x2)).append(' ').append(px(y2)).append("\"/>\n");
    }

    private void sides() {
        double right = WIDTH - RIGHT;
        double bottom = TOP + HEIGHT;
        double taken = 0;
        for (double tick : frame.ticksRight(10)) {
            double at = x(tick);
            grid(at, TOP, at, bottom);
            if (at - taken > 34) {
                label(at, bottom + 18, "middle", "soft", Frame.number(tick));
                taken = at;
            }
        }
        double last = bottom + LINE;
        for (double tick : frame.ticksUp(8)) {
            double at = y(tick);
            grid(LEFT, at, right, at);
            if (last - at >= LINE - 2) {
                label(LEFT - 8, at + 4, "end", "soft", Frame.number(tick));
                last = at;
            }
        }
        label(right, bottom + 38, "end", "", chart.x().title());
        text.append("<text transform=\"translate(18 ")
                .append(TOP)
                .append(") rotate(-90)\" text-anchor=\"end\">")
                .append(escaped(chart.y().title()))
                .append("</text>\n");
    }

    private static String colour(Chart.Series series) {
        return "var(--c" + series.group() % COLOURS + ")";
    }

    private void band(Chart.Series series) {
        StringBuilder path = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (Chart.Point point : series.points()) {
            if (point.low() != null && point.high() != null) {
                path.append(path.length() == 0 ? 'M' : 'L').append(at(point.x(), point.high()));
                back.insert(0, "L" + at(point.x(), point.low()));
            }
        }
        if (path.length() > 0) {
            text.append("<path class=\"band\" fill=\"")
                    .append(colour(series))
                    .append("\" d=\"")
                    .append(path);
            text.append(back).append("Z\"/>\n");
        }
    }

    private String at(double x, double y) {
        return px(x(x)) + " " + px(y(y));
    }

    private void curve(Chart.Series series) {
        if (!series.joined()) {
            return;
        }
        StringBuilder path = new StringBuilder();
        for (Chart.Point point : series.points()) {
            path.append(path.length() == 0 ? 'M' : 'L').append(at(point.x(), point.y()));
        }
        String style = series.kind() == Chart.Kind.FLOOR ? "line floor" : "line";
        text.append("<path class=\"").append(style).append("\" stroke=\"").append(colour(series));
        text.append("\" d=\"").append(path).append("\"/>\n");
    }

    /** Points that a pointer can rest on; those of a floor are hollow. */
    private void points(Chart.Series series) {
        for (Chart.Point point : series.points()) {
            boolean hollow = series.kind() == Chart.Kind.FLOOR;
            text.append("<circle cx=\"")
                    .append(px(x(point.x())))
                    .append("\" cy=\"")
                    .append(px(y(point.y())));
            text.append("\" r=\"").append(series.joined() ? "2.5" : "4").append("\" fill=\"");
            text.append(hollow ? "var(--back)" : colour(series))
                    .append("\" stroke=\"")
                    .append(colour(series));
            text.append("\"><title>").append(escaped(described(series, point))).append("</title></circle>\n");
        }
    }

    /** What points are that no line joins, as far as there is room beside them; the pointer tells the rest. */
    private void names(Chart.Series series) {
        for (Chart.Point point : series.joined() ? List.<Chart.Point>of() : series.points()) {
            double x = x(point.x());
            double y = y(point.y());
            boolean right = x < WIDTH * 0.6;
            boolean free = true;
            for (double[] other : named) {
                free &= Math.abs(other[1] - y) > NAME_HEIGHT || Math.abs(other[0] - x) > NAME_WIDTH;
            }
            if (free) {
                named.add(new double[] {x, y});
                label(right ? x + 9 : x - 9, y + 4, right ? "start" : "end", "soft small", point.label());
            }
        }
    }

    /** A point in words. */
    private String described(Chart.Series series, Chart.Point point) {
        String interval = point.low() == null || point.high() == null
                ? ""
                : " (" + Frame.number(point.low()) + " - " + Frame.number(point.high()) + ")";
        return series.name() + ", " + kind(series) + (point.label().isEmpty() ? "" : ", " + point.label()) + "\n"
                + chart.x().title() + ": " + Frame.number(point.x()) + "\n"
                + chart.y().title() + ": "
                + Frame.number(point.y()) + interval;
    }

    private static String kind(Chart.Series series) {
        return series.kind() == Chart.Kind.FLOOR ? "floor" : "expected";
    }

    private Map<String, Chart.Series> legends() {
        Map<String, Chart.Series> legends = new LinkedHashMap<>();
        for (Chart.Series series : chart.series()) {
            legends.put(series.name() + ", " + kind(series), series);
        }
        return legends;
    }

    private void legend() {
        int i = 0;
        for (Map.Entry<String, Chart.Series> entry : legends().entrySet()) {
            double x = 16 + i % COLUMNS * (WIDTH - 32) / (double) COLUMNS;
            double y = TOP + HEIGHT + BELOW + (double) Math.floorDiv(i, COLUMNS) * LINE;
            Chart.Series series = entry.getValue();
            String style = series.kind() == Chart.Kind.FLOOR ? "line floor" : "line";
            if (series.joined()) {
                text.append("<path class=\"")
                        .append(style)
                        .append("\" stroke=\"")
                        .append(colour(series));
                text.append("\" d=\"M").append(px(x)).append(' ').append(px(y)).append("h26\"/>\n");
            } else {
                text.append("<circle r=\"4\" cx=\"")
                        .append(px(x + 13))
                        .append("\" cy=\"")
                        .append(px(y));
                text.append("\" fill=\"").append(colour(series)).append("\"/>\n");
            }
            String name = entry.getKey();
            boolean cut = name.length() > LONGEST_NAME;
            label(x + 34, y + 4, "start", "", cut ? name.substring(0, LONGEST_NAME - 2) + ".." : name);
            i++;
        }
    }

    /** Text that no mark-up can hide in. */
    static String escaped(String words) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < words.length(); i++) {
            char c = words.charAt(i);
            List<Character> special = List.of('<', '>', '&', '"', '\'');
            safe.append(
                    special.contains(c) ? "&#" + (int) c + ";" : Character.isISOControl(c) && c != '\n' ? " " : "" + c);
        }
        return safe.toString();
    }
}
