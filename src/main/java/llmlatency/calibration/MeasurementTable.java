package llmlatency.calibration;

import java.io.InputStream;
import java.util.List;
import llmlatency.units.Refusal;

/** Reads measurements in our own form: CSV in UTF-8 with a header, columns found by name, others left alone. */
public final class MeasurementTable {
    private static final List<String> REQUIRED = List.of("model", "gpu", "engine", "metric", "value");
    private static final int MOST_DEVICES = 1_000_000;

    private MeasurementTable() {}

    /**
     * The measurements of a table, in order.
     *
     * @param file how messages call it
     * @throws Refusal naming file, line and column where it holds what none may hold
     */
    public static List<Measurement> read(String file, InputStream in) {
        return TableFile.read(file, in, header -> requireColumns(file, header), MeasurementTable::measurement);
    }

    private static void requireColumns(String file, List<String> header) {
        for (String column : REQUIRED) {
            if (!header.contains(column)) {
                throw new Refusal(
                        file + " has no column '" + column + "'",
                        "a table of measurements has at least the columns " + String.join(", ", REQUIRED));
            }
        }
    }

    private static Measurement measurement(TableRow row) {
        String metric = row.required("metric");
        requireUnit(row, metric);
        return new Measurement(
                new Measurement.Origin(
                        row.file(),
                        row.line(),
                        row.text("id"),
                        row.text("source"),
                        row.date("date"),
                        row.text("engine_version"),
                        !row.choice("trust", "low", "high")),
                new Measurement.Subject(
                        row.required("model"),
                        row.required("gpu"),
                        row.required("engine"),
                        row.text("weight_format"),
                        row.whole("weight_bytes", 1, 1L << 50),
                        row.text("kv_format"),
                        row.text("flash_attention") == null
                                ? null
                                : (Boolean) row.choice("flash_attention", "yes", "no")),
                layout(row),
                request(row),
                metric,
                row.positive("value"));
    }

    private static Measurement.Layout layout(TableRow row) {
        return new Measurement.Layout(
                row.degree("n_gpus", MOST_DEVICES),
                row.text("tp") == null ? null : (Integer) row.degree("tp", MOST_DEVICES),
                row.degree("pp", MOST_DEVICES),
                row.degree("ep", MOST_DEVICES),
                row.degree("attention_dp", MOST_DEVICES),
                row.text("moe_tp") == null ? null : (Integer) row.degree("moe_tp", MOST_DEVICES),
                row.degree("replicas", MOST_DEVICES),
                row.text("split"));
    }

    private static Measurement.Request request(TableRow row) {
        Long batch = row.whole("batch", 1, TableRow.MOST_TOKENS);
        Long cached = row.whole("cached_tokens", 0, TableRow.MOST_TOKENS);
        return new Measurement.Request(
                row.choice("load", "yes", "no"),
                batch == null ? 1 : batch,
                row.whole("prompt_tokens", 0, TableRow.MOST_TOKENS),
                row.whole("output_tokens", 1, TableRow.MOST_TOKENS),
                row.whole("depth", 0, TableRow.MOST_TOKENS),
                row.whole("prefill_chunk", 1, TableRow.MOST_TOKENS),
                cached == null ? 0 : cached,
                row.choice("includes_prefill", "yes", "no"));
    }

    /** A figure in another unit would be held against the wrong one. */
    private static void requireUnit(TableRow row, String metric) {
        String unit = row.text("unit");
        MeasuredMetric known = MeasuredMetric.named(metric);
        if (unit != null && known != null && !unit.equals(known.unit())) {
            throw row.refuse("unit", metric + " is in " + known.unit() + ", not in " + unit);
        }
    }
}
