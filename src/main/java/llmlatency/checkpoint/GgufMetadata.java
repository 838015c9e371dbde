package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Quote;

/**
 * Reads the keys and values at the head of a GGUF file. Vocabularies are passed over; how many items they have is kept.
 *
 * <p>Source: ggml-org/ggml, docs/gguf.md, "File Structure".
 */
final class GgufMetadata {
    private static final int MOST_KEYS = 65_536;
    private static final int LONGEST_KEY = 65_535;
    /** Longer than any list that has an item for a layer. */
    private static final int LONGEST_NUMBERS = 16_384;

    private static final int LONGEST_TEXTS = 64;
    private static final int LONGEST_TEXT = 65_536;
    /** Of keys and values that are kept, roughly. */
    private static final long MOST_KEPT = 8L << 20;
    /** Passing over texts means reading their lengths: thirty times the largest vocabulary and its merges. */
    private static final long MOST_PASSED_OVER = 1L << 24;

    private static final int DEEPEST = 4;
    private static final int BYTES_PER_VALUE = 32;

    private final HeaderFile file;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private long kept;
    private long passedOver;

    private GgufMetadata(HeaderFile file) {
        this.file = file;
    }

    /** Reads that many keys and their values. */
    static Map<String, Object> read(HeaderFile file, long count) {
        int least = Long.BYTES + 1 + Integer.BYTES + 1;
        if (count < 0 || count > MOST_KEYS || count > file.remaining() / least) {
            throw file.refuse(
                    file.position(),
                    "the file claims " + Long.toUnsignedString(count) + " keys of metadata, more than fit");
        }
        GgufMetadata reader = new GgufMetadata(file);
        for (long i = 0; i < count; i++) {
            reader.entry();
        }
        return reader.values;
    }

    /** Reads a length and a text that is at most that long. */
    static String text(HeaderFile file, int longest, String what) {
        long at = file.position();
        long length = file.int64(what);
        if (length < 0 || length > longest) {
            throw file.refuse(
                    at, what + " would be " + Long.toUnsignedString(length) + " bytes long, more than " + longest);
        }
        return file.text((int) length, what);
    }

    private void entry() {
        long at = file.position();
        String key = text(file, LONGEST_KEY, "a key of the metadata");
        String what = Quote.of(key);
        if (key.isEmpty() || values.containsKey(key)) {
            throw file.refuse(at, key.isEmpty() ? "a key of the metadata is empty" : what + " stands twice");
        }
        values.put(key, value(GgufType.read(file, what), what));
        keep(2L * key.length() + BYTES_PER_VALUE);
    }

    private Object value(GgufType type, String what) {
        if (type == GgufType.ARRAY) {
            return array(what);
        }
        return type == GgufType.STRING ? text(what) : type.value(file, what);
    }

    private Object text(String what) {
        long length = length(1, what);
        if (length > LONGEST_TEXT) {
            file.skip(length, what);
            return new SkippedValue(GgufType.UINT8.word(), length);
        }
        keep(2 * length + BYTES_PER_VALUE);
        return file.text((int) length, what);
    }

    private Object array(String what) {
        GgufType type = GgufType.read(file, what);
        long length = length(type.bytes, what);
        int longest = type == GgufType.STRING ? LONGEST_TEXTS : LONGEST_NUMBERS;
        if (length > longest || type == GgufType.ARRAY) {
            skip(type, length, what, 1);
            return new SkippedValue(type.word(), length);
        }
        keep(BYTES_PER_VALUE * length);
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            items.add(value(type, what));
        }
        return List.copyOf(items);
    }

    private void skip(GgufType type, long length, String what, int depth) {
        if (type.isFixed()) {
            file.skip(length * type.bytes, what);
            return;
        }
        passedOver += length;
        if (passedOver > MOST_PASSED_OVER || depth > DEEPEST) {
            throw file.refuse(
                    file.position(),
                    what + (depth > DEEPEST ? " nests arrays too deeply" : " has more items than any vocabulary"));
        }
        for (long i = 0; i < length; i++) {
            if (type == GgufType.STRING) {
                file.skip(length(1, what), what);
            } else {
                GgufType inner = GgufType.read(file, what);
                skip(inner, length(inner.bytes, what), what, depth + 1);
            }
        }
    }

    /** Reads how many items of at least so many bytes follow, and refuses more than the file has room for. */
    private long length(int bytes, String what) {
        long at = file.position();
        long length = file.int64(what);
        if (length < 0 || length > file.remaining() / bytes) {
            throw file.refuse(
                    at,
                    what + " would have " + Long.toUnsignedString(length) + " items of " + bytes
                            + " bytes or more; the file has only " + file.remaining() + " bytes left");
        }
        return length;
    }

    private void keep(long bytes) {
        kept += bytes;
        if (kept > MOST_KEPT) {
            throw file.refuse(file.position(), "more metadata than any model has");
        }
    }
}
