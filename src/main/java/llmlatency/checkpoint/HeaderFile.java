package llmlatency.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import llmlatency.units.Refusal;

/**
 * A file whose header is read front to back through a small buffer, little-endian. Nothing is allocated for a length
 * that the file claims before the file is known to be that long.
 */
final class HeaderFile implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    /** Where in the file the buffer ends. */
    private long bufferEnd;

    private HeaderFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    /**
     * Opens a regular file, also behind links.
     *
     * @throws Refusal when there is none, or it may not be read
     */
    static HeaderFile open(Path path) {
        // Opening a pipe or a device would wait for ever.
        if (!Files.isRegularFile(path)) {
            throw new Refusal(path + " " + problem(path));
        }
        try {
            FileChannel channel = FileChannel.open(path);
            return new HeaderFile(path, channel, channel.size());
        } catch (IOException e) {
            throw new Refusal(path + " cannot be read: " + reason(e));
        }
    }

    /** Bytes of the whole file. */
    long size() {
        return size;
    }

    /** Where the next byte is read. */
    long position() {
        return bufferEnd - buffer.remaining();
    }

    /** Bytes that are left to read. */
    long remaining() {
        return size - position();
    }

    /** A refusal that names the file and a place in it. */
    Refusal refuse(long offset, String message) {
        return new Refusal(path + ", byte " + offset + ": " + message);
    }

    /** Refuses a file that ends before that many more bytes. */
    void need(long bytes, String what) {
        if (bytes < 0 || bytes > remaining()) {
            throw refuse(
                    position(),
                    "the file ends within " + what + ", which takes " + Long.toUnsignedString(bytes) + " bytes; "
                            + remaining() + " are left");
        }
    }

    int int8(String what) {
        return buffered(Byte.BYTES, what).get();
    }

    int int16(String what) {
        return buffered(Short.BYTES, what).getShort();
    }

    int int32(String what) {
        return buffered(Integer.BYTES, what).getInt();
    }

    long int64(String what) {
        return buffered(Long.BYTES, what).getLong();
    }

    /** A text of that many bytes, which the caller has bounded. */
    String text(int bytes, String what) {
        need(bytes, what);
        byte[] text = new byte[bytes];
        int done = 0;
        while (done < bytes) {
            ByteBuffer source = buffered(1, what);
            int part = Math.min(bytes - done, source.remaining());
            source.get(text, done, part);
            done += part;
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Passes over bytes without reading them where the buffer does not hold them already. */
    void skip(long bytes, String what) {
        need(bytes, what);
        if (bytes <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) bytes);
        } else {
            bufferEnd = position() + bytes;
            buffer.limit(0);
        }
    }

    /** The next bytes as a stream that ends after them. */
    InputStream stream(long bytes, String what) {
        need(bytes, what);
        long end = position() + bytes;
        return new InputStream() {
            @Override
            public int read() {
                return position() == end ? -1 : int8(what) & 0xff;
            }

            @Override
            public int read(byte[] into, int from, int length) {
                if (length == 0) {
                    return 0;
                }
                if (position() == end) {
                    return -1;
                }
                ByteBuffer source = buffered(1, what);
                int part = (int) Math.min(Math.min(length, source.remaining()), end - position());
                source.get(into, from, part);
                return part;
            }
        };
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new Refusal(path + " cannot be read: " + reason(e));
        }
    }

    /** The buffer with at least that many bytes in it. */
    private ByteBuffer buffered(int bytes, String what) {
        need(bytes, what);
        if (buffer.remaining() < bytes) {
            long from = position();
            buffer.compact();
            try {
                while (buffer.position() < bytes) {
                    int read = channel.read(buffer, from + buffer.position());
                    if (read < 0) {
                        throw refuse(from, "the file became shorter while it was read");
                    }
                }
            } catch (IOException e) {
                throw new Refusal(path + " cannot be read: " + reason(e));
            }
            buffer.flip();
            bufferEnd = from + buffer.limit();
        }
        return buffer;
    }

    private static String problem(Path path) {
        if (Files.isDirectory(path)) {
            return "is a folder; expected a file";
        }
        if (Files.exists(path)) {
            return "is not a regular file";
        }
        return Files.isSymbolicLink(path)
                ? "is a link that leads nowhere or in a circle"
                : "cannot be read: there is no such file";
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage());
    }
}
