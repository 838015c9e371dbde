package llmlatency.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run of the program in memory, in an environment without profiles of anybody's own.
 *
 * @param code its exit code
 * @param out its standard output
 * @param err its standard error
 */
public record Run(int code, String out, String err) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs the program with these arguments, each as it is. */
    public static Run of(String... arguments) {
        return in(Map.of(), arguments);
    }

    /** Runs it with these environment variables. */
    public static Run in(Map<String, String> environment, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Program(new Console(out, err, environment)).run(arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command line, split as a shell would: at spaces, but for those within single quotes. */
    public static Run line(String commandLine) {
        return of(words(commandLine));
    }

    /** The words of a command line. */
    public static String[] words(String commandLine) {
        StringBuilder word = new StringBuilder();
        List<String> words = new ArrayList<>();
        boolean quoted = false;
        boolean started = false;
        for (char c : commandLine.toCharArray()) {
            if (c == '\'') {
                quoted = !quoted;
                started = true;
            } else if (c == ' ' && !quoted) {
                if (started) {
                    words.add(word.toString());
                }
                word.setLength(0);
                started = false;
            } else {
                word.append(c);
                started = true;
            }
        }
        if (started) {
            words.add(word.toString());
        }
        return words.toArray(String[]::new);
    }

    /** The answer, read as JSON. */
    public JsonNode json() {
        return json(out);
    }

    /** A text, read as JSON. */
    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("not JSON: " + text, e);
        }
    }

    /** The rows of an answer in CSV, each split into its cells, empty ones kept. */
    public List<List<String>> csv() {
        return out.lines().map(Run::cells).toList();
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        for (String cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
            boolean quoted = cell.startsWith("\"");
            cells.add(quoted ? cell.substring(1, cell.length() - 1).replace("\"\"", "\"") : cell);
        }
        return cells;
    }
}
