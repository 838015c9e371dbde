package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.calibration.Accuracy;
import llmlatency.calibration.ErrorFigures;
import llmlatency.calibration.Validation;
import org.jspecify.annotations.Nullable;

/** A validation for people at a terminal: 80 columns of plain ASCII, the answer first. */
final class ValidationTable {
    private static final int LONGEST_VALUE = 28;
    private static final int MOST_REASONS = 20;
    private static final int MOST_NAMES = 10;
    private static final double WHOLE_PERCENT_FROM = 100;
    private final Validation validation;

    ValidationTable(Validation validation) {
        this.validation = validation;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(Wording.wrapped(summary(), "  "));
        if (validation.headline().floor() != null) {
            text.append('\n').append(overall());
        }
        Map<String, List<Validation.Part>> columns = new LinkedHashMap<>();
        validation
                .by()
                .forEach(part -> columns.computeIfAbsent(part.column(), missing -> new ArrayList<>())
                        .add(part));
        columns.forEach((column, parts) -> text.append('\n').append(parts("by " + column, parts)));
        if (!validation.worst().isEmpty()) {
            text.append('\n').append(worst());
        }
        counts(text, "skipped", validation.skipped());
        counts(text, "assumed", validation.assumed());
        faster(text);
        text.append('\n')
                .append(Wording.wrapped(
                        "Errors in % of what was measured, tables by column over groups; bias above 0 where"
                                + " estimates are larger; held: rows within their 80 % interval, in %. The floor is no estimate of an engine: times"
                                + " below it and rates above it are what physics leaves to lose.",
                        ""));
        return text.append("-f json feeds scripts; --rows FILE writes every row.\n")
                .toString();
    }

    private String summary() {
        int rows = validation.comparisons().size();
        int used = validation.used();
        int floors = validation.floors();
        ErrorFigures counted = validation.headline().floor();
        return Decimals.whole(rows) + (rows == 1 ? " row: " : " rows: ") + Decimals.whole(used)
                + " with an expected figure, " + Decimals.whole(floors - used) + " with the floor alone, "
                + Decimals.whole(rows - floors) + " skipped; figures below are of "
                + Decimals.whole(counted == null ? 0 : counted.rows());
    }

    private String overall() {
        Accuracy all = validation.headline();
        List<List<String>> rows = new ArrayList<>();
        add(rows, "expected", all.expected());
        add(rows, "expected, over groups", all.grouped());
        add(rows, "floor", all.floor());
        add(rows, "floor, over groups", all.floorGrouped());
        return new Grid(
                        List.of(
                                Grid.text("overall"),
                                Grid.number("rows"),
                                Grid.number("groups"),
                                Grid.number("median"),
                                Grid.number("mean"),
                                Grid.number("p90"),
                                Grid.number("bias"),
                                Grid.number("held")),
                        rows)
                .table();
    }

    private static void add(List<List<String>> rows, String name, @Nullable ErrorFigures figures) {
        if (figures != null) {
            List<String> row =
                    new ArrayList<>(List.of(name, Decimals.whole(figures.rows()), Decimals.whole(figures.groups())));
            row.addAll(errors(figures));
            row.add(held(figures));
            rows.add(row);
        }
    }

    /** A line for each part, over groups; the words in front give way where lines would not fit. */
    private static String parts(String title, List<Validation.Part> parts) {
        String text = parts(title, parts, LONGEST_VALUE).table();
        int longest = text.lines().mapToInt(String::length).max().orElse(0);
        return longest <= Wording.COLUMNS
                ? text
                : parts(title, parts, LONGEST_VALUE - (longest - Wording.COLUMNS))
                        .table();
    }

    private static Grid parts(String title, List<Validation.Part> parts, int longestValue) {
        List<List<String>> rows = new ArrayList<>();
        for (Validation.Part part : parts) {
            ErrorFigures expected = part.accuracy().grouped();
            ErrorFigures floor = part.accuracy().floorGrouped();
            ErrorFigures counted = expected == null ? floor : expected;
            List<String> row = new ArrayList<>(List.of(cut(part.value(), longestValue)));
            row.add(counted == null ? "" : Decimals.whole(counted.rows()));
            row.add(counted == null ? "" : Decimals.whole(counted.groups()));
            row.addAll(errors(expected));
            row.add(held(part.accuracy().expected()));
            row.add(floor == null ? "" : percent(floor.median()));
            rows.add(row);
        }
        return new Grid(
                List.of(
                        Grid.text(title),
                        Grid.number("rows"),
                        Grid.number("groups"),
                        Grid.number("median"),
                        Grid.number("mean"),
                        Grid.number("p90"),
                        Grid.number("bias"),
                        Grid.number("held"),
                        Grid.number("floor")),
                rows);
    }

    private static List<String> errors(@Nullable ErrorFigures figures) {
        return figures == null
                ? List.of("", "", "", "")
                : List.of(
                        percent(figures.median()),
                        percent(figures.mean()),
                        percent(figures.p90()),
                        percent(figures.bias()));
    }

    private static String held(@Nullable ErrorFigures figures) {
        return figures == null || figures.coverage() == null ? "" : Decimals.fixed(figures.coverage(), 0);
    }

    private String worst() {
        List<List<String>> rows = new ArrayList<>();
        for (Validation.Part part : validation.worst()) {
            ErrorFigures expected = part.accuracy().expected();
            ErrorFigures figures = expected == null ? part.accuracy().floor() : expected;
            if (figures != null) {
                rows.add(List.of(
                        percent(figures.median()),
                        percent(figures.bias()),
                        Decimals.whole(figures.rows()),
                        (expected == null ? "(floor) " : "") + part.value()));
            }
        }
        return new Grid(
                        List.of(
                                Grid.number("median"),
                                Grid.number("bias"),
                                Grid.number("rows"),
                                Grid.text("worst groups")),
                        rows)
                .table();
    }

    private static void counts(StringBuilder text, String title, List<Validation.Count> counts) {
        if (counts.isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        counts.stream()
                .limit(MOST_REASONS)
                .forEach(count -> rows.add(List.of(Decimals.whole(count.count()), count.what())));
        int more = counts.stream()
                .skip(MOST_REASONS)
                .mapToInt(Validation.Count::count)
                .sum();
        if (more > 0) {
            rows.add(List.of(Decimals.whole(more), "for other reasons, which -f json lists"));
        }
        text.append('\n').append(new Grid(List.of(Grid.number("rows"), Grid.text(title)), rows).table());
    }

    private void faster(StringBuilder text) {
        List<String> names = validation.fasterThanFloor();
        if (names.isEmpty()) {
            return;
        }
        String more = names.size() > MOST_NAMES ? ", and more, which -f json lists" : "";
        text.append('\n')
                .append(Wording.wrapped(
                        "Faster than their floor: " + Decimals.whole(names.size()) + " ("
                                + String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMES))) + more
                                + ")",
                        "  "));
    }

    private static String percent(double value) {
        return Decimals.fixed(value, Math.abs(value) >= WHOLE_PERCENT_FROM ? 0 : 1);
    }

    /** A value as far as there is room for it. */
    static String cut(String value, int longest) {
        return value.length() <= longest ? value : value.substring(0, longest - 3) + "...";
    }
}
