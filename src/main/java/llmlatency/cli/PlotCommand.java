package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import llmlatency.estimate.Estimate;
import llmlatency.report.PlotReport;
import llmlatency.study.Answer;
import llmlatency.study.Chart;
import llmlatency.study.Charts;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The curves behind the figures. */
@Command(
        name = "plot",
        description = {
            "The curves behind the figures, in the terminal, as SVG or as one HTML file.",
            "Options take lists, ranges and names with stars, as in compare: each answer is a curve."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency plot -m 7b -g rtx4090 -d fp16",
            "  llm-latency plot --kind context -m llama-3.1-8b -g h100-sxm,l40s -o context.svg",
            "  llm-latency plot --kind batch -m llama-3.1-8b -g h100-sxm,a100-sxm-80gb -o batch.html",
            "  llm-latency plot --kind roofline -m 7b -g rtx4090 -d fp16 -f svg > roofline.svg"
        })
final class PlotCommand implements Callable<Integer> {
    private static final int MOST = 24;
    private static final int LEAST_WIDTH = 40;
    private static final int MOST_WIDTH = 1000;
    private final Console console;

    @Mixin
    Show show = new Show();

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** What a chart can be. */
    enum Format {
        TEXT,
        ASCII,
        SVG,
        HTML,
        CSV,
        JSON;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What to draw, and where. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-k", "--kind"},
                paramLabel = "KIND",
                description =
                        "line (default): y = kx + b; context: time per token against the context; batch or"
                                + " concurrency: throughput against latency; roofline: each operation under the device's limits.")
        String kind = "line";

        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "text, ascii, svg, html, csv or json; default: that of the name of --out, else text.")
        @Nullable
        String format;

        @Option(names = "--width", paramLabel = "N", description = "Columns of a text; default: those of the terminal.")
        @Nullable
        String width;

        @Override
        @Nullable
        String asked() {
            return format;
        }

        Format kindOfFile() {
            String word = json ? Format.JSON.key() : format;
            if (json && format != null && !format.equals(Format.JSON.key())) {
                throw new Refusal("--json and --format " + format + " contradict each other; give one");
            }
            if (word == null) {
                int point = out == null ? -1 : out.lastIndexOf('.');
                String end = out == null ? "" : out.substring(point + 1).toLowerCase(Locale.ROOT);
                word = switch (end) {
                    case "svg", "html", "csv", "json" -> end;
                    case "htm" -> "html";
                    default -> "text";
                };
            }
            for (Format known : Format.values()) {
                if (known.key().equals(word)) {
                    return known;
                }
            }
            throw new Refusal("--format '" + word + "' is none of text, ascii, svg, html, csv, json");
        }
    }

    PlotCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Format format = show.kindOfFile();
        Charts charts = OptionValue.of("--kind", show.kind, Charts::parse);
        if (charts == Charts.BATCH || charts == Charts.CONCURRENCY) {
            if (scenario.workload.batch != null || scenario.workload.underLoad()) {
                throw new Refusal("--kind " + show.kind + " draws all of them; leave out --batch, --concurrency and"
                        + " --request-rate");
            }
        }
        QuestionGrid questions =
                QuestionGrid.of(scenario, profiles.library(console).keeping());
        List<Answer> answers = answers(questions);
        List<Estimate> estimates = new ArrayList<>();
        for (Answer answer : answers) {
            if (answer.estimate() != null) {
                estimates.add(answer.estimate());
            }
        }
        PlotReport.Names names = PlotReport.names(questions.combinations().axes(), answers);
        boolean every = charts == Charts.BATCH || charts == Charts.CONCURRENCY;
        Chart chart = charts.of(
                estimates, names.each(), every ? names.subtitle().replace(", batch 1", "") : names.subtitle());
        show.write(console, text(chart, format));
        return ExitCode.ANSWERED;
    }

    private String text(Chart chart, Format format) {
        return switch (format) {
            case TEXT -> PlotReport.terminal(chart, width(), Terminal.isUnicode(console));
            case ASCII -> PlotReport.terminal(chart, width(), false);
            case SVG -> PlotReport.svg(chart);
            case HTML -> PlotReport.html(chart);
            case CSV -> PlotReport.csv(chart);
            case JSON -> PlotReport.json(chart);
        };
    }

    private int width() {
        if (show.width == null) {
            return Terminal.width(console);
        }
        long width = OptionValue.of("--width", show.width, text -> Counts.parse(text, LEAST_WIDTH));
        return (int) Math.min(MOST_WIDTH, width);
    }

    /** Those that are possible; the others are said to be left out. */
    private List<Answer> answers(QuestionGrid questions) {
        long size = questions.combinations().size();
        if (size > MOST) {
            throw new Refusal("these lists make " + size + " curves, more than " + MOST + " that can be told apart");
        }
        List<Answer> answers = new ArrayList<>();
        Refusal first = null;
        for (long number = 0; number < size; number++) {
            Answer answer = questions.answer(number);
            if (answer.estimate() != null) {
                answers.add(answer);
            } else if (answer.refusal() != null) {
                first = first == null ? answer.refusal() : first;
                if (size > 1) {
                    console.warn("left out: " + answer.refusal().message());
                }
            }
        }
        if (answers.isEmpty() && first != null) {
            throw first;
        }
        return answers;
    }
}
