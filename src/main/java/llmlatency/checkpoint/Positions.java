package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import llmlatency.document.Document;

/** Where layers stand, written as ranges with a step: {@code "0, 3-9/2, 11-40"}. */
final class Positions {
    private static final int FURTHEST = 1_000_000;

    private Positions() {}

    static List<Integer> consecutive(int first, int count) {
        return IntStream.range(first, first + count).boxed().toList();
    }

    /** The positions that the text names; as many as {@code count}. */
    static List<Integer> read(Document node, int count) {
        List<Integer> positions = new ArrayList<>();
        for (String part : node.text().split(",", -1)) {
            String[] range = part.strip().split("[-/]", -1);
            int first = number(node, range[0]);
            int last = part.contains("-") ? number(node, range[1]) : first;
            int step = part.contains("/") ? Math.max(1, number(node, range[range.length - 1])) : 1;
            for (int i = first; i <= last && positions.size() <= count; i += step) {
                positions.add(i);
            }
        }
        if (positions.size() != count) {
            throw node.refuse("it does not name " + count + " layers");
        }
        return positions;
    }

    private static int number(Document node, String text) {
        if (text.isEmpty() || text.length() > 6 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw node.refuse("'" + text + "' is no position; write ranges such as 0-9, 11, 12-40/2");
        }
        return Math.min(FURTHEST, Integer.parseInt(text));
    }

    /** The shortest text for sorted positions. */
    static String text(List<Integer> positions) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        while (at < positions.size()) {
            int end = at;
            int step = at + 1 < positions.size() ? positions.get(at + 1) - positions.get(at) : 1;
            while (end + 1 < positions.size() && positions.get(end + 1) - positions.get(end) == step) {
                end++;
            }
            if (end - at < 2 && step != 1) {
                end = at;
            }
            String range = positions.get(at) + (end > at ? "-" + positions.get(end) : "");
            parts.add(end > at && step != 1 ? range + "/" + step : range);
            at = end + 1;
        }
        return String.join(", ", parts);
    }
}
