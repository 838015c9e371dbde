package llmlatency.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import llmlatency.report.ReportFormat;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the answer looks like and where it goes. */
abstract class OutputOptions {
    /** The word behind {@code --format}, which each command describes itself; null where it was not given. */
    abstract @Nullable String asked();

    @Option(names = "--json", description = "Short for -f json.")
    boolean json;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Write to a file, whole or not at all.")
    @Nullable
    String out;

    /**
     * The format asked for.
     *
     * @param offered those that the command knows
     */
    final <F extends Enum<F>> F format(List<F> offered) {
        String format = asked();
        if (json && format != null && !format.equals(key(ReportFormat.JSON))) {
            throw new Refusal("--json and --format " + format + " contradict each other; give one");
        }
        String word = json ? key(ReportFormat.JSON) : format == null ? key(ReportFormat.TABLE) : format;
        for (F known : offered) {
            if (key(known).equals(word)) {
                return known;
            }
        }
        throw new Refusal("--format '" + word + "' is none of "
                + offered.stream().map(OutputOptions::key).collect(Collectors.joining(", ")));
    }

    private static String key(Enum<?> format) {
        return format.name().toLowerCase(Locale.ROOT);
    }

    /** Sends the answer where it was asked to go. */
    final void write(Console console, String text) {
        if (out == null) {
            console.print(text);
        } else {
            OutputFile.write(out, text);
        }
    }
}
