package llmlatency.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.study.Answer;
import llmlatency.study.Comparison;
import llmlatency.study.Measure;
import org.jspecify.annotations.Nullable;

/** Answers side by side, in every format. */
public final class ComparisonReport {
    private final Comparison comparison;
    private final Function<Answer, Map<String, Object>> asked;
    private final boolean load;

    /**
     * @param load whether requests keep coming
     * @param asked what a question without an answer asked, by the columns of flat formats
     */
    public ComparisonReport(Comparison comparison, boolean load, Function<Answer, Map<String, Object>> asked) {
        this.comparison = comparison;
        this.load = load;
        this.asked = asked;
    }

    /** The text in a format. */
    public String text(ReportFormat format) {
        return switch (format) {
            case TABLE -> new ComparisonTable(comparison, load).table();
            case MARKDOWN -> new ComparisonTable(comparison, load).markdown();
            case JSON -> JsonText.pretty(tree());
            case CSV, NDJSON -> rows(format);
        };
    }

    /** The path of the figure that answers are ranked by. */
    private String rankedBy() {
        if (comparison.measure() == Measure.MEMORY) {
            return "memory.total_bytes";
        }
        Metric metric = comparison.measure().metric(load);
        return (comparison.byFloor() ? "floor." : "expected.") + (metric == null ? "" : metric.key());
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        List<Object> estimates = new ArrayList<>();
        List<Object> refused = new ArrayList<>();
        for (Comparison.Row row : comparison.rows()) {
            Estimate estimate = row.answer().estimate();
            if (estimate != null) {
                Map<String, Object> one = EstimateReport.tree(estimate, EstimateReport.Detail.USUAL);
                one.put("comparison", place(row));
                estimates.add(one);
            } else if (row.answer().refusal() != null) {
                Map<String, Object> one = new LinkedHashMap<>();
                Map<String, Object> question = new LinkedHashMap<>();
                asked.apply(row.answer())
                        .forEach((key, value) -> question.put(key.substring(key.indexOf('_') + 1), value));
                one.put("question", question);
                one.put("because", row.answer().refusal().message());
                refused.add(one);
            }
        }
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("ranked_by", rankedBy());
        tree.put("estimates", estimates);
        tree.put("refused", refused);
        return tree;
    }

    private static Map<String, Object> place(Comparison.Row row) {
        Map<String, Object> place = new LinkedHashMap<>();
        if (row.rank() != null) {
            place.put("rank", row.rank());
        }
        if (row.factor() != null) {
            place.put("factor", row.factor());
        }
        place.put("best", row.best());
        return place;
    }

    private String rows(ReportFormat format) {
        EstimateRows rows =
                new EstimateRows(format, parts(), List.of(), List.of("rank", "factor", EstimateRows.REFUSED));
        StringBuilder text = new StringBuilder(rows.header());
        for (Comparison.Row row : comparison.rows()) {
            Estimate estimate = row.answer().estimate();
            if (estimate != null) {
                rows.append(text, estimate, values(row, null));
            } else if (row.answer().refusal() != null) {
                rows.appendRefused(
                        text,
                        asked.apply(row.answer()),
                        values(row, row.answer().refusal().message()));
            }
        }
        return text.toString();
    }

    private EstimateRows.Parts parts() {
        List<Estimate> estimates = new ArrayList<>();
        for (Comparison.Row row : comparison.rows()) {
            if (row.answer().estimate() != null) {
                estimates.add(row.answer().estimate());
            }
        }
        return EstimateRows.Parts.of(estimates);
    }

    private static List<@Nullable Object> values(Comparison.Row row, @Nullable String because) {
        return Arrays.asList(row.rank(), row.factor(), because);
    }
}
