package llmlatency.report;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * Estimates as rows, all with the same columns, in CSV or as NDJSON: what {@code estimate} prints in these formats, and
 * behind it what a list of answers adds.
 */
public final class EstimateRows {
    /** Why a question has no answer: the last column of lists. */
    public static final String REFUSED = "refused_because";

    private final boolean csv;
    private final List<Fields.Field> fields;
    private final List<String> names;
    private final List<String> added;

    /**
     * What rows may have beside what all have.
     *
     * @param load whether requests keep coming
     * @param offload whether a part lies on the host
     * @param waves whether a batch may run in waves
     */
    public record Parts(boolean load, boolean offload, boolean waves) {
        /** What any of some estimates has. */
        public static Parts of(List<Estimate> estimates) {
            boolean load = false;
            boolean offload = false;
            boolean waves = false;
            for (Estimate estimate : estimates) {
                load |= estimate.scenario().workload().demand() != null;
                offload |= estimate.scenario().deployment().offload() != null;
                waves |= estimate.waves() != null;
            }
            return new Parts(load, offload, waves);
        }

        private List<Fields.Field> fields() {
            return Fields.of(load, offload, waves);
        }
    }

    /**
     * Rows with these columns.
     *
     * @param format CSV or NDJSON
     * @param parts what they have beside what all have
     * @param columns names of the columns asked for; empty: all
     * @param added names of the columns behind those of an estimate
     */
    public EstimateRows(ReportFormat format, Parts parts, List<String> columns, List<String> added) {
        this.csv = format == ReportFormat.CSV;
        this.fields = parts.fields().stream()
                .filter(field -> columns.isEmpty() || columns.contains(field.column()))
                .toList();
        List<String> all = new ArrayList<>();
        fields.forEach(field -> all.add(field.column()));
        this.names = List.copyOf(all);
        this.added = List.copyOf(added);
    }

    /** The names of all columns that an estimate has. */
    public static List<String> columns(Parts parts) {
        return parts.fields().stream().map(Fields.Field::column).toList();
    }

    /** The line above all rows; nothing in NDJSON. */
    public String header() {
        StringBuilder text = new StringBuilder();
        if (csv) {
            for (String name : names) {
                cell(text, name);
            }
            added.forEach(name -> cell(text, name));
            end(text);
        }
        return text.toString();
    }

    /**
     * Adds the row of an estimate.
     *
     * @param more values of the added columns, null where absent
     */
    public void append(StringBuilder text, Estimate estimate, List<? extends @Nullable Object> more) {
        start(text);
        for (int i = 0; i < fields.size(); i++) {
            value(text, names.get(i), fields.get(i).value().apply(estimate));
        }
        for (int i = 0; i < added.size(); i++) {
            value(text, added.get(i), more.get(i));
        }
        end(text);
    }

    /**
     * Adds the row of a question without an answer.
     *
     * @param question what was asked, by column
     * @param more values of the added columns, null where absent
     */
    public void appendRefused(StringBuilder text, Map<String, ?> question, List<? extends @Nullable Object> more) {
        start(text);
        for (String name : names) {
            value(text, name, question.get(name));
        }
        for (int i = 0; i < added.size(); i++) {
            value(text, added.get(i), more.get(i));
        }
        end(text);
    }

    private void start(StringBuilder text) {
        if (!csv) {
            text.append("{\"schema_version\":")
                    .append(EstimateReport.SCHEMA_VERSION)
                    .append(',');
        }
    }

    /** Each cell ends in a comma, the last of which becomes the end of the line. */
    private void end(StringBuilder text) {
        text.setLength(text.length() - 1);
        text.append(csv ? "\n" : "}\n");
    }

    private void value(StringBuilder text, String name, @Nullable Object value) {
        if (csv) {
            if (value instanceof Number number) {
                Decimals.append(text, number);
                text.append(',');
            } else {
                cell(text, value == null ? "" : value.toString());
            }
        } else if (value != null) {
            text.append('"').append(name).append("\":");
            json(text, value);
            text.append(',');
        }
    }

    private static void json(StringBuilder text, Object value) {
        if (value instanceof Number number) {
            Decimals.append(text, number);
        } else if (value instanceof Boolean truth) {
            text.append(truth.booleanValue());
        } else {
            text.append('"');
            JsonStringEncoder.getInstance().quoteAsString(value.toString(), text);
            text.append('"');
        }
    }

    private static void cell(StringBuilder text, String cell) {
        text.append(Grid.csvCell(cell)).append(',');
    }
}
