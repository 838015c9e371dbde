package llmlatency.calibration;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import llmlatency.units.Refusal;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Reads measurements in our own form: CSV in UTF-8 with a header, columns found by name, others left alone. */
public final class MeasurementTable {
    private static final List<String> REQUIRED = List.of("model", "gpu", "engine", "metric", "value");
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int MOST_DEVICES = 1_000_000;

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .setTrim(true)
            .get();

    private MeasurementTable() {}

    /**
     * The measurements of a table, in order.
     *
     * @param file how messages call it
     * @throws Refusal naming file, line and column where it holds what none may hold
     */
    public static List<Measurement> read(String file, InputStream in) {
        try (CSVParser parser = FORMAT.parse(decoded(in))) {
            requireColumns(file, parser.getHeaderNames());
            List<Measurement> measurements = new ArrayList<>();
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                CSVRecord cells = records.next();
                TableRow row = new TableRow(file, parser.getCurrentLineNumber() - lineBreaks(cells), cells);
                row.requireComplete(parser.getHeaderNames().size());
                measurements.add(measurement(row));
            }
            return measurements;
        } catch (UncheckedIOException | IOException e) {
            throw unreadable(file, e);
        } catch (IllegalArgumentException e) { // the header: a name twice, a name missing
            throw new Refusal(file + ", line 1: " + firstLine(e));
        }
    }

    private static Reader decoded(InputStream in) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    private static Refusal unreadable(String file, Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof CharacterCodingException) {
            return new Refusal(file + " is not text in UTF-8");
        }
        return new Refusal(file
                + (cause instanceof CSVException ? " is not valid CSV: " : " cannot be read: ")
                + firstLine(cause));
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    }

    private static long lineBreaks(CSVRecord cells) {
        return cells.stream()
                .mapToLong(cell -> cell.chars().filter(c -> c == '\n').count())
                .sum();
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
