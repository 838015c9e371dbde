package llmlatency;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import llmlatency.cli.Console;
import llmlatency.cli.Program;

/** Starts the program. */
public final class Main {
    private Main() {}

    /** Runs the program on the process's own streams and ends the process with its exit code. */
    public static void main(String... arguments) {
        Console console = new Console(
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                System.getenv());
        Runtime.getRuntime().halt(new Program(console).run(arguments));
    }
}
