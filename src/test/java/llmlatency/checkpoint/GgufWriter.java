package llmlatency.checkpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes GGUF files for tests, in either byte order; sound ones unless told otherwise. The data is zeros. */
final class GgufWriter {
    static final int U8 = 0;
    static final int I8 = 1;
    static final int U16 = 2;
    static final int I16 = 3;
    static final int U32 = 4;
    static final int I32 = 5;
    static final int F32 = 6;
    static final int BOOL = 7;
    static final int STRING = 8;
    static final int ARRAY = 9;
    static final int U64 = 10;
    static final int I64 = 11;
    static final int F64 = 12;

    private final ByteOrder order;
    private final int version;
    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private long alignment = 32;
    private long keys;
    private long count;
    private long end;

    GgufWriter(int version, ByteOrder order) {
        this.version = version;
        this.order = order;
    }

    /** A file of the present version. */
    static GgufWriter little() {
        return new GgufWriter(3, ByteOrder.LITTLE_ENDIAN);
    }

    /** A key with a value of that type: a number, truth value or text. */
    GgufWriter put(String key, int type, Object value) {
        key(key, type);
        metadata.writeBytes(value(type, value));
        return this;
    }

    /** A key with a list of values of that type. */
    GgufWriter list(String key, int type, List<?> values) {
        key(key, ARRAY);
        metadata.writeBytes(int32(type));
        metadata.writeBytes(int64(values.size()));
        values.forEach(value -> metadata.writeBytes(value(type, value)));
        return this;
    }

    /** A key, its type, and whatever bytes as its value. */
    GgufWriter raw(String key, int type, byte[] value) {
        key(key, type);
        metadata.writeBytes(value);
        return this;
    }

    GgufWriter align(int bytes) {
        alignment = bytes;
        return put("general.alignment", U32, bytes);
    }

    /** A tensor of that many bytes, at the next aligned offset; innermost dimension first. */
    GgufWriter tensor(String name, int type, long bytes, long... dimensions) {
        end = (end + alignment - 1) / alignment * alignment;
        tensorAt(end, name, type, dimensions);
        end += bytes;
        return this;
    }

    /** A tensor wherever it is said to be. */
    GgufWriter tensorAt(long offset, String name, int type, long... dimensions) {
        tensors.writeBytes(text(name));
        tensors.writeBytes(int32(dimensions.length));
        for (long dimension : dimensions) {
            tensors.writeBytes(int64(dimension));
        }
        tensors.writeBytes(int32(type));
        tensors.writeBytes(int64(offset));
        count++;
        return this;
    }

    /** Claims so many tensors and keys more than there are. */
    GgufWriter claim(long moreTensors, long moreKeys) {
        count += moreTensors;
        keys += moreKeys;
        return this;
    }

    /** Up to the start of the data. */
    byte[] header() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("GGUF".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(int32(version));
        out.writeBytes(int64(count));
        out.writeBytes(int64(keys));
        out.writeBytes(metadata.toByteArray());
        out.writeBytes(tensors.toByteArray());
        while (out.size() % alignment != 0) {
            out.write(0);
        }
        return out.toByteArray();
    }

    /** The whole file. */
    byte[] bytes() {
        byte[] head = header();
        return ByteBuffer.allocate(Math.toIntExact(head.length + end)).put(head).array();
    }

    Path write(Path path) throws IOException {
        return Files.write(path, bytes());
    }

    /** Writes the header and gives the file its full length without writing the data. */
    Path sparse(Path path) throws IOException {
        byte[] head = header();
        Files.write(path, head);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(head.length + end);
        }
        return path;
    }

    byte[] int32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).order(order).putInt(value).array();
    }

    byte[] int64(long value) {
        return ByteBuffer.allocate(Long.BYTES).order(order).putLong(value).array();
    }

    private void key(String key, int type) {
        metadata.writeBytes(text(key));
        metadata.writeBytes(int32(type));
        keys++;
    }

    private byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + bytes.length)
                .order(order)
                .putLong(bytes.length)
                .put(bytes)
                .array();
    }

    private byte[] value(int type, Object value) {
        return switch (type) {
            case U8, I8 -> new byte[] {((Number) value).byteValue()};
            case BOOL -> new byte[] {(byte) ((Boolean) value ? 1 : 0)};
            case U16, I16 ->
                ByteBuffer.allocate(Short.BYTES)
                        .order(order)
                        .putShort(((Number) value).shortValue())
                        .array();
            case U32, I32 -> int32(((Number) value).intValue());
            case F32 -> int32(Float.floatToIntBits(((Number) value).floatValue()));
            case U64, I64 -> int64(((Number) value).longValue());
            case F64 -> int64(Double.doubleToLongBits(((Number) value).doubleValue()));
            case STRING -> text((String) value);
            default -> throw new IllegalArgumentException("no type " + type);
        };
    }
}
