package llmlatency.cli;

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

/** Writes a file whole or not at all: a reader sees the old one or the new one, never a part. */
final class OutputFile {
    private OutputFile() {}

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
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            if (name.isEmpty()) {
                throw new Refusal(option + " needs the name of a file");
            }
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new Refusal(option + " " + name + " is a folder; name a file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
                    out.write(bytes);
                }
                return;
            }
            replace(Files.exists(file) ? file.toRealPath() : file.toAbsolutePath(), bytes);
        } catch (InvalidPathException e) {
            throw new Refusal(option + " '" + name + "' cannot be the name of a file");
        } catch (NoSuchFileException e) {
            throw new Refusal(option + " " + name + " cannot be written: its folder does not exist");
        } catch (AccessDeniedException e) {
            throw new Refusal(option + " " + name + " cannot be written: permission denied");
        } catch (IOException e) {
            throw new Refusal(option + " " + name + " cannot be written: " + e.getMessage());
        }
    }

    private static void replace(Path file, byte[] bytes) throws IOException {
        Path part =
                file.resolveSibling(".llm-latency-" + ProcessHandle.current().pid() + ".part");
        try {
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                out.force(true);
            }
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(file));
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
