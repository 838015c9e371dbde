package llmlatency.cli;

import java.util.Arrays;
import llmlatency.report.ReportFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Output in any of the formats. */
class AnyFormat extends OutputOptions {
    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description = "table (default), json, ndjson, csv or markdown.")
    @Nullable
    String format;

    @Override
    final @Nullable String asked() {
        return format;
    }

    /** The format asked for. */
    final ReportFormat format() {
        return format(Arrays.asList(ReportFormat.values()));
    }
}
