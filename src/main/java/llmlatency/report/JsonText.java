package llmlatency.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes trees of maps, lists, texts, numbers and truth values as JSON. */
final class JsonText {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final int LONGEST_LINE = 110;

    private JsonText() {}

    /** Over several lines, for files and eyes. */
    static String pretty(Object tree) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators)
                .withObjectIndenter(indenter)
                .withArrayIndenter(indenter);
        return text(tree, printer);
    }

    /** As {@link #pretty}, but with maps and lists of plain values on one line where they fit: for files. */
    static String compact(Object tree) {
        StringBuilder text = new StringBuilder();
        write(text, tree, "");
        return text.append('\n').toString();
    }

    private static void write(StringBuilder text, Object value, String indent) {
        boolean map = value instanceof Map<?, ?>;
        Collection<?> items =
                value instanceof Map<?, ?> of ? of.values() : value instanceof List<?> of ? of : List.of();
        boolean nested = items.stream().anyMatch(item -> item instanceof Map<?, ?> || (map && item instanceof List<?>));
        String line = spaced(value);
        if (items.isEmpty() || (!nested && indent.length() + line.length() <= LONGEST_LINE)) {
            text.append(line);
            return;
        }
        Iterator<?> names = value instanceof Map<?, ?> of ? of.keySet().iterator() : Collections.emptyIterator();
        String separator = map ? "{\n" : "[\n";
        for (Object item : items) {
            text.append(separator).append(indent).append("  ");
            if (names.hasNext()) {
                text.append(spaced(names.next())).append(": ");
            }
            write(text, item, indent + "  ");
            separator = ",\n";
        }
        text.append('\n').append(indent).append(map ? '}' : ']');
    }

    private static String spaced(Object tree) {
        Separators separators = Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEntrySpacing(Separators.Spacing.AFTER)
                .withArrayValueSpacing(Separators.Spacing.AFTER)
                .withObjectEmptySeparator("")
                .withArrayEmptySeparator("");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators)
                .withObjectIndenter(DefaultPrettyPrinter.NopIndenter.instance)
                .withArrayIndenter(DefaultPrettyPrinter.NopIndenter.instance);
        return text(tree, printer).strip();
    }

    /** On one line. */
    static String line(Object tree) {
        return text(tree, null);
    }

    private static String text(Object tree, @Nullable DefaultPrettyPrinter printer) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            if (printer != null) {
                json.setPrettyPrinter(printer);
            }
            write(json, tree);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName((String) entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof Iterable<?> items) {
            json.writeStartArray();
            for (Object item : items) {
                write(json, item);
            }
            json.writeEndArray();
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else if (value instanceof Number number) {
            json.writeNumber(number(number));
        } else {
            json.writeString(value.toString());
        }
    }

    /** A number as machines get it. */
    static BigDecimal number(Number number) {
        if (number instanceof BigDecimal exact) {
            return exact;
        }
        return number instanceof Double inexact ? Decimals.machine(inexact) : BigDecimal.valueOf(number.longValue());
    }
}
