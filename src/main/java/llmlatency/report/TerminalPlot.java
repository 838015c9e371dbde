package llmlatency.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.study.Chart;

/**
 * A chart in characters, as wide as the terminal: in Unicode eight dots of braille to a character, else one character a
 * point. Each group has a mark of its own; a floor is dotted, an interval shaded.
 */
final class TerminalPlot {
    private static final int ROWS = 20;
    private static final int LEAST_COLUMNS = 20;
    private static final int ACROSS = 2;
    private static final int DOWN = 4;
    private static final char BRAILLE = '\u2800';
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    private static final String UNICODE_MARKS = "\u25cf\u25b2\u25a0\u25c6\u2605\u25bc\u25cb\u25b3\u25a1\u25c7";
    private static final String ASCII_MARKS = "*+ox#@%&=$";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final char UNICODE_SHADE = '\u2591';
    private static final char ASCII_SHADE = ':';
    private final Chart chart;
    private final Frame frame;
    private final int width;
    private final boolean unicode;
    private final int columns;
    private final int margin;
    private final Map<Integer, String> ticks = new LinkedHashMap<>();
    private final Map<Integer, Character> letters = new LinkedHashMap<>();
    private final int[][] dots;
    private final char[][] cells;

    TerminalPlot(Chart chart, int width, boolean unicode) {
        this.chart = chart;
        this.frame = new Frame(chart);
        this.width = width;
        this.unicode = unicode;
        int widest = 0;
        for (double tick : frame.ticksUp(6)) {
            String text = Frame.number(tick);
            ticks.put(row(frame.up(tick)), text);
            widest = Math.max(widest, text.length());
        }
        this.margin = widest + 2;
        this.columns = Math.max(LEAST_COLUMNS, width - margin);
        this.dots = new int[ROWS][columns];
        this.cells = new char[ROWS][columns];
    }

    String text() {
        for (Chart.Series series : chart.series()) {
            shade(series);
        }
        for (Chart.Series series : chart.series()) {
            if (series.joined()) {
                curve(series);
            }
        }
        for (Chart.Series series : chart.series()) {
            marks(series);
        }
        StringBuilder text = new StringBuilder();
        heading(text, chart.title());
        heading(text, chart.subtitle());
        text.append('\n').append(chart.y().title()).append('\n');
        for (int row = ROWS - 1; row >= 0; row--) {
            String tick = ticks.getOrDefault(row, "");
            StringBuilder line = new StringBuilder(" ".repeat(margin - 2 - tick.length()))
                    .append(tick)
                    .append(' ')
                    .append(tick.isEmpty() ? side() : corner());
            for (int column = 0; column < columns; column++) {
                line.append(cell(row, column));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        bottom(text);
        legend(text);
        return text.toString();
    }

    private void heading(StringBuilder text, String line) {
        StringBuilder rest = new StringBuilder();
        for (String word : line.split(" ", -1)) {
            if (rest.length() + 1 + word.length() > width && rest.length() > 0) {
                text.append(rest).append('\n');
                rest.setLength(0);
            }
            rest.append(rest.length() == 0 || word.isEmpty() ? "" : " ").append(word.isEmpty() ? " " : word);
        }
        text.append(rest).append('\n');
    }

    private char side() {
        return unicode ? '\u2502' : '|';
    }

    private char corner() {
        return unicode ? '\u2524' : '+';
    }

    private char cell(int row, int column) {
        char mark = cells[row][column];
        boolean shaded = mark == UNICODE_SHADE || mark == ASCII_SHADE;
        if (dots[row][column] != 0 && (mark == 0 || shaded)) {
            return (char) (BRAILLE + dots[row][column]);
        }
        return mark == 0 ? ' ' : mark;
    }

    private static int row(double share) {
        return (int) Math.min(ROWS - 1, Math.max(0, Math.floor(share * ROWS)));
    }

    private int column(double share) {
        return (int) Math.min(columns - 1, Math.max(0, Math.floor(share * columns)));
    }

    private char mark(Chart.Series series) {
        String marks = unicode ? UNICODE_MARKS : ASCII_MARKS;
        return marks.charAt(series.group() % marks.length());
    }

    /** The interval, wherever nothing else stands. */
    private void shade(Chart.Series series) {
        List<Chart.Point> points = series.points();
        for (int i = 0; i + 1 < points.size(); i++) {
            Chart.Point a = points.get(i);
            Chart.Point b = points.get(i + 1);
            if (a.low() == null || a.high() == null || b.low() == null || b.high() == null) {
                continue;
            }
            int last = column(frame.right(b.x()));
            int first = column(frame.right(a.x()));
            for (int column = first; column <= last; column++) {
                double part = last == first ? 0 : (double) (column - first) / (last - first);
                int low = row(mixed(frame.up(a.low()), frame.up(b.low()), part));
                int high = row(mixed(frame.up(a.high()), frame.up(b.high()), part));
                for (int row = low; row <= high; row++) {
                    cells[row][column] = unicode ? UNICODE_SHADE : ASCII_SHADE;
                }
            }
        }
    }

    private static double mixed(double one, double other, double part) {
        return one + (other - one) * part;
    }

    private void curve(Chart.Series series) {
        List<Chart.Point> points = series.points();
        int across = unicode ? ACROSS : 1;
        int down = unicode ? DOWN : 1;
        int count = 0;
        for (int i = 0; i + 1 < points.size(); i++) {
            double x0 = frame.right(points.get(i).x()) * columns * across;
            double x1 = frame.right(points.get(i + 1).x()) * columns * across;
            double y0 = frame.up(points.get(i).y()) * ROWS * down;
            double y1 = frame.up(points.get(i + 1).y()) * ROWS * down;
            int steps = (int) Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
            for (int step = 0; step <= steps; step++) {
                boolean gap = series.kind() == Chart.Kind.FLOOR && count++ % 3 == 2 && unicode;
                if (!gap) {
                    double part = (double) step / steps;
                    dot(mixed(x0, x1, part), mixed(y0, y1, part), series);
                }
            }
        }
    }

    private void dot(double x, double y, Chart.Series series) {
        if (!unicode) {
            int column = (int) Math.min(columns - 1, Math.max(0, x));
            int row = (int) Math.min(ROWS - 1, Math.max(0, y));
            boolean free = cells[row][column] == 0 || cells[row][column] == ASCII_SHADE || cells[row][column] == '.';
            if (free) {
                cells[row][column] = series.kind() == Chart.Kind.FLOOR ? '.' : mark(series);
            }
            return;
        }
        int right = (int) Math.min((double) columns * ACROSS - 1, Math.max(0, x));
        int up = (int) Math.min((double) ROWS * DOWN - 1, Math.max(0, y));
        dots[up / DOWN][right / ACROSS] |= DOTS[DOWN - 1 - up % DOWN][right % ACROSS];
    }

    /** Points that no line joins have letters, which the legend explains; those in one place share one. */
    private char letter(Chart.Point point) {
        int place = row(frame.up(point.y())) * columns + column(frame.right(point.x()));
        return letters.computeIfAbsent(
                place, none -> letters.size() < LETTERS.length() ? LETTERS.charAt(letters.size()) : '?');
    }

    /** Marks at the points, so that each curve can be told; of long curves the first, the middle and the last. */
    private void marks(Chart.Series series) {
        List<Chart.Point> points = series.points();
        List<Integer> places = new ArrayList<>();
        if (!series.joined()) {
            for (Chart.Point point : points) {
                cells[row(frame.up(point.y()))][column(frame.right(point.x()))] = letter(point);
            }
        } else if (series.kind() == Chart.Kind.EXPECTED || !unicode) {
            places.addAll(Arrays.asList(0, points.size() / 2, points.size() - 1));
        } else {
            places.add(points.size() - 1);
        }
        for (int i : places) {
            int row = row(frame.up(points.get(i).y()));
            int column = column(frame.right(points.get(i).x()));
            boolean dotted = series.kind() == Chart.Kind.FLOOR && series.joined() && !unicode && i != points.size() - 1;
            cells[row][column] = dotted ? '.' : mark(series);
        }
    }

    private void bottom(StringBuilder text) {
        char line = unicode ? '\u2500' : '-';
        text.append(" ".repeat(margin - 1))
                .append(unicode ? '\u2514' : '+')
                .append(String.valueOf(line).repeat(columns))
                .append('\n');
        StringBuilder numbers = new StringBuilder(" ".repeat(margin + columns));
        int free = 0;
        for (double tick : frame.ticksRight(Math.max(2, columns / 10))) {
            String number = Frame.number(tick);
            int at = margin + column(frame.right(tick)) - number.length() / 2;
            int start = Math.min(Math.max(at, 0), margin + columns - number.length());
            if (start >= free) {
                numbers.replace(start, start + number.length(), number);
                free = start + number.length() + 2;
            }
        }
        text.append(numbers.toString().stripTrailing()).append('\n');
        int start = Math.max(0, margin + columns - chart.x().title().length());
        text.append(" ".repeat(start)).append(chart.x().title()).append("\n\n");
    }

    private void legend(StringBuilder text) {
        Map<String, Character> names = new LinkedHashMap<>();
        boolean floors = false;
        boolean expected = false;
        boolean shaded = false;
        for (Chart.Series series : chart.series()) {
            if (series.joined()) {
                names.put(series.name(), mark(series));
            }
            floors |= series.kind() == Chart.Kind.FLOOR && series.joined();
            expected |= series.kind() == Chart.Kind.EXPECTED && series.joined();
            shaded |= series.points().stream().anyMatch(point -> point.low() != null);
        }
        names.forEach((name, mark) ->
                text.append("  ").append(mark).append(' ').append(cut(name)).append('\n'));
        for (Chart.Series series : chart.series()) {
            for (Chart.Point point : series.joined() ? List.<Chart.Point>of() : series.points()) {
                String line = series.name() + ", " + point.label() + ": " + Frame.number(point.x()) + ", "
                        + Frame.number(point.y());
                text.append("  ")
                        .append(letter(point))
                        .append(' ')
                        .append(cut(line))
                        .append('\n');
            }
        }
        List<String> kinds = new ArrayList<>();
        if (floors) {
            kinds.add("dotted: floor");
        }
        if (expected) {
            kinds.add("marked: expected");
        }
        if (shaded) {
            kinds.add((unicode ? UNICODE_SHADE : ASCII_SHADE) + " 80 % interval");
        }
        heading(text, "  " + String.join(", ", kinds));
    }

    private String cut(String name) {
        int most = width - 4;
        return name.length() <= most ? name : name.substring(0, most - 2) + "..";
    }
}
