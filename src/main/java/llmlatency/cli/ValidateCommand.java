package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import llmlatency.calibration.Attribute;
import llmlatency.calibration.Given;
import llmlatency.calibration.MeasuredCases;
import llmlatency.calibration.Measurement;
import llmlatency.calibration.MeasurementFiles;
import llmlatency.calibration.RowPattern;
import llmlatency.calibration.Validation;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.ReportFormat;
import llmlatency.report.ValidationReport;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How accurate are we on these measurements? */
@Command(
        name = "validate",
        description = {
            "How accurate are we on these measurements?",
            "Reads tables of our own form (CSV), results of llama-bench (-o json or jsonl), and what the serving"
                    + " benchmarks of vLLM and SGLang save."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency validate measured.csv",
            "  llm-latency validate measured.csv --by gpu,model --where 'engine=llama.cpp'",
            "  llama-bench -m model.gguf -o json | llm-latency validate - -m llama-3.1-8b",
            "  llm-latency validate serving.json -g h100-sxm -e vllm",
            "  llm-latency validate measured.csv -f json | jq .grouped"
        })
final class ValidateCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files with measurements; - reads standard input.")
    List<String> files = new ArrayList<>();

    @Mixin
    Names names = new Names();

    @Mixin
    Figures figures = new Figures();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** Names beside files that do not say them, or say them in a way that does not resolve. */
    static final class Names {
        @Option(
                names = {"-m", "--model"},
                paramLabel = "MODEL",
                description = "The model, where a benchmark's file does not name one that is known.")
        @Nullable
        String model;

        @Option(
                names = {"-g", "--gpu"},
                paramLabel = "GPU",
                description = "The device, where the file does not; '4x h100-sxm' for four.")
        @Nullable
        String gpu;

        @Option(
                names = {"-e", "--engine"},
                paramLabel = "ENGINE",
                description = "The engine, where the file does not: vllm, or llama.cpp/vulkan.")
        @Nullable
        String engine;

        @Option(
                names = {"-d", "--dtype"},
                paramLabel = "FORMAT",
                description = "The weights' format, where the file does not; default: the checkpoint's.")
        @Nullable
        String dtype;

        Given given() {
            return new Given(model, gpu, engine, dtype);
        }
    }

    /** Which figures are asked for. */
    static final class Figures {
        @Option(
                names = "--by",
                paramLabel = "COLUMN",
                split = ",",
                description = "Figures for each value of source, engine, backend, gpu, class, model, structure, format,"
                        + " era, metric, phase, regime, trust, gpus or id; default: regime,engine.")
        List<String> by = new ArrayList<>();

        @Option(
                names = "--where",
                paramLabel = "COLUMN=PATTERN",
                description = "Keep the rows that fit, * standing for anything; != for the others. May repeat.")
        List<String> where = new ArrayList<>();

        @Option(
                names = "--trust",
                paramLabel = "TRUST",
                description = "Rows that figures rest on: high (default) or any.")
        String trust = "high";

        @Option(
                names = "--min-group-rows",
                paramLabel = "N",
                description = "Keep groups (source, gpu, model and format) of so many rows; default: 1.")
        String minGroupRows = "1";

        @Option(names = "--worst", paramLabel = "N", description = "List so many of the groups that err most.")
        String worst = "0";

        /** Whether rows of any trust count. */
        static boolean isAnyTrust(String trust) {
            if (!trust.equals("high") && !trust.equals("any")) {
                throw new Refusal("--trust '" + trust + "' is none of high, any");
            }
            return trust.equals("any");
        }

        static List<RowPattern> patterns(String option, List<String> texts) {
            return texts.stream()
                    .map(text -> OptionValue.of(option, text, RowPattern::parse))
                    .toList();
        }

        static List<Attribute> columns(List<String> by) {
            return by.stream()
                    .map(text -> OptionValue.of("--by", text, Attribute::named))
                    .distinct()
                    .toList();
        }

        static int groupRows(String least) {
            return (int) (long) OptionValue.of("--min-group-rows", least, text -> Counts.parse(text, 1));
        }

        Validation.Question question() {
            List<String> columns = by.isEmpty() ? List.of("regime", "engine") : by;
            return new Validation.Question(
                    patterns("--where", where), isAnyTrust(trust), columns(columns), groupRows(minGroupRows), (int)
                            (long) OptionValue.of("--worst", worst, text -> Counts.parse(text, 0)));
        }
    }

    /** What to print. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "table (default), json or csv.")
        @Nullable
        String format;

        @Option(
                names = "--rows",
                paramLabel = "FILE",
                description = "Also write every row beside its estimate to a file, as CSV.")
        @Nullable
        String rows;

        @Override
        @Nullable
        String asked() {
            return format;
        }
    }

    ValidateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format(List.of(ReportFormat.TABLE, ReportFormat.JSON, ReportFormat.CSV));
        Validation.Question question = figures.question();
        if (files.isEmpty()) {
            throw new Refusal(
                    "validate which measurements? name a file, such as measured.csv, or - for standard input");
        }
        ProfileLibrary library = profiles.library(console);
        MeasurementFiles reader = new MeasurementFiles(library, names.given(), console.in());
        List<Measurement> measurements = new ArrayList<>();
        files.forEach(file -> measurements.addAll(reader.read(file)));
        Validation validation = Validation.of(measurements, new MeasuredCases(library), question);
        if (show.rows != null) {
            OutputFile.write("--rows", show.rows, ValidationReport.rows(validation));
        }
        show.write(console, ValidationReport.text(validation, format));
        return ExitCode.ANSWERED;
    }
}
