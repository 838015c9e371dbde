package llmlatency.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.document.NearestNames;
import llmlatency.report.VerdictFormat;
import llmlatency.report.VerdictReport;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Shift;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Do these deployments keep their latency budgets? */
@Command(
        name = "check",
        description = {
            "Do these deployments keep their latency budgets? Exit code 0 if they do, 1 if not.",
            "A budget file holds several; options beside it hold for all of them, and win. With --concurrency or"
                    + " --request-rate the limits are for what users see under load. The network is never used."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency check budgets.json",
            "  llm-latency check budgets.json -f markdown >> $GITHUB_STEP_SUMMARY",
            "  llm-latency check -m 7b -g rtx4090 -d fp16 --max-ttft 300ms --max-tpot 20ms",
            "  llm-latency check -m llama-3.1-8b -g h100-sxm --concurrency 64 --max-tpot 30ms",
            "  llm-latency check -m 7b -g l4 --min-tokens-per-second 50 -f json | jq .kept"
        })
final class CheckCommand implements Callable<Integer> {
    private static final long LARGEST_BASELINE = 64 << 20;
    private final Console console;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "BUDGET",
            description = "A JSON file with deployments and their limits; - reads standard input.")
    @Nullable
    String budget;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Of a budget file, check the deployment of this name alone. May repeat.")
    List<String> only = new ArrayList<>();

    @Mixin
    DeploymentOptions deployment = new DeploymentOptions();

    @Mixin
    Before before = new Before();

    @Mixin
    Show show = new Show();

    @Mixin
    Purity profiles = new Purity();

    /** What it was earlier. */
    static final class Before {
        @Option(
                names = "--baseline",
                paramLabel = "FILE",
                description = "What check -f json printed earlier: also says what moved since, and why.")
        @Nullable
        String baseline;

        @Option(
                names = "--max-regression",
                paramLabel = "PERCENT",
                description = "Fail where a limited figure became worse by more than this because the question"
                        + " changed: 5%%; default: only say so.")
        @Nullable
        String maxRegression;

        /** By how many percent a figure may become worse; null: by any. */
        @Nullable
        Double allowedPercent() {
            if (maxRegression == null) {
                return null;
            }
            String number = maxRegression.replaceFirst("\\s*%$", "").strip();
            if (baseline == null) {
                throw new Refusal("--max-regression compares with an earlier verdict; give --baseline FILE");
            }
            if (!number.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
                throw new Refusal("--max-regression: '" + maxRegression + "' is not a percentage, such as 5%");
            }
            return Double.valueOf(number);
        }
    }

    /** What to print. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "table (default), json, markdown, junit (XML for CI systems) or github (annotations).")
        @Nullable
        String format;

        @Override
        @Nullable
        String asked() {
            return format;
        }
    }

    /** Which profiles count. */
    static final class Purity extends ProfileOptions {
        @Option(
                names = "--no-user-profiles",
                description = "Leave out LLM_LATENCY_PROFILES and your own folder, so that every machine gives one"
                        + " verdict; folders of --profiles still count.")
        boolean noUserProfiles;

        @Override
        List<Path> overlays(Map<String, String> environment) {
            return noUserProfiles ? asked() : super.overlays(environment);
        }
    }

    CheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        VerdictFormat format = show.format(List.of(VerdictFormat.values()));
        Double allowed = before.allowedPercent();
        CommandSpec own = Objects.requireNonNull(spec, "picocli sets it");
        AskedOptions options = new AskedOptions(own);
        Asked given = options.given(own);
        Check check = new Check(console, profiles, options);
        List<Checked> deployments = new ArrayList<>();
        if (budget == null) {
            if (!only.isEmpty()) {
                throw new Refusal("--only names a deployment of a budget file, and there is none");
            }
            deployments.add(check.checked(given, deployment));
        } else {
            for (BudgetFile.Deployment item : selected(BudgetFile.read(budget, console, options))) {
                deployments.add(check.checked(item, given));
            }
        }
        Shift comparison =
                before.baseline == null ? null : check.comparison(baseline(before.baseline), deployments, allowed);
        Judgement judgement = new Judgement(deployments, Version.text(), check.used(), comparison);
        show.write(console, VerdictReport.text(judgement, format));
        Check.warnings(deployments).forEach(console::warn);
        return judgement.kept() ? ExitCode.ANSWERED : ExitCode.BUDGET_BROKEN;
    }

    private List<BudgetFile.Deployment> selected(List<BudgetFile.Deployment> all) {
        List<String> names = all.stream().map(BudgetFile.Deployment::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                List<String> near = NearestNames.among(names, name);
                throw new Refusal("--only: " + budget + " has no deployment named '" + name + "'"
                        + (near.isEmpty() ? "; it has " + String.join(", ", names) : "; " + NearestNames.hint(near)));
            }
        }
        return only.isEmpty()
                ? all
                : all.stream().filter(item -> only.contains(item.name())).toList();
    }

    private static Document baseline(String word) {
        try {
            Path path = Path.of(word);
            if (Files.isRegularFile(path) && Files.size(path) <= LARGEST_BASELINE) {
                return JsonReader.read(word, Files.readAllBytes(path));
            }
        } catch (IOException | InvalidPathException e) {
            throw new Refusal("--baseline: " + word + " cannot be read: " + e.getMessage());
        }
        throw new Refusal(
                "--baseline: there is no file " + word,
                "make one on the branch to compare with: check ... --json -o " + word);
    }
}
