package llmlatency.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Writes a file whole or not at all: a reader sees the old one or the new one, never a part. */
final class OutputFile implements Closeable {
    private final String name;
    private final Path file;

    /** What is written until it is whole; null for a device or pipe, which is written to as it is. */
    private final @Nullable Path part;

    private final @Nullable FileChannel channel;
    private final @Nullable OutputStream device;

    private OutputFile(
            String name, Path file, @Nullable Path part, @Nullable FileChannel channel, @Nullable OutputStream device) {
        this.name = name;
        this.file = file;
        this.part = part;
        this.channel = channel;
        this.device = device;
    }

    /**
     * Replaces the file by the text. A device or pipe of that name is written to as it is.
     *
     * @throws Refusal when it cannot be written; the old file is then as it was
     */
    static void write(String name, String text) {
        write("--out", name, text);
    }

    /** The same for the file of another option, which messages then name. */
    static void write(String option, String name, String text) {
        try (OutputFile file = open(option, name)) {
            file.append(text.getBytes(StandardCharsets.UTF_8));
            file.finish();
        }
    }

    /**
     * A file to be written bit by bit, which {@link #finish} puts in its place; closed before, it leaves no trace.
     *
     * @throws Refusal when it cannot be written
     */
    static OutputFile open(String option, String name) {
        String said = option + " " + name;
        try {
            if (name.isEmpty()) {
                throw new Refusal(option + " needs the name of a file");
            }
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new Refusal(said + " is a folder; name a file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return new OutputFile(said, file, null, null, Files.newOutputStream(file, StandardOpenOption.WRITE));
            }
            Path place = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
            Path part = place.resolveSibling(
                    ".llm-latency-" + ProcessHandle.current().pid() + ".part");
            FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            return new OutputFile(said, place, part, channel, null);
        } catch (InvalidPathException e) {
            throw new Refusal(option + " '" + name + "' cannot be the name of a file");
        } catch (IOException e) {
            throw refusal(said, e);
        }
    }

    /** Has the unfinished file deleted too where a signal ends the program; costs a start a class or two. */
    void deleteWhenInterrupted() {
        if (part != null) {
            part.toFile().deleteOnExit();
        }
    }

    /** Writes on. */
    void append(byte[] bytes) {
        try {
            if (device != null) {
                device.write(bytes);
            } else if (channel != null) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            throw refusal(name, e);
        }
    }

    /** Puts the file in its place, whole. */
    void finish() {
        if (part == null || channel == null) {
            return;
        }
        try {
            channel.force(true);
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(file));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw refusal(name, e);
        }
    }

    @Override
    public void close() {
        try {
            if (device != null) {
                device.close();
            } else if (channel != null && part != null) {
                channel.close();
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            throw refusal(name, e);
        }
    }

    private static Refusal refusal(String said, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new Refusal(said + " cannot be written: its folder does not exist");
        }
        return new Refusal(said + " cannot be written: "
                + (e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getMessage())));
    }
}
