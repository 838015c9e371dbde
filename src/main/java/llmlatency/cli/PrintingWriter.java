package llmlatency.cli;

import java.io.StringWriter;

/** Gathers what picocli prints (help, the version) and gives it to the console whole. */
final class PrintingWriter extends StringWriter {
    private final Console console;

    PrintingWriter(Console console) {
        this.console = console;
    }

    @Override
    public void flush() {
        String text = toString();
        getBuffer().setLength(0);
        if (!text.isEmpty()) {
            console.print(text);
        }
    }
}
