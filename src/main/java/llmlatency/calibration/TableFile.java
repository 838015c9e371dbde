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
import java.util.function.Consumer;
import java.util.function.Function;
import llmlatency.units.Refusal;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** Reads CSV in UTF-8 with a header, row by row. */
final class TableFile {
    private static final int BYTE_ORDER_MARK = 0xFEFF;

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setIgnoreEmptyLines(true)
            .setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW)
            .setTrim(true)
            .get();

    private TableFile() {}

    /**
     * What a reader makes of each row, in order.
     *
     * @param file how messages call the table
     * @param header sees the names of the columns first
     * @throws Refusal naming file and line where it holds what none may hold
     */
    static <T> List<T> read(String file, InputStream in, Consumer<List<String>> header, Function<TableRow, T> reader) {
        try (CSVParser parser = FORMAT.parse(decoded(in))) {
            header.accept(parser.getHeaderNames());
            List<T> read = new ArrayList<>();
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                CSVRecord cells = records.next();
                TableRow row = new TableRow(file, parser.getCurrentLineNumber() - lineBreaks(cells), cells);
                row.requireComplete(parser.getHeaderNames().size());
                read.add(reader.apply(row));
            }
            return read;
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
}
