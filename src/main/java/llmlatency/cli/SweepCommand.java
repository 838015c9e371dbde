package llmlatency.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import llmlatency.document.NearestNames;
import llmlatency.estimate.Estimate;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.EstimateRows;
import llmlatency.report.ReportFormat;
import llmlatency.study.Answer;
import llmlatency.study.Shard;
import llmlatency.study.Sweep;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A whole grid of estimates, streamed. */
@Command(
        name = "sweep",
        description = {
            "A whole grid of estimates as rows, one for each combination of values.",
            "Options that take one value in estimate take several here: lists (512,4k), ranges (1..256*2, 512..4k+512)"
                    + " and names with stars ('rtx*'). What is impossible is a row that says why."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency sweep -m llama-3.1-8b -g 'rtx*' -b '1..256*2' -o batches.csv",
            "  llm-latency sweep -m '*' -g '*' -d fp16,fp8,int4 -f ndjson -o all.ndjson",
            "  llm-latency sweep -m 7b,qwen3-8b -g h100-sxm,l40s -p 512,4k,32k --columns \\",
            "      question_model,question_gpu,question_prompt_tokens,expected_tpot_ms",
            "  llm-latency sweep -m '*' -g '*' -b '1..512*2' --shard 3/8 -o part-3.csv"
        })
final class SweepCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** What to write. */
    static final class Show extends OutputOptions {
        @Option(
                names = {"-f", "--format"},
                paramLabel = "FORMAT",
                description = "csv (default) or ndjson.")
        @Nullable
        String format;

        @Option(
                names = "--columns",
                paramLabel = "NAME,...",
                description = "Only these columns, such as question_gpu,expected_tpot_ms.")
        @Nullable
        String columns;

        @Option(
                names = "--shard",
                paramLabel = "I/N",
                description = "Only the I-th of N parts of the rows, I from 1; joined in order they are the whole.")
        @Nullable
        String shard;

        @Option(
                names = {"-q", "--quiet"},
                description = "Show no progress.")
        boolean quiet;

        @Override
        @Nullable
        String asked() {
            return format == null && !json ? ReportFormat.CSV.key() : format;
        }

        List<String> columns(EstimateRows.Parts parts) {
            if (columns == null) {
                return List.of();
            }
            List<String> known = EstimateRows.columns(parts);
            List<String> asked = new ArrayList<>();
            for (String name : columns.split(",", -1)) {
                if (!known.contains(name.strip())) {
                    List<String> near = NearestNames.among(known, name.strip());
                    throw new Refusal(
                            "--columns: there is no column '" + name.strip() + "'" + NearestNames.question(near));
                }
                asked.add(name.strip());
            }
            return asked;
        }
    }

    SweepCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format(List.of(ReportFormat.CSV, ReportFormat.NDJSON));
        Shard shard = show.shard == null ? Shard.WHOLE : OptionValue.of("--shard", show.shard, Shard::parse);
        ProfileLibrary library = profiles.library(console).keeping();
        QuestionGrid questions = QuestionGrid.of(scenario, library);
        EstimateRows.Parts parts = parts(questions);
        EstimateRows rows = new EstimateRows(format, parts, show.columns(parts), List.of(EstimateRows.REFUSED));
        if (show.out == null) {
            return run(questions, rows, shard, console::print);
        }
        try (OutputFile file = OutputFile.open("--out", show.out)) {
            file.deleteWhenInterrupted();
            int code = run(questions, rows, shard, bytes -> {
                file.append(bytes);
                return true;
            });
            file.finish();
            return code;
        }
    }

    /** What rows have follows from the question alone, so that every shard has the same columns. */
    private EstimateRows.Parts parts(QuestionGrid questions) {
        boolean load = scenario.workload.underLoad();
        boolean several = questions.values("--batch").stream().anyMatch(batch -> Counts.parse(batch, 0) > 1);
        return new EstimateRows.Parts(load, scenario.offload.isAsked(), several && !load);
    }

    /** Where rows go. */
    private interface Target {
        /** Writes on; whether anybody reads. */
        boolean write(byte[] bytes);
    }

    private int run(QuestionGrid questions, EstimateRows rows, Shard shard, Target target) {
        long size = questions.combinations().size();
        long from = shard.from(size);
        long to = shard.to(size);
        boolean shown = !show.quiet && Terminal.isAt(console, 2);
        Progress progress = new Progress(console, to - from, shown, Progress.USUAL_INTERVAL);
        AtomicLong answered = new AtomicLong();
        AtomicReference<Refusal> refused = new AtomicReference<>();
        if (shard.number() == 1 && !target.write(bytes(rows.header()))) {
            return ExitCode.ANSWERED;
        }
        Sweep.run(
                from,
                to,
                (start, end) -> {
                    StringBuilder text = new StringBuilder();
                    for (long number = start; number < end; number++) {
                        Answer answer = questions.answer(number);
                        Estimate estimate = answer.estimate();
                        if (estimate != null) {
                            answered.incrementAndGet();
                            rows.append(text, estimate, NOT_REFUSED);
                        } else if (answer.refusal() != null) {
                            refused.compareAndSet(null, answer.refusal());
                            rows.appendRefused(
                                    text,
                                    questions.asked(answer.values()),
                                    List.of(answer.refusal().message()));
                        }
                    }
                    return bytes(text.toString());
                },
                (block, count) -> {
                    boolean more = target.write(block);
                    progress.add(count);
                    return more;
                });
        progress.end();
        Refusal first = refused.get();
        if (first != null && answered.get() == 0) {
            throw first;
        }
        return ExitCode.ANSWERED;
    }

    /** A list may not hold null, so that this one is an array's. */
    private static final List<@Nullable Object> NOT_REFUSED = java.util.Arrays.asList((Object) null);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
