package llmlatency.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of text under a header. Built once, painted as an aligned table, Markdown or CSV.
 *
 * @param header names of the columns
 * @param rows cells, as many as the header has
 */
record Grid(List<Column> header, List<List<String>> rows) {
    /** A column; numbers stand on the right. */
    record Column(String name, boolean number) {}

    Grid {
        header = List.copyOf(header);
        rows = rows.stream().map(List::copyOf).toList();
    }

    static Column text(String name) {
        return new Column(name, false);
    }

    static Column number(String name) {
        return new Column(name, true);
    }

    /**
     * Aligned columns, two spaces apart, no lines drawn: it survives grep, awk and a pull request. A text in the last
     * column is cut where the line is full.
     */
    String table() {
        int[] widths = widths();
        StringBuilder text = new StringBuilder();
        paint(text, header.stream().map(Column::name).toList(), widths);
        rows.forEach(row -> paint(text, row, widths));
        return text.toString();
    }

    /** The same with words over the numbers' columns, which the first column has none of. */
    String table(List<String> over) {
        int[] widths = widths();
        List<String> first = new ArrayList<>(List.of(""));
        for (int i = 0; i < over.size(); i++) {
            first.add(over.get(i));
            widths[i + 1] = Math.max(widths[i + 1], over.get(i).length());
        }
        StringBuilder text = new StringBuilder();
        paint(text, first, widths);
        paint(text, header.stream().map(Column::name).toList(), widths);
        rows.forEach(row -> paint(text, row, widths));
        return text.toString();
    }

    private void paint(StringBuilder text, List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String pad = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ");
            line.append(header.get(i).number() ? pad + row.get(i) : row.get(i) + pad);
        }
        String whole = line.toString().stripTrailing();
        boolean cut = whole.length() > Wording.COLUMNS
                && !header.get(header.size() - 1).number();
        text.append(cut ? whole.substring(0, Wording.COLUMNS - 3) + "..." : whole)
                .append('\n');
    }

    private int[] widths() {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = header.get(i).name().length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    /** A table in GitHub-flavoured Markdown. */
    String markdown() {
        List<String> names = new ArrayList<>();
        List<String> rules = new ArrayList<>();
        for (Column column : header) {
            names.add(column.name());
            rules.add(column.number() ? "---:" : "---");
        }
        StringBuilder text = new StringBuilder();
        text.append(markdownRow(names)).append(markdownRow(rules));
        rows.forEach(row -> text.append(markdownRow(row)));
        return text.toString();
    }

    private static String markdownRow(List<String> cells) {
        StringBuilder text = new StringBuilder("|");
        cells.forEach(cell -> text.append(' ').append(cell.replace("|", "\\|")).append(" |"));
        return text.append('\n').toString();
    }

    /** Comma-separated values after RFC 4180, but for line ends, which are those of Unix. */
    String csv() {
        StringBuilder text = new StringBuilder();
        text.append(csvRow(header.stream().map(Column::name).toList()));
        rows.forEach(row -> text.append(csvRow(row)));
        return text.toString();
    }

    private static String csvRow(List<String> cells) {
        return String.join(",", cells.stream().map(Grid::csvCell).toList()) + "\n";
    }

    static String csvCell(String cell) {
        boolean plain = cell.indexOf(',') < 0 && cell.indexOf('"') < 0 && cell.indexOf('\n') < 0;
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
