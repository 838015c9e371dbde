package llmlatency.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import llmlatency.report.ComparisonReport;
import llmlatency.report.ReportFormat;
import llmlatency.study.Answer;
import llmlatency.study.Comparison;
import llmlatency.study.Measure;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which of these is best? */
@Command(
        name = "compare",
        description = {
            "Which of these GPUs, models, formats, engines or workloads is best? Side by side, ranked.",
            "Options that take one value in estimate take several here: lists (h100-sxm,l40s), ranges (1..64*2) and"
                    + " names with stars ('rtx*')."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency compare -m llama-3.1-8b -g h100-sxm,a100-sxm-80gb,l40s -p 1k -n 512",
            "  llm-latency compare -m 7b,qwen3-8b -g rtx4090 -d fp16,q4_k_m --sort ttft",
            "  llm-latency compare -m llama-3.1-70b -g '2x h100-sxm,4x a100-sxm-80gb' --sort cost",
            "  llm-latency compare -m llama-3.1-8b -g 'rtx4*' -f markdown"
        })
final class CompareCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** What to print. */
    static final class Show extends AnyFormat {
        @Option(
                names = {"-s", "--sort"},
                paramLabel = "FIGURE",
                description =
                        "What ranks them: tpot (default), ttft, total, tokens-per-second, cost, energy" + " or memory.")
        @Nullable
        String sort;
    }

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format();
        Measure measure = show.sort == null ? null : OptionValue.of("--sort", show.sort, Measure::parse);
        QuestionGrid questions =
                QuestionGrid.of(scenario, profiles.library(console).keeping());
        List<Answer> answers = answers(questions);
        Measure by = measure == null ? usual(answers) : measure;
        requireFigure(by, answers);
        Comparison comparison =
                Comparison.of(answers, by, questions.combinations().axes());
        boolean load = scenario.workload.underLoad();
        show.write(
                console,
                new ComparisonReport(comparison, load, answer -> questions.asked(answer.values())).text(format));
        Set<String> warnings = new LinkedHashSet<>();
        for (Answer answer : answers) {
            if (answer.estimate() != null) {
                warnings.addAll(answer.estimate().warnings());
            }
        }
        warnings.forEach(console::warn);
        return ExitCode.ANSWERED;
    }

    private static List<Answer> answers(QuestionGrid questions) {
        long size = questions.combinations().size();
        if (size > Comparison.MOST) {
            throw new Refusal(
                    "these lists make " + size + " combinations, more than " + Comparison.MOST
                            + " to compare side by side",
                    "llm-latency sweep writes any number of them");
        }
        List<Answer> answers = new ArrayList<>();
        Refusal first = null;
        boolean any = false;
        for (long number = 0; number < size; number++) {
            Answer answer = questions.answer(number);
            answers.add(answer);
            any |= answer.estimate() != null;
            first = first == null ? answer.refusal() : first;
        }
        if (!any && first != null) {
            throw first;
        }
        return answers;
    }

    /** TPOT, or TTFT where there is no TPOT. */
    private static Measure usual(List<Answer> answers) {
        return has(Measure.TPOT, answers) ? Measure.TPOT : Measure.TTFT;
    }

    private static boolean has(Measure measure, List<Answer> answers) {
        return answers.stream()
                .anyMatch(answer -> answer.estimate() != null && measure.floor(answer.estimate()) != null);
    }

    private static void requireFigure(Measure measure, List<Answer> answers) {
        if (has(measure, answers)) {
            return;
        }
        throw measure == Measure.COST
                ? new Refusal(
                        "--sort cost: no price is known of any of these",
                        "say it: --price 2.50 for all, or --price GPU=2.50")
                : new Refusal("--sort " + measure.key() + ": none of these has such a figure");
    }
}
