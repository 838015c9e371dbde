package llmlatency.checkpoint;

import java.math.BigInteger;
import java.util.Locale;

/**
 * The types of GGUF metadata, in the order of their numbers.
 *
 * <p>Source: ggml-org/ggml, docs/gguf.md, "gguf_metadata_value_type".
 */
enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private static final GgufType[] ALL = values();

    /** Bytes of a value; of a text and an array those that must be there at least. */
    final int bytes;

    GgufType(int bytes) {
        this.bytes = bytes;
    }

    /** Reads the number of a type. */
    static GgufType read(HeaderFile file, String what) {
        long at = file.position();
        int number = file.int32(what);
        if (number < 0 || number >= ALL.length) {
            throw file.refuse(at, what + " has the unknown type " + Integer.toUnsignedString(number) + " of metadata");
        }
        return ALL[number];
    }

    /** Whether all its values take the same bytes. */
    boolean isFixed() {
        return this != STRING && this != ARRAY;
    }

    /** The specification's word for it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a value of a type of fixed size. */
    Object value(HeaderFile file, String what) {
        return switch (this) {
            case UINT8 -> (long) (file.int8(what) & 0xff);
            case INT8 -> (long) file.int8(what);
            case UINT16 -> (long) (file.int16(what) & 0xffff);
            case INT16 -> (long) file.int16(what);
            case UINT32 -> Integer.toUnsignedLong(file.int32(what));
            case INT32 -> (long) file.int32(what);
            case FLOAT32 -> (double) Float.intBitsToFloat(file.int32(what));
            case FLOAT64 -> Double.longBitsToDouble(file.int64(what));
            case INT64 -> file.int64(what);
            case UINT64 -> unsigned(file.int64(what));
            case BOOL -> truth(file, what);
            case STRING, ARRAY -> throw new IllegalStateException(this + " has no fixed size");
        };
    }

    private static Object unsigned(long bits) {
        return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
    }

    private static Object truth(HeaderFile file, String what) {
        long at = file.position();
        int bits = file.int8(what);
        if (bits != 0 && bits != 1) {
            throw file.refuse(at, what + " is neither true nor false");
        }
        return bits == 1;
    }
}
