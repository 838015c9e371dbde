package llmlatency.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import llmlatency.units.Refusal;

/**
 * The streams and environment of a run. Answers go to {@code out}, all else to {@code err}, both in UTF-8.
 *
 * @param in standard input, read only where {@code -} stands for a file
 * @param out unbuffered standard output
 * @param err unbuffered standard error
 * @param environment environment variables
 */
public record Console(InputStream in, OutputStream out, OutputStream err, Map<String, String> environment) {
    private static final int LONGEST = 400;

    /** A console that nothing can be read from. */
    public Console(OutputStream out, OutputStream err, Map<String, String> environment) {
        this(InputStream.nullInputStream(), out, err, environment);
    }

    public Console {
        environment = Map.copyOf(environment);
    }

    /**
     * Writes an answer. A reader that has closed the pipe has seen enough, and is no error.
     *
     * @throws Refusal when the output cannot be written for another reason (a full disk)
     */
    void print(String text) {
        print(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Writes a part of an answer.
     *
     * @return whether anybody reads on
     * @throws Refusal when the output cannot be written for another reason (a full disk)
     */
    boolean print(byte[] text) {
        try {
            out.write(text);
            out.flush();
            return true;
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.toLowerCase(Locale.ROOT).contains("pipe")) {
                throw new Refusal("standard output cannot be written: " + reason);
            }
            return false;
        }
    }

    /** Writes messages, each on lines of its own; where nobody can read them, they are lost. */
    void complain(String... lines) {
        try {
            err.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // Nothing is left to tell it to; the exit code still says what happened.
        }
    }

    /** Writes to standard error without ending the line; where nobody can read it, it is lost. */
    void overwrite(String text) {
        try {
            err.write(text.getBytes(StandardCharsets.UTF_8));
            err.flush();
        } catch (IOException e) {
            // As above.
        }
    }

    /** Refuses in the program's voice: what was wrong, then hints. */
    void refuse(Refusal refusal) {
        complain("llm-latency: " + oneLine(refusal.message()));
        refusal.hints().stream().limit(3).forEach(hint -> complain("  " + oneLine(hint)));
    }

    /** Warns in the program's voice. */
    void warn(String warning) {
        remark("warning: " + warning);
    }

    /** Says something beside the answer in the program's voice. */
    void remark(String text) {
        complain("llm-latency: " + oneLine(text));
    }

    /** What was given may hold anything: control characters become blanks, and the middle of a long text is left out. */
    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        int half = LONGEST / 2;
        return line.length() <= LONGEST
                ? line
                : line.substring(0, half) + " ... " + line.substring(line.length() - half);
    }
}
