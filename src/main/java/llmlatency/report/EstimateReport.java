package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timings;
import llmlatency.hardware.Price;
import llmlatency.units.Source;
import llmlatency.work.Place;
import org.jspecify.annotations.Nullable;

/** An estimate in every format. */
public final class EstimateReport {
    static final int SCHEMA_VERSION = 1;

    private EstimateReport() {}

    /**
     * The text of an estimate.
     *
     * @param format the format
     * @param detail how much of it people want
     */
    public static String text(Estimate estimate, ReportFormat format, Detail detail) {
        return switch (format) {
            case TABLE -> new EstimateTable(estimate).text(detail);
            case MARKDOWN -> new EstimateMarkdown(estimate).text(detail);
            case JSON -> JsonText.pretty(tree(estimate, detail));
            case NDJSON, CSV -> row(estimate, format);
        };
    }

    /** How much to show: the answer alone, the usual, or the arithmetic too. */
    public enum Detail {
        BRIEF,
        USUAL,
        EXPLAINED
    }

    /** The JSON object of output.md. */
    static Map<String, Object> tree(Estimate estimate, Detail detail) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", SCHEMA_VERSION);
        tree.putAll(Fields.nested(estimate));
        addOperations(tree, "floor", estimate.floor());
        if (estimate.expected() != null) {
            addOperations(tree, "expected", estimate.expected());
        } else {
            tree.put("expected_absent_because", Wording.whyNot(estimate));
        }
        addSource(tree, estimate.scenario().deployment().gpu().price());
        tree.put(
                "assumptions",
                estimate.assumptions().stream()
                        .map(a -> ordered("what", a.what(), "value", a.value(), "why", a.why()))
                        .toList());
        tree.put(
                "sources",
                estimate.sources().stream().map(EstimateReport::source).toList());
        if (!estimate.warnings().isEmpty()) {
            tree.put("warnings", estimate.warnings());
        }
        if (detail == Detail.EXPLAINED) {
            tree.put("explanation", new Explanation(estimate).lines());
        }
        return tree;
    }

    private static void addSource(Map<String, Object> tree, @Nullable Price price) {
        @SuppressWarnings("unchecked") // Fields nests what it says of the price in a map
        Map<String, Object> block = (Map<String, Object>) tree.get("price");
        if (block != null && price != null) {
            block.put("source", price.source());
        }
    }

    private static void addOperations(Map<String, Object> tree, String block, Timings timings) {
        List<Object> operations = new ArrayList<>();
        addOperations(operations, "prefill", timings.prefill());
        if (timings.decode() != null) {
            addOperations(operations, "decode", timings.decode().mean());
        }
        @SuppressWarnings("unchecked") // Fields nests the figures of a block in a map
        Map<String, Object> figures = (Map<String, Object>) tree.get(block);
        if (figures != null) {
            figures.put("operations", operations);
        }
    }

    private static void addOperations(List<Object> operations, String name, Phase phase) {
        for (OperationTime operation : phase.operations()) {
            Map<String, Object> tree = ordered("phase", name, "operation", operation.name());
            tree.put("count", operation.count());
            tree.put("flops", operation.flops());
            tree.put("bytes", operation.bytes());
            tree.put("time_ms", operation.time().milliseconds());
            tree.put("bound", operation.bound().key());
            if (operation.place() == Place.HOST) {
                tree.put("place", "host");
            }
            operations.add(tree);
        }
    }

    static Map<String, Object> source(Source source) {
        Map<String, Object> tree = ordered("title", source.title());
        if (source.url() != null) {
            tree.put("url", source.url());
        }
        tree.put("kind", source.kind().name().toLowerCase(Locale.ROOT));
        return tree;
    }

    /** A map of the given keys and values, in order. */
    static Map<String, Object> ordered(String... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static String row(Estimate estimate, ReportFormat format) {
        EstimateRows rows = new EstimateRows(format, EstimateRows.Parts.of(List.of(estimate)), List.of(), List.of());
        StringBuilder text = new StringBuilder(rows.header());
        rows.append(text, estimate, List.of());
        return text.toString();
    }

    /** A value as flat formats write it; nothing where it is absent. */
    static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof Number number ? JsonText.number(number).toPlainString() : value.toString();
    }
}
