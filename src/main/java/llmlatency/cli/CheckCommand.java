package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.estimate.Metric;
import llmlatency.report.ReportFormat;
import llmlatency.report.VerdictReport;
import llmlatency.study.Limit;
import llmlatency.study.Verdict;
import llmlatency.units.Refusal;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Does this deployment keep its latency budget? */
@Command(
        name = "check",
        description = {
            "Does this deployment keep its latency budget? Exit code 0 if it does, 1 if not.",
            "So far the floor is held against the limits: the best case, which no engine can beat.",
            "With --concurrency or --request-rate they are limits for what users see under load."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency check -m 7b -g rtx4090 -d fp16 --max-ttft 300ms --max-tpot 20ms",
            "  llm-latency check -m llama-3.1-8b -g h100-sxm --concurrency 64 --max-tpot 30ms",
            "  llm-latency check -m 7b -g l4 --min-tokens-per-second 50 -f json | jq .kept"
        })
final class CheckCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    Limits limits = new Limits();

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** The worst that is allowed. */
    static final class Limits {
        @Option(names = "--max-ttft", paramLabel = "TIME", description = "Longest time to the first token: 300ms.")
        @Nullable
        String maxTtft;

        @Option(names = "--max-tpot", paramLabel = "TIME", description = "Longest mean time of each later token: 20ms.")
        @Nullable
        String maxTpot;

        @Option(
                names = "--min-tokens-per-second",
                paramLabel = "RATE",
                description = "Slowest decode speed of the batch, or tokens of all users under load: 50.")
        @Nullable
        String minTokensPerSecond;

        @Option(names = "--max-total", paramLabel = "TIME", description = "Longest time to the last token: 5s.")
        @Nullable
        String maxTotal;

        @Option(names = "--allow-misfit", description = "Let it pass although it does not fit in memory.")
        boolean allowMisfit;

        /**
         * The limits.
         *
         * @param load whether they hold for requests that keep coming, not for a batch alone
         */
        List<Limit> list(boolean load) {
            List<Limit> list = new ArrayList<>();
            add(list, load ? Metric.LOAD_TTFT : Metric.TTFT, "--max-ttft", maxTtft);
            add(list, load ? Metric.LOAD_TPOT : Metric.TPOT, "--max-tpot", maxTpot);
            add(list, load ? Metric.LOAD_TOTAL : Metric.TOTAL, "--max-total", maxTotal);
            if (minTokensPerSecond != null) {
                Metric metric = load ? Metric.LOAD_TOKENS_PER_SECOND : Metric.TOKENS_PER_SECOND;
                list.add(new Limit(metric, rate(minTokensPerSecond)));
            }
            if (list.isEmpty()) {
                throw new Refusal("check what? give at least one limit, such as --max-tpot 20ms, --max-ttft 300ms,"
                        + " --max-total 5s or --min-tokens-per-second 50");
            }
            return list;
        }

        private static void add(List<Limit> list, Metric metric, String option, @Nullable String text) {
            Seconds limit = OptionValue.optional(option, text, Seconds::parse);
            if (limit != null) {
                list.add(new Limit(metric, limit.milliseconds()));
            }
        }

        private static double rate(String text) {
            if (text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?") && Double.parseDouble(text) > 0) {
                return Double.parseDouble(text);
            }
            throw new Refusal("--min-tokens-per-second: '" + text + "' is not a number above zero, such as 50");
        }
    }

    /** What to print. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "table (default) or json.")
        @Nullable
        String format;

        @Override
        @Nullable
        String asked() {
            return format;
        }
    }

    CheckCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format(List.of(ReportFormat.TABLE, ReportFormat.JSON));
        List<Limit> asked = limits.list(scenario.workload.underLoad());
        Estimate estimate = Estimator.estimate(scenario.scenario(profiles.library(console)));
        Verdict verdict = Verdict.of(estimate, asked, limits.allowMisfit);
        show.write(console, VerdictReport.text(verdict, format, Version.text()));
        estimate.warnings().forEach(console::warn);
        return verdict.kept() ? ExitCode.ANSWERED : ExitCode.BUDGET_BROKEN;
    }
}
