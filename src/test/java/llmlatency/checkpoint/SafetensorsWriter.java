package llmlatency.checkpoint;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes safetensors files for tests: sound ones, and with {@link #raw} any others. The data is zeros. */
final class SafetensorsWriter {
    private final List<String> entries = new ArrayList<>();
    private long end;

    /** A tensor of that many bytes behind those before it. */
    SafetensorsWriter tensor(String name, String dtype, long bytes, long... shape) {
        String dimensions = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
        raw("\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":[" + dimensions + "],\"data_offsets\":[" + end
                + "," + (end + bytes) + "]}");
        end += bytes;
        return this;
    }

    /** Any text as an entry of the header's object. */
    SafetensorsWriter raw(String entry) {
        entries.add(entry);
        return this;
    }

    SafetensorsWriter metadata(String key, String value) {
        return raw("\"__metadata__\":{\"" + key + "\":\"" + value + "\"}");
    }

    /** The whole file. */
    byte[] bytes() {
        return file(header(), end);
    }

    /** Writes the header and gives the file its full length without writing the data. */
    Path sparse(Path path) throws IOException {
        byte[] head = file(header(), 0);
        Files.write(path, head);
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(head.length + end);
        }
        return path;
    }

    Path write(Path path) throws IOException {
        return Files.write(path, bytes());
    }

    String header() {
        return "{" + String.join(",", entries) + "}";
    }

    /** A file of that header and so many bytes of data. */
    static byte[] file(String header, long data) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + data))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }
}
