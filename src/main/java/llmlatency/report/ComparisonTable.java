package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Timings;
import llmlatency.study.Comparison;
import llmlatency.study.Measure;
import org.jspecify.annotations.Nullable;

/** Answers side by side for people: as many figures as the line holds, those that rank first. */
final class ComparisonTable {
    private static final int LONGEST_LABEL = 44;
    private static final double GIB = 0x1p30;
    private final Comparison comparison;
    private final boolean load;
    private final List<Comparison.Row> answered;
    private final List<Estimate> estimates;
    private final Distinctions distinctions;
    private final boolean expected;

    /** A column: what stands over it, how far it may be left out (least first), and its cells. */
    private record Figures(String over, String name, int weight, List<String> cells) {
        int width() {
            int width = Math.max(over.length(), name.length());
            for (String cell : cells) {
                width = Math.max(width, cell.length());
            }
            return width;
        }
    }

    ComparisonTable(Comparison comparison, boolean load) {
        this.comparison = comparison;
        this.load = load;
        this.answered = comparison.rows().stream()
                .filter(row -> row.answer().estimate() != null)
                .toList();
        this.estimates = answered.stream().map(row -> row.answer().estimate()).collect(Collectors.toList());
        this.distinctions = new Distinctions(
                comparison.axes(),
                comparison.rows().stream().map(Comparison.Row::answer).toList());
        this.expected = estimates.stream().anyMatch(estimate -> estimate.expected() != null);
    }

    String table() {
        StringBuilder text = new StringBuilder();
        text.append(Wording.wrapped(distinctions.subject(), "  "));
        text.append(Wording.wrapped(distinctions.asked(), "  "));
        text.append(Wording.wrapped(ranking(), "  ")).append('\n');
        List<Figures> columns = columns();
        List<String> labels = labels();
        int label = Math.max(
                Math.min(LONGEST_LABEL, distinctions.title().length()),
                labels.stream().mapToInt(String::length).max().orElse(0));
        while (columns.size() > 1 && width(columns, label) > Wording.COLUMNS) {
            columns.remove(least(columns));
        }
        text.append(grid(columns, labels, cut(distinctions.title(), LONGEST_LABEL))
                        .table(columns.stream().map(Figures::over).toList()))
                .append('\n');
        notes(columns).forEach(note -> text.append(Wording.wrapped(note, "  ")));
        text.append("-f markdown shows all figures; -f csv and -f json feed scripts.\n");
        return text.toString();
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("**")
                .append(distinctions.subject())
                .append("**  \n")
                .append(distinctions.asked())
                .append("  \n")
                .append(ranking())
                .append("\n\n");
        List<String> labels = new ArrayList<>();
        answered.forEach(row -> labels.add(distinctions.label(row.answer())));
        List<Figures> columns = columns();
        List<Figures> named = columns.stream()
                .map(column -> new Figures("", (column.over + " " + column.name).strip(), 0, column.cells))
                .toList();
        text.append(grid(named, labels, distinctions.title()).markdown()).append('\n');
        notes(columns)
                .forEach(note ->
                        text.append("- ").append(note.replace("*", "\\*")).append('\n'));
        return text.toString();
    }

    private static int width(List<Figures> columns, int label) {
        int width = label;
        for (Figures column : columns) {
            width += 2 + column.width();
        }
        return width;
    }

    private static int least(List<Figures> columns) {
        int least = 0;
        for (int i = 0; i < columns.size(); i++) {
            least = columns.get(i).weight < columns.get(least).weight ? i : least;
        }
        return least;
    }

    private static Grid grid(List<Figures> columns, List<String> labels, String title) {
        List<Grid.Column> header = new ArrayList<>(List.of(Grid.text(title)));
        columns.forEach(column -> header.add(Grid.number(column.name)));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            List<String> row = new ArrayList<>(List.of(labels.get(i)));
            for (Figures column : columns) {
                row.add(column.cells.get(i));
            }
            rows.add(row);
        }
        return new Grid(header, rows);
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        answered.forEach(row -> labels.add(cut(distinctions.label(row.answer()), LONGEST_LABEL)));
        return labels;
    }

    private static String cut(String text, int longest) {
        int half = longest / 2 - 1;
        return text.length() <= longest ? text : text.substring(0, half) + ".." + text.substring(text.length() - half);
    }

    private String ranking() {
        String figure = comparison.measure() == Measure.MEMORY
                ? comparison.measure().title()
                : (comparison.byFloor() ? "floor of the " : "expected ")
                        + comparison.measure().title()
                        + (load ? " under load" : "");
        return "ranked by " + figure + ", best first; x is the factor to the best";
    }

    /** The figures that rank, then the others, in their usual order. */
    private List<Figures> columns() {
        List<Figures> columns = new ArrayList<>();
        Measure by = comparison.measure();
        List<Measure> shown = new ArrayList<>(List.of(Measure.TPOT, Measure.TTFT));
        if (by == Measure.TOTAL || by == Measure.TTFT) {
            shown.remove(by);
            shown.add(0, by);
        }
        int weight = 9;
        for (Measure measure : shown) {
            times(columns, measure, measure == by ? 20 : weight--);
        }
        rates(columns, by == Measure.TOKENS_PER_SECOND ? 20 : 7);
        columns.add(new Figures("memory", "GiB", by == Measure.MEMORY ? 20 : 10, memory()));
        if (by == Measure.MEMORY) {
            columns.add(factors());
        }
        costs(columns, by == Measure.COST ? 20 : 8);
        energies(columns, by == Measure.ENERGY ? 20 : 2);
        return columns;
    }

    private void times(List<Figures> columns, Measure measure, int weight) {
        String name = measure == Measure.TOTAL ? "total" : measure.title();
        List<@Nullable Double> floors = values(measure::floor);
        if (none(floors)) {
            return;
        }
        boolean ranks = measure == comparison.measure();
        List<@Nullable Double> likely = values(measure::expected);
        columns.add(new Figures(
                name + ", ms", "floor", expected && !ranks ? Math.max(1, weight - 6) : weight, fixed(floors)));
        if (expected) {
            columns.add(new Figures(name + ", ms", "expected", weight, fixed(likely)));
        }
        if (ranks) {
            columns.add(factors());
        }
    }

    private Figures factors() {
        List<String> cells = new ArrayList<>();
        for (Comparison.Row row : answered) {
            cells.add(row.best() ? "best" : row.factor() == null ? "-" : Decimals.significant(row.factor(), 2) + "x");
        }
        return new Figures("", "x", 20, cells);
    }

    private void rates(List<Figures> columns, int weight) {
        List<@Nullable Double> values = values(estimate -> {
            Double likely = Measure.TOKENS_PER_SECOND.expected(estimate);
            return expected ? likely : Measure.TOKENS_PER_SECOND.floor(estimate);
        });
        if (!none(values)) {
            columns.add(new Figures(load ? "all users" : "decode", "tok/s", weight, significant(values)));
            if (comparison.measure() == Measure.TOKENS_PER_SECOND) {
                columns.add(factors());
            }
        }
    }

    private void costs(List<Figures> columns, int weight) {
        List<@Nullable Double> values =
                values(estimate -> expected ? Measure.COST.expected(estimate) : Measure.COST.floor(estimate));
        if (!none(values)) {
            columns.add(new Figures("$/M*", "out", weight, significant(values)));
            if (comparison.measure() == Measure.COST) {
                columns.add(factors());
            }
        }
    }

    private void energies(List<Figures> columns, int weight) {
        List<@Nullable Double> values =
                values(estimate -> expected ? Measure.ENERGY.expected(estimate) : Measure.ENERGY.floor(estimate));
        if (!none(values)) {
            columns.add(new Figures("J/token**", "out", weight, significant(values)));
            if (comparison.measure() == Measure.ENERGY) {
                columns.add(factors());
            }
        }
    }

    private List<String> memory() {
        List<String> cells = new ArrayList<>();
        for (Estimate estimate : estimates) {
            Memory memory = estimate.memory();
            Long capacity = memory.capacityBytes();
            String needed = gib(memory.totalBytes());
            cells.add(
                    capacity == null
                            ? needed + " of ?"
                            : needed + " of " + gib(capacity) + (Boolean.FALSE.equals(memory.fits()) ? "!" : ""));
        }
        return cells;
    }

    private static String gib(double bytes) {
        return Decimals.fixed(bytes / GIB, bytes >= 100 * GIB ? 0 : 1);
    }

    /** The values of a figure, null where there is none. */
    private List<@Nullable Double> values(Function<Estimate, @Nullable Double> figure) {
        List<@Nullable Double> values = new ArrayList<>();
        for (Estimate estimate : estimates) {
            values.add(figure.apply(estimate));
        }
        return values;
    }

    private static boolean none(List<@Nullable Double> values) {
        return values.stream().allMatch(value -> value == null);
    }

    /** One number of decimals down the column: three digits of the smallest. */
    private static List<String> fixed(List<@Nullable Double> values) {
        double least = Double.MAX_VALUE;
        for (Double value : values) {
            least = value != null && value > 0 ? Math.min(least, value) : least;
        }
        int decimals = Math.max(0, Math.min(3, 2 - (int) Math.floor(Math.log10(least))));
        List<String> cells = new ArrayList<>();
        for (Double value : values) {
            cells.add(value == null ? "-" : Decimals.fixed(value, decimals));
        }
        return cells;
    }

    private static List<String> significant(List<@Nullable Double> values) {
        List<String> cells = new ArrayList<>();
        for (Double value : values) {
            cells.add(value == null ? "-" : Decimals.significant(value, value >= 1000 ? 4 : 3));
        }
        return cells;
    }

    private List<String> notes(List<Figures> shown) {
        List<String> notes = new ArrayList<>();
        notes.add(fitting());
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (Comparison.Row row : comparison.rows()) {
            if (row.answer().refusal() != null) {
                reasons.computeIfAbsent(row.answer().refusal().message(), none -> new ArrayList<>())
                        .add(distinctions.label(row.answer()));
            }
        }
        reasons.forEach((reason, which) -> notes.add(which.get(0)
                + (which.size() == 1 ? " is" : " and " + (which.size() - 1) + " more are") + " impossible: " + reason));
        if (expected && estimates.stream().anyMatch(estimate -> estimate.expected() == null)) {
            notes.add("- stands where nothing is expected beyond the floor");
        }
        if (shown.stream().anyMatch(column -> column.over.equals("$/M*"))) {
            notes.add("* for a million output tokens" + (load ? ", prompts included" : ", decode alone")
                    + ", at the prices of the GPU profiles or of --price, such as --price h100-sxm=2.50");
        }
        if (shown.stream().anyMatch(column -> column.over.equals("J/token**"))) {
            notes.add("** at the devices' board power, the most that they may draw");
        }
        return notes;
    }

    private String fitting() {
        long misfits = estimates.stream()
                .filter(e -> Boolean.FALSE.equals(e.memory().fits()))
                .count();
        long unknown = estimates.stream().filter(e -> e.memory().fits() == null).count();
        String bound = bounds();
        if (misfits == 0 && unknown == 0) {
            return (estimates.size() == 1 ? "it fits" : "all fit") + bound;
        }
        List<String> words = new ArrayList<>();
        if (misfits > 0) {
            words.add(misfits + " of " + estimates.size() + (misfits == 1 ? " does" : " do")
                    + " not fit (!) and cannot be best");
        }
        if (unknown > 0) {
            words.add("of " + unknown + " no memory size is known");
        }
        return String.join("; ", words) + bound;
    }

    /** By what all of them are bound, where that is the same. */
    private String bounds() {
        Set<String> decode = new LinkedHashSet<>();
        Set<String> prefill = new LinkedHashSet<>();
        for (Estimate estimate : estimates) {
            Timings timings = estimate.expected() == null ? estimate.floor() : estimate.expected();
            prefill.add(timings.prefill().bound().key());
            if (timings.decode() != null) {
                decode.add(timings.decode().mean().bound().key());
            }
        }
        String step =
                decode.size() == 1 ? "; TPOT is bound by " + decode.iterator().next() : "";
        String first = prefill.size() == 1
                ? (step.isEmpty() ? "; " : ", ") + "TTFT by "
                        + prefill.iterator().next()
                : "";
        return step + (step.isEmpty() ? first.replace("TTFT by", "TTFT is bound by") : first);
    }
}
