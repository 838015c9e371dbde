package llmlatency.cli;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import llmlatency.report.ReportFormat;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the answer looks like and where it goes. */
class OutputOptions {
    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description = "table (default), json, ndjson, csv or markdown.")
    @Nullable
    String format;

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
    final ReportFormat format(List<ReportFormat> offered) {
        if (json && format != null && !format.equals(ReportFormat.JSON.key())) {
            throw new Refusal("--json and --format " + format + " contradict each other; give one");
        }
        String asked = json ? ReportFormat.JSON.key() : format == null ? ReportFormat.TABLE.key() : format;
        for (ReportFormat known : offered) {
            if (known.key().equals(asked)) {
                return known;
            }
        }
        throw new Refusal("--format '" + asked + "' is none of "
                + offered.stream().map(ReportFormat::key).collect(Collectors.joining(", ")));
    }

    /** The format asked for, of all there are. */
    final ReportFormat format() {
        return format(Arrays.asList(ReportFormat.values()));
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
