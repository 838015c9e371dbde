package llmlatency.calibration;

import java.util.regex.Pattern;
import llmlatency.document.Quote;
import llmlatency.units.Refusal;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table, whose cells are found by the name of their column; an empty cell is as good as none.
 *
 * @param file how messages call the table
 * @param line the line on which the row starts, from 1
 * @param cells its cells
 */
record TableRow(String file, long line, CSVRecord cells) {
    /** Larger counts are slips of the hand, and would leave the range in which sums are exact. */
    static final long MOST_TOKENS = 1_000_000_000L;

    private static final int LONGEST_NUMBER = 40;
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]{1,3})?");
    private static final Pattern DATE = Pattern.compile("[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?");

    /** A cell lost or won would shift all that follow it. */
    void requireComplete(int columns) {
        if (cells.size() != columns) {
            throw new Refusal(
                    file + ", line " + line + ": " + cells.size() + " cells, but the header names " + columns);
        }
    }

    /** A cell's text; null where it is empty or the column absent. */
    @Nullable
    String text(String column) {
        String text = cells.isMapped(column) ? cells.get(column) : "";
        return text.isEmpty() ? null : text;
    }

    /** A cell that may not be empty. */
    String required(String column) {
        String text = text(column);
        if (text == null) {
            throw refuse(column, "may not be empty");
        }
        return text;
    }

    /** A whole number from {@code least} to {@code most}; null where the cell is empty. */
    @Nullable
    Long whole(String column, long least, long most) {
        String text = text(column);
        if (text == null) {
            return null;
        }
        long value = WHOLE.matcher(text).matches() ? Long.parseLong(text) : -1;
        if (value < least || value > most) {
            throw refuse(column, Quote.of(text) + " is not a whole number from " + least + " to " + most);
        }
        return value;
    }

    /** A degree of a layout, 1 where the cell is empty. */
    int degree(String column, int most) {
        Long value = whole(column, 1, most);
        return value == null ? 1 : (int) (long) value;
    }

    /** A number above zero. */
    double positive(String column) {
        String text = required(column);
        boolean number = text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches();
        double value = number ? Double.parseDouble(text) : 0;
        if (!(value > 0) || Double.isInfinite(value)) {
            throw refuse(column, Quote.of(text) + " is not a number above zero");
        }
        return value;
    }

    /** A day, a month or a year; null where the cell is empty. */
    @Nullable
    String date(String column) {
        String text = text(column);
        if (text != null && !DATE.matcher(text).matches()) {
            throw refuse(column, Quote.of(text) + " is not a date such as 2025-06-01, 2025-06 or 2025");
        }
        return text;
    }

    /** Whether a cell says {@code yes} rather than {@code no}, which an empty one says too. */
    boolean choice(String column, String yes, String no) {
        String text = text(column);
        if (text != null && !text.equals(yes) && !text.equals(no)) {
            throw refuse(column, Quote.of(text) + " is neither " + yes + " nor " + no);
        }
        return yes.equals(text);
    }

    Refusal refuse(String column, String message) {
        return new Refusal(file + ", line " + line + ", column " + column + ": " + message);
    }
}
