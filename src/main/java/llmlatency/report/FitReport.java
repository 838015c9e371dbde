package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.calibration.Accuracy;
import llmlatency.calibration.Comparison;
import llmlatency.calibration.ErrorFigures;
import llmlatency.calibration.Fit;
import llmlatency.calibration.KernelError;
import llmlatency.calibration.Validation;
import org.jspecify.annotations.Nullable;

/** What a fit moved, and how accurate it is: as text or JSON. */
public final class FitReport {
    /** What leaves room for the figures within 80 columns; show engine has it in full. */
    private static final int LONGEST_CONDITION = 38;

    private FitReport() {}

    /**
     * The text of one fit, or of several and what they come to together.
     *
     * @param question which figures of how accurate they are
     */
    public static String text(List<Fit> fits, Validation.Question question, ReportFormat format) {
        if (format == ReportFormat.JSON) {
            return JsonText.pretty(fits.size() == 1 ? tree(fits.get(0), question) : trees(fits, question));
        }
        StringBuilder text = new StringBuilder();
        fits.forEach(fit -> text.append(table(fit, question)));
        if (fits.size() > 1) {
            text.append("All engines together\n\n");
            Fit.together(fits, question)
                    .forEach((stage, validation) ->
                            text.append(stage(stage, validation)).append('\n'));
        }
        return text.append(Wording.wrapped(
                        "Errors in % over groups, bias above 0 where estimates are larger; held: rows within their"
                                + " 80 % interval, in %. Spread: median error of the rows that a parameter moves.",
                        ""))
                .toString();
    }

    private static Map<String, Object> trees(List<Fit> fits, Validation.Question question) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("fits", fits.stream().map(fit -> tree(fit, question)).toList());
        Map<String, Object> together = new LinkedHashMap<>();
        Fit.together(fits, question)
                .forEach((stage, validation) -> together.put(stage, ValidationReport.accuracy(validation)));
        tree.put("together", together);
        return tree;
    }

    /** Every row beside what is expected of it in sample and in each fold, a line of CSV each. */
    public static String rows(List<Fit> fits) {
        List<List<String>> rows = new ArrayList<>();
        for (Fit fit : fits) {
            add(rows, "none", fit.fitted());
            fit.outOfFold().forEach((fold, validation) -> add(rows, fold.word(), validation));
        }
        List<Grid.Column> header = new ArrayList<>();
        header.add(Grid.text("left_out"));
        header.addAll(ValidationReport.ROW_HEADER);
        return new Grid(header, rows).csv();
    }

    private static void add(List<List<String>> rows, String leftOut, Validation validation) {
        for (Comparison comparison : validation.comparisons()) {
            List<String> row = new ArrayList<>();
            row.add(leftOut);
            row.addAll(ValidationReport.row(comparison));
            rows.add(row);
        }
    }

    private static String table(Fit fit, Validation.Question question) {
        StringBuilder text = new StringBuilder();
        if (!fit.kernels().isEmpty()) {
            text.append(kernels(fit)).append('\n');
        }
        if (fit.groups() == 0) {
            return text.append(moved(fit)).append('\n').toString();
        }
        text.append(Wording.wrapped(
                        fit.after().name() + " fitted to "
                                + Decimals.whole(fit.rows().comparisons().size()) + " rows in "
                                + Decimals.whole(fit.groups()) + " groups (source, GPU, model, format)",
                        "  "))
                .append('\n');
        fit.asked(question)
                .stages()
                .forEach((stage, validation) ->
                        text.append(stage(stage, validation)).append('\n'));
        return text.append(moved(fit)).append('\n').toString();
    }

    /** The kernels' own line of words stands before the figures, since they are fitted first. */
    private static String kernels(Fit fit) {
        List<List<String>> rows = new ArrayList<>();
        int all = 0;
        for (KernelError error : fit.kernels()) {
            all += error.rows();
            rows.add(List.of(
                    error.table(),
                    error.gpu(),
                    error.format(),
                    error.engine(),
                    Decimals.whole(error.rows()),
                    Decimals.fixed(error.own(), 1),
                    Decimals.fixed(error.bias(), 1),
                    error.unseen() == null ? "" : Decimals.fixed(error.unseen(), 1)));
        }
        return Wording.wrapped(
                        fit.after().name() + " fitted to " + Decimals.whole(all)
                                + " kernels run alone; median errors in %, unseen: by the tables of other devices",
                        "  ")
                + '\n'
                + new Grid(
                                List.of(
                                        Grid.text("kernels"),
                                        Grid.text("gpu"),
                                        Grid.text("format"),
                                        Grid.text("engine"),
                                        Grid.number("rows"),
                                        Grid.number("median"),
                                        Grid.number("bias"),
                                        Grid.number("unseen")),
                                rows)
                        .table();
    }

    private static String stage(String name, Validation validation) {
        List<List<String>> rows = new ArrayList<>();
        add(rows, "all", validation.headline());
        validation.by().forEach(part -> add(rows, part.value(), part.accuracy()));
        return new Grid(
                        List.of(
                                Grid.text(name),
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

    private static void add(List<List<String>> rows, String name, Accuracy accuracy) {
        ErrorFigures groups = accuracy.grouped();
        if (groups == null) {
            return;
        }
        List<String> row = new ArrayList<>();
        row.add(name);
        row.add(Decimals.whole(groups.rows()));
        row.add(Decimals.whole(groups.groups()));
        row.add(Decimals.fixed(groups.median(), 1));
        row.add(Decimals.fixed(groups.mean(), 1));
        row.add(Decimals.fixed(groups.p90(), 1));
        row.add(Decimals.fixed(groups.bias(), 1));
        row.add(coverage(accuracy.expected()));
        rows.add(row);
    }

    private static String coverage(@Nullable ErrorFigures rows) {
        return rows == null || rows.coverage() == null ? "" : Decimals.fixed(rows.coverage(), 0);
    }

    private static String moved(Fit fit) {
        List<List<String>> rows = new ArrayList<>();
        String last = "";
        for (Fit.Moved moved : fit.moved()) {
            String when = EngineText.when(moved.rule().when());
            if (!when.equals(last)) {
                rows.add(List.of(ValidationTable.cut(when, LONGEST_CONDITION), "", "", "", ""));
                last = when;
            }
            Double spread = moved.after().spread();
            rows.add(List.of(
                    "  " + moved.parameter().key(),
                    moved.before() == null ? "" : Decimals.significant(moved.before(), 4),
                    Decimals.significant(moved.after().value(), 4),
                    Decimals.whole(
                            moved.after().rows() == null ? 0 : moved.after().rows()),
                    spread == null ? "" : Decimals.fixed(100 * spread, 1) + " %"));
        }
        return new Grid(
                        List.of(
                                Grid.text("parameters"),
                                Grid.number("before"),
                                Grid.number("fitted"),
                                Grid.number("rows"),
                                Grid.number("spread")),
                        rows)
                .table();
    }

    private static Map<String, Object> tree(Fit fit, Validation.Question question) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("engine", fit.after().name());
        tree.put("rows", fit.rows().comparisons().size());
        tree.put("groups", fit.groups());
        List<Object> parameters = new ArrayList<>();
        for (Fit.Moved moved : fit.moved()) {
            Map<String, Object> item =
                    EstimateReport.ordered("when", EngineText.when(moved.rule().when()));
            item.put("parameter", moved.parameter().key());
            if (moved.before() != null) {
                item.put("before", moved.before());
            }
            item.put("fitted", moved.after().value());
            if (moved.after().rows() != null) {
                item.put("rows", moved.after().rows());
            }
            if (moved.after().spread() != null) {
                item.put("spread", moved.after().spread());
            }
            parameters.add(item);
        }
        tree.put("parameters", parameters);
        if (!fit.kernels().isEmpty()) {
            tree.put("kernels", fit.kernels().stream().map(FitReport::tree).toList());
        }
        if (fit.groups() == 0) {
            return tree;
        }
        Fit asked = fit.asked(question);
        tree.put("before", ValidationReport.accuracy(asked.rows()));
        tree.put("fitted", ValidationReport.accuracy(asked.fitted()));
        Map<String, Object> folds = new LinkedHashMap<>();
        asked.outOfFold().forEach((fold, validation) -> folds.put(fold.word(), ValidationReport.accuracy(validation)));
        tree.put("out_of_fold", folds);
        return tree;
    }

    private static Map<String, Object> tree(KernelError error) {
        Map<String, Object> tree = EstimateReport.ordered("table", error.table());
        tree.put("gpu", error.gpu());
        if (!error.format().isEmpty()) {
            tree.put("format", error.format());
        }
        tree.put("engine", error.engine());
        tree.put("rows", error.rows());
        tree.put("median_error_percent", error.own());
        tree.put("bias_percent", error.bias());
        if (error.unseen() != null) {
            tree.put("unseen_median_error_percent", error.unseen());
        }
        return tree;
    }
}
