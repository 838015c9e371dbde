package llmlatency.profile;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/**
 * Which shipped profile a name belongs to, so that finding one does not cost reading all. A text made at build time:
 * sorted lines of a key and the profiles that it fits, separated by tabs; the first line holds the vendors.
 */
final class ProfileIndex {
    private static final String VENDORS = "#";
    private final String text;

    private ProfileIndex(String text) {
        this.text = text;
    }

    static ProfileIndex read(byte[] bytes) {
        return new ProfileIndex(new String(bytes, StandardCharsets.US_ASCII));
    }

    /** The names that a key fits: one, or several where it is ambiguous, or none. */
    List<String> names(String key) {
        int low = 0;
        int high = text.length();
        while (low < high) {
            int start = text.lastIndexOf('\n', (low + high) >>> 1) + 1;
            if (start < low) {
                start = low;
            }
            int end = text.indexOf('\n', start);
            int tab = text.indexOf('\t', start);
            int order = text.substring(start, tab).compareTo(key);
            if (order == 0) {
                return List.of(text.substring(tab + 1, end).split("\t"));
            }
            if (order < 0) {
                low = end + 1;
            } else {
                high = start;
            }
        }
        return List.of();
    }

    /** Vendor words that may stand before a name. */
    List<String> vendors() {
        return names(VENDORS);
    }

    /** All profile names, sorted. */
    Set<String> all() {
        Set<String> names = new TreeSet<>();
        text.lines().filter(line -> !line.startsWith(VENDORS)).forEach(line -> {
            List<String> parts = List.of(line.split("\t"));
            names.addAll(parts.subList(1, parts.size()));
        });
        return new LinkedHashSet<>(names);
    }

    /** The text of an index, from the sorted entries. */
    static String text(List<String> vendors, SortedMap<String, ? extends Iterable<String>> names) {
        StringBuilder text = new StringBuilder();
        text.append(VENDORS).append('\t').append(String.join("\t", vendors)).append('\n');
        names.forEach((key, owners) ->
                text.append(key).append('\t').append(String.join("\t", owners)).append('\n'));
        return text.toString();
    }
}
