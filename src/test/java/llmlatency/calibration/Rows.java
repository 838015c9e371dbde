package llmlatency.calibration;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import llmlatency.profile.ProfileLibrary;

/** Measurements written as rows of a table, for tests. */
final class Rows {
    static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());
    private static final String HEADER = "model,gpu,engine,metric,value";
    private static final String USUAL = "7b,rtx4090,ideal";

    private Rows() {}

    /** The measurements that the text of a table holds. */
    static List<Measurement> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    static List<Measurement> read(byte[] bytes) {
        return MeasurementTable.read("m.csv", new ByteArrayInputStream(bytes));
    }

    /** One row about Mistral 7B on an RTX 4090: {@code COLUMN=VALUE ...} beside metric and value. */
    static Measurement row(String metric, double value, String... more) {
        return row(USUAL, metric, value, more);
    }

    /** One row about {@code MODEL,GPU,ENGINE}. */
    static Measurement row(String subject, String metric, double value, String... more) {
        StringBuilder header = new StringBuilder(HEADER);
        StringBuilder cells = new StringBuilder(subject + "," + metric + "," + value);
        for (String pair : more) {
            int at = pair.indexOf('=');
            header.append(',').append(pair, 0, at);
            cells.append(',').append(pair, at + 1, pair.length());
        }
        return read(header + "\n" + cells + "\n").get(0);
    }

    /** The row as a case, which it must be. */
    static MeasuredCase answered(Measurement measurement) {
        Resolved resolved = MeasuredCases.of(measurement, LIBRARY);
        if (resolved instanceof MeasuredCase found) {
            return found;
        }
        throw new AssertionError(resolved);
    }

    /** Why the row is skipped, which it must be. */
    static String skipped(Measurement measurement) {
        Resolved resolved = MeasuredCases.of(measurement, LIBRARY);
        if (resolved instanceof Resolved.Skipped skipped) {
            return skipped.reason();
        }
        throw new AssertionError(resolved);
    }
}
