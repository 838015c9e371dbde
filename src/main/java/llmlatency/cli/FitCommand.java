package llmlatency.cli;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import llmlatency.calibration.Fit;
import llmlatency.calibration.Fold;
import llmlatency.calibration.Given;
import llmlatency.calibration.KernelTable;
import llmlatency.calibration.LineFit;
import llmlatency.calibration.MeasuredCases;
import llmlatency.calibration.Measurement;
import llmlatency.calibration.MeasurementFiles;
import llmlatency.calibration.Resolved;
import llmlatency.calibration.RowPattern;
import llmlatency.calibration.Validation;
import llmlatency.engine.Engine;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.profile.FittedEngine;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.CatalogueReport;
import llmlatency.report.FitReport;
import llmlatency.report.LineFitReport;
import llmlatency.report.ReportFormat;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which parameters of an engine do these measurements say? */
@Command(
        name = "fit",
        description = {
            "Which parameters of an engine do these measurements say?",
            "Reads what validate reads. Ten runs on one card are enough to fit rules of its own on top of a profile."
                    + " With --whole-profile, tables of kernels run alone say what the profile holds of kernels; they are"
                    + " fitted first."
                    + " A table with the columns tokens,milliseconds gives k and b of y = kx + b."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency fit runs.csv -e llama.cpp --save our-cards",
            "  llm-latency estimate -m llama-3.1-8b -g rtx4090 -e our-cards",
            "  llm-latency fit measured.csv -e vllm,mlx --whole-profile --leave-out gpu,model",
            "  llm-latency fit kernels/*.csv.gz -e serving --whole-profile --profile-out engines",
            "  llm-latency fit times.csv -m 7b -g rtx4090 -d fp16"
        })
final class FitCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final String JSON = ".json";
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Files with measurements; - reads standard input.")
    List<String> files = new ArrayList<>();

    @Mixin
    ValidateCommand.Names names = new ValidateCommand.Names();

    @Option(
            names = {"-p", "--prompt-tokens"},
            paramLabel = "N",
            description = "Tokens of the prompt before a table of times; default: 512.")
    String promptTokens = "512";

    @Option(
            names = "--where",
            paramLabel = "COLUMN=PATTERN",
            description = "Keep the rows that fit, as in validate. May repeat.")
    List<String> where = new ArrayList<>();

    @Option(names = "--trust", paramLabel = "TRUST", description = "Fit to rows of high trust (default) or of any.")
    String trust = "high";

    @Option(
            names = "--leave-out",
            paramLabel = "FOLD",
            split = ",",
            description =
                    "Also fit without each gpu, model, source or engine in turn, and say how well the rest predicts it.")
    List<String> leaveOut = new ArrayList<>();

    @Option(
            names = "--whole-profile",
            description = "Fit every parameter that the profile marks as fitted, not the measured devices' alone.")
    boolean wholeProfile;

    @Mixin
    Figures figures = new Figures();

    @Mixin
    Keep keep = new Keep();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** Which figures are asked for. */
    static final class Figures {
        @Option(
                names = "--by",
                paramLabel = "COLUMN",
                split = ",",
                description = "Figures for each value of columns, as in validate; default: regime,class.")
        List<String> by = new ArrayList<>();

        @Option(
                names = "--about",
                paramLabel = "COLUMN=PATTERN",
                description = "Rows that figures are about, of all that are fitted to. May repeat.")
        List<String> about = new ArrayList<>();

        @Option(
                names = "--min-group-rows",
                paramLabel = "N",
                description = "Keep groups of so many rows in figures; default: 1.")
        String minGroupRows = "1";

        Validation.Question question() {
            Validation.Question usual = Fit.BY_REGIME;
            return new Validation.Question(
                    ValidateCommand.Figures.patterns("--about", about),
                    usual.anyTrust(),
                    by.isEmpty() ? usual.by() : ValidateCommand.Figures.columns(by),
                    ValidateCommand.Figures.groupRows(minGroupRows),
                    usual.worst());
        }
    }

    /** What to keep. */
    static final class Keep {
        @Option(names = "--save", paramLabel = "NAME", description = "Keep the fitted engine as a profile of yours.")
        @Nullable
        String save;

        @Option(names = "--force", description = "Let --save replace a profile of that name.")
        boolean force;

        @Option(
                names = "--profile-out",
                paramLabel = "FILE",
                description =
                        "Write the fitted profile to a file; with those that extend it, each to one in this folder.")
        @Nullable
        String file;
    }

    /** What to print. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "table (default) or json.")
        @Nullable
        String format;

        @Option(
                names = "--rows",
                paramLabel = "FILE",
                description = "Also write every row beside what is expected of it, in sample and left out, as CSV.")
        @Nullable
        String rows;

        @Override
        @Nullable
        String asked() {
            return format;
        }
    }

    FitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format(List.of(ReportFormat.TABLE, ReportFormat.JSON));
        Validation.Question question = figures.question();
        if (files.isEmpty()) {
            throw new Refusal("fit which measurements? name a file, such as runs.csv, or - for standard input");
        }
        ProfileLibrary library = profiles.library(console);
        byte[] times = files.size() == 1 ? timesOf(files.get(0)) : null;
        if (times != null) {
            requireNothingBesideTimes();
            LineFit line = LineFit.read(files.get(0), new ByteArrayInputStream(times));
            show.write(console, LineFitReport.text(line, floor(library, line), format));
            return ExitCode.ANSWERED;
        }
        if (names.engine == null) {
            throw new Refusal("which engine? give --engine NAME", "all names: llm-latency list engines");
        }
        List<Profile<Engine>> engines = engines(library, names.engine);
        if (keep.save != null
                && wholeProfile
                && !extending(library, engines.get(0)).isEmpty()) {
            throw new Refusal("--save keeps one engine, and others extend "
                    + engines.get(0).name() + "; write them all with --profile-out");
        }
        if (engines.size() > 1 && (keep.save != null || keep.file != null)) {
            throw new Refusal("--save and --profile-out keep one engine; fit them one by one");
        }
        Set<Fold> folds = EnumSet.noneOf(Fold.class);
        leaveOut.forEach(word -> folds.add(OptionValue.of("--leave-out", word, Fold::named)));
        if (keep.save != null) {
            UserProfiles.requireFree(ProfileKind.ENGINE, keep.save, keep.force, library);
        }
        Fit.Scope scope = wholeProfile ? Fit.Scope.PROFILE : Fit.Scope.DEVICES;
        List<KernelTable> kernels = new ArrayList<>();
        List<Resolved> rows = rows(library, kernels);
        List<Fit> fits = engines.stream()
                .map(profile -> Fit.of(profile.value(), extending(library, profile), rows, kernels, scope, folds))
                .toList();
        if (show.rows != null) {
            OutputFile.write("--rows", show.rows, FitReport.rows(fits));
        }
        show.write(console, FitReport.text(fits, question, format));
        int used =
                fits.stream().mapToInt(fit -> fit.rows().comparisons().size()).sum();
        if (used < rows.size()) {
            console.remark((rows.size() - used) + " of " + rows.size() + " rows play no part: of another engine, of low"
                    + " trust, or without an expected figure; validate says why");
        }
        skipped(kernels);
        keep(engines.get(0), fits.get(0), library);
        return ExitCode.ANSWERED;
    }

    private static List<Profile<Engine>> engines(ProfileLibrary library, String words) {
        List<Profile<Engine>> engines = new ArrayList<>();
        for (String word : words.split(",", -1)) {
            Profile<Engine> profile = library.engine(EngineOptions.name(word.strip()));
            if (!profile.value().expects()) {
                throw new Refusal("engine " + profile.name() + " has no parameters to fit");
            }
            engines.add(profile);
        }
        return engines;
    }

    private static List<Engine> extending(ProfileLibrary library, Profile<Engine> profile) {
        return library.extending(profile.name()).stream().map(Profile::value).toList();
    }

    /** A table of times has no use for what speaks of engines and rows. */
    private void requireNothingBesideTimes() {
        List<String> useless = new ArrayList<>();
        if (keep.save != null) {
            useless.add("--save");
        }
        if (keep.file != null) {
            useless.add("--profile-out");
        }
        if (wholeProfile) {
            useless.add("--whole-profile");
        }
        if (!leaveOut.isEmpty()) {
            useless.add("--leave-out");
        }
        if (!where.isEmpty()) {
            useless.add("--where");
        }
        if (!useless.isEmpty()) {
            throw new Refusal("a table of tokens and milliseconds gives a line, no engine; leave out "
                    + String.join(", ", useless));
        }
        if ((names.model == null) != (names.gpu == null)) {
            throw new Refusal("the line is held against the floor of a model on a device; give both --model and --gpu");
        }
    }

    /** Of several engines none is the one that a file does not name. */
    private Given given() {
        Given given = names.given();
        boolean several = names.engine != null && names.engine.contains(",");
        return several ? new Given(given.model(), given.gpu(), null, given.weightFormat()) : given;
    }

    private void skipped(List<KernelTable> kernels) {
        Map<String, Integer> counts = new TreeMap<>();
        kernels.forEach(table -> table.skipped().forEach((reason, rows) -> counts.merge(reason, rows, Integer::sum)));
        int all = kernels.stream().mapToInt(KernelTable::rows).sum();
        counts.forEach(
                (reason, rows) -> console.remark(rows + " of " + all + " rows of kernels play no part: " + reason));
    }

    /** The rows of all files that hold measurements of passes; tables of kernels are put beside them. */
    private List<Resolved> rows(ProfileLibrary library, List<KernelTable> kernels) {
        MeasurementFiles reader = new MeasurementFiles(library, given(), console.in());
        List<RowPattern> patterns = ValidateCommand.Figures.patterns("--where", where);
        boolean any = ValidateCommand.Figures.isAnyTrust(trust);
        MeasuredCases cases = new MeasuredCases(library);
        List<Resolved> rows = new ArrayList<>();
        for (String file : files) {
            KernelTable table = reader.kernels(file);
            if (table != null) {
                kernels.add(table);
                continue;
            }
            for (Measurement measurement : reader.read(file)) {
                Resolved row = cases.resolve(any ? measurement.counted() : measurement);
                if (patterns.stream().allMatch(pattern -> pattern.keeps(row))) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    private void keep(Profile<Engine> profile, Fit fit, ProfileLibrary library) {
        List<Engine> engines = fit.engines();
        if (keep.file != null) {
            List<Profile<Engine>> others = engines.size() == 1 ? List.of() : library.extending(profile.name());
            String file = engines.size() == 1 ? keep.file : keep.file + "/" + profile.name() + JSON;
            write(file, FittedEngine.profile(profile, engines.get(0), keep.save == null ? profile.name() : keep.save));
            for (int i = 0; i < others.size(); i++) {
                Profile<Engine> other = others.get(i);
                write(
                        keep.file + "/" + other.name() + JSON,
                        FittedEngine.profile(other, engines.get(i + 1), other.name()));
            }
        }
        if (keep.save != null) {
            Profile<Engine> fitted = FittedEngine.profile(profile, engines.get(0), keep.save);
            console.remark("saved as "
                    + UserProfiles.save(
                            ProfileKind.ENGINE, fitted, keep.save, keep.force, library, console.environment()));
        }
    }

    private static void write(String file, Profile<Engine> fitted) {
        OutputFile.write("--profile-out", file, CatalogueReport.document(fitted));
    }

    /** The whole file, where it is a table of times; null where it is anything else. */
    private byte @Nullable [] timesOf(String word) {
        if (word.equals(STANDARD_INPUT)) {
            return null;
        }
        try (InputStream in = Files.newInputStream(Path.of(word))) {
            byte[] bytes = in.readAllBytes();
            BufferedReader reader =
                    new BufferedReader(new InputStreamReader(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8));
            String first = reader.readLine();
            return first != null && LineFit.isHeader(first) ? bytes : null;
        } catch (IOException | InvalidPathException e) {
            return null; // the reader of measurements says what is wrong with it
        }
    }

    /** The floor for the model and device given beside a table of times; null where they are not. */
    private @Nullable Estimate floor(ProfileLibrary library, LineFit line) {
        if (names.model == null || names.gpu == null) {
            return null;
        }
        ScenarioOptions scenario = new ScenarioOptions();
        scenario.model.model = names.model;
        scenario.model.dtype = names.dtype;
        scenario.device.gpu = names.gpu;
        scenario.engine.engine = "ideal";
        scenario.workload.promptTokens = promptTokens;
        scenario.workload.outputTokens = String.valueOf(Math.max(2, line.points()));
        return Estimator.estimate(scenario.scenario(library));
    }
}
