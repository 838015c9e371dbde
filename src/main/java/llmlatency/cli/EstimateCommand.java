package llmlatency.cli;

import java.util.concurrent.Callable;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.report.EstimateReport;
import llmlatency.report.ReportFormat;
import llmlatency.units.Refusal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How fast will this model run on this GPU? */
@Command(
        name = "estimate",
        description = "How fast will this model run on this GPU?",
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency estimate --model 7b --gpu rtx4090 --dtype fp16",
            "  llm-latency estimate -m llama-3.1-70b -g '4x h100-sxm' -p 4k -n 512 -b 8",
            "  llm-latency estimate -m qwen3-8b --bandwidth '1 TB/s' --peak 'bf16=90 TFLOP/s'",
            "  llm-latency estimate -m 7b -g rtx4090 -f json | jq .floor.tpot_ms"
        })
final class EstimateCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** What to print. */
    static final class Show extends AnyFormat {
        @Option(names = "--explain", description = "Show the arithmetic step by step, with numbers and sources.")
        boolean explain;

        @Option(
                names = {"-q", "--quiet"},
                description = "Leave out all below the memory lines.")
        boolean quiet;
    }

    EstimateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format();
        Estimate estimate = Estimator.estimate(scenario.scenario(profiles.library(console)));
        show.write(console, EstimateReport.text(estimate, format, detail()));
        estimate.warnings().forEach(console::warn);
        return ExitCode.ANSWERED;
    }

    private EstimateReport.Detail detail() {
        if (show.quiet && show.explain) {
            throw new Refusal("--quiet and --explain contradict each other; give one");
        }
        return show.quiet
                ? EstimateReport.Detail.BRIEF
                : show.explain ? EstimateReport.Detail.EXPLAINED : EstimateReport.Detail.USUAL;
    }
}
