package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Metric;
import llmlatency.study.Limit;
import llmlatency.study.Verdict;

/** A verdict as text or JSON. */
public final class VerdictReport {
    private VerdictReport() {}

    /**
     * The text of a verdict.
     *
     * @param version version of the program, which the verdict depends on
     */
    public static String text(Verdict verdict, ReportFormat format, String version) {
        return switch (format) {
            case TABLE -> table(verdict, version);
            case JSON -> JsonText.pretty(tree(verdict, version));
            case NDJSON, CSV, MARKDOWN -> throw new IllegalArgumentException("no verdict as " + format);
        };
    }

    private static Map<String, Object> tree(Verdict verdict, String version) {
        Map<String, Object> deployment = new LinkedHashMap<>();
        deployment.put("name", Wording.subject(verdict.estimate()));
        deployment.put("kept", verdict.kept());
        Boolean fits = verdict.estimate().memory().fits();
        if (fits != null) {
            deployment.put("fits", fits);
        }
        deployment.put(
                "limits", verdict.outcomes().stream().map(VerdictReport::limit).toList());
        deployment.put("estimate", EstimateReport.tree(verdict.estimate(), EstimateReport.Detail.USUAL));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("version", version);
        tree.put("against", "floor");
        tree.put("kept", verdict.kept());
        tree.put("deployments", List.of(deployment));
        return tree;
    }

    private static Map<String, Object> limit(Limit.Outcome outcome) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("metric", outcome.limit().metric().key());
        tree.put("limit", outcome.limit().value());
        if (outcome.value() != null) {
            tree.put("value", outcome.value());
        }
        tree.put("kept", outcome.kept());
        if (outcome.marginPercent() != null) {
            tree.put("margin_percent", outcome.marginPercent());
        }
        return tree;
    }

    private static String table(Verdict verdict, String version) {
        StringBuilder text = new StringBuilder();
        text.append(verdict.kept() ? "KEPT    " : "FAILED  ")
                .append("held against the floor, the best case: no engine can be faster\n\n");
        text.append(Wording.wrapped(Wording.subject(verdict.estimate()), "  "));
        text.append(Wording.wrapped(Wording.workload(verdict.estimate()), "  ")).append('\n');
        text.append(new Grid(
                        List.of(
                                Grid.text(""),
                                Grid.text("metric"),
                                Grid.number("floor"),
                                Grid.text(""),
                                Grid.number("limit"),
                                Grid.number("room")),
                        rows(verdict))
                .table());
        LoadText load = LoadText.of(verdict.estimate());
        if (load != null) {
            text.append('\n').append(Wording.wrapped("under load: " + load.title(), "  "));
            load.notes().forEach(note -> text.append(Wording.wrapped("  " + note, "    ")));
        }
        text.append("\nmemory  ").append(Wording.fits(verdict.estimate()));
        text.append(verdict.misfitAllowed() ? " (may misfit)\n" : "\n");
        text.append("\nllm-latency ").append(version).append("; -f json feeds scripts.\n");
        return text.toString();
    }

    private static List<List<String>> rows(Verdict verdict) {
        List<List<String>> rows = new ArrayList<>();
        for (Limit.Outcome outcome : verdict.outcomes()) {
            Double margin = outcome.marginPercent();
            Double value = outcome.value();
            if (margin == null || value == null) {
                rows.add(List.of(
                        "FAIL",
                        label(outcome.limit().metric()),
                        "waits",
                        outcome.limit().upper() ? ">" : "<",
                        amount(outcome.limit(), outcome.limit().value()),
                        "saturated"));
                continue;
            }
            rows.add(List.of(
                    outcome.kept() ? "ok" : "FAIL",
                    label(outcome.limit().metric()),
                    amount(outcome.limit(), value),
                    outcome.limit().upper() ? (outcome.kept() ? "<=" : ">") : (outcome.kept() ? ">=" : "<"),
                    amount(outcome.limit(), outcome.limit().value()),
                    Decimals.fixed(Math.abs(margin), 0)
                            + (outcome.kept() ? " % to spare" : outcome.limit().upper() ? " % over" : " % under")));
        }
        return rows;
    }

    private static String label(Metric metric) {
        return switch (metric) {
            case TTFT -> "TTFT";
            case TPOT -> "TPOT";
            case TOTAL -> "total";
            case TOKENS_PER_SECOND -> "decode speed";
            case LOAD_TTFT -> "TTFT under load";
            case LOAD_TPOT -> "TPOT under load";
            case LOAD_TOTAL -> "total under load";
            case LOAD_TOKENS_PER_SECOND -> "tokens, all users";
            default -> metric.key();
        };
    }

    private static String amount(Limit limit, double value) {
        String number = Decimals.significant(value, Math.abs(value) >= 1000 ? 5 : 3);
        return number + (limit.metric().key().endsWith("_ms") ? " ms" : " tok/s");
    }
}
