package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmlatency.engine.Setup;
import llmlatency.estimate.BatchInWaves;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.model.Parallelism;
import llmlatency.units.Assumption;
import llmlatency.units.Seconds;
import llmlatency.units.Source;

/** Phrases that the reports for people share. */
final class Wording {
    static final int COLUMNS = 80;
    private static final double GIB = 0x1p30;
    private static final double GB = 1e9;
    /** Operations that hold less of a phase than this are not listed for people. */
    private static final double SMALLEST_SHARE = 0.0005;

    private Wording() {}

    /** Model, format and hardware with names in full, an alias resolved in sight. */
    static String subject(Estimate estimate) {
        Scenario scenario = estimate.scenario();
        Deployment deployment = scenario.deployment();
        String asked = scenario.modelAsked().equals(scenario.modelName()) ? "" : " (" + scenario.modelAsked() + ")";
        String star = isAssumed(estimate, "weight format") ? "*" : "";
        String count = deployment.gpus() == 1 ? "one " : deployment.gpus() + " x ";
        String layout = deployment.gpus() == 1 ? "" : ", " + layout(deployment);
        OffloadText offload = OffloadText.of(estimate);
        String own = scenario.weightsByDefault() ? " (its own)" : "";
        return scenario.modelName() + asked + ", " + scenario.weights().name() + star + own + ", on " + count
                + deployment.gpu().name() + layout + (offload == null ? "" : offload.subject());
    }

    /** How the model lies on several devices: {@code TP 2, PP 2, 2 replicas}. */
    static String layout(Deployment deployment) {
        Parallelism layout = deployment.parallelism();
        List<String> words = new ArrayList<>();
        if (deployment.splitsLayers()) {
            words.add("layers split");
        } else if (layout.tensor() > 1 || deployment.gpus() == 1) {
            words.add("TP " + layout.tensor());
        }
        if (layout.stages() > 1 && !deployment.splitsLayers()) {
            words.add("PP " + layout.stages());
        }
        if (layout.data() > 1) {
            words.add("DP " + layout.data());
        }
        if (layout.expert() > 1) {
            words.add("EP " + layout.expert());
        }
        if (layout.expert() > 1 && layout.expertTensor() > 1) {
            words.add("MoE-TP " + layout.expertTensor());
        }
        if (deployment.replicas() > 1) {
            words.add(deployment.replicas() + " replicas");
        }
        return String.join(", ", words);
    }

    /** Prompt, output, batch and engine; the cache's format where it is not that of the weights. */
    static String workload(Estimate estimate) {
        Scenario scenario = estimate.scenario();
        Workload workload = scenario.workload();
        String cached = workload.cachedTokens() == 0 ? "" : " (" + Decimals.whole(workload.cachedTokens()) + " cached)";
        String cache = scenario.cache().is(scenario.weights())
                ? ""
                : ", KV cache " + scenario.cache().name();
        return "prompt " + Decimals.whole(workload.promptTokens()) + cached + ", output "
                + Decimals.whole(workload.outputTokens())
                + (workload.demand() == null
                        ? ", batch " + Decimals.whole(workload.batch())
                        : ", one request alone, then " + LoadText.demanded(workload.demand()))
                + cache
                + ", engine " + engine(estimate)
                + (scenario.deployment().automatic() ? " (auto)" : "");
    }

    /** The engine, and what it runs on where there is a choice. */
    static String engine(Estimate estimate) {
        Setup setup = estimate.scenario().deployment().setup();
        return setup.engine().name() + (setup.backend() == null ? "" : "/" + setup.backend());
    }

    /** That nothing is expected beyond the floor, and why. */
    static String notExpected(Estimate estimate) {
        Deployment deployment = estimate.scenario().deployment();
        return deployment.engine().expects()
                ? "expected: nothing, " + whyNot(estimate)
                : "expected: not estimated, " + (deployment.automatic() ? whyNot(estimate) + "; " : "")
                        + "the floor is the best case";
    }

    /** Why nothing is expected beyond the floor. */
    static String whyNot(Estimate estimate) {
        Deployment deployment = estimate.scenario().deployment();
        if (deployment.engine().expects()) {
            return engine(estimate) + " has no parameters for this kind of device";
        }
        for (Assumption assumption : estimate.assumptions()) {
            if (deployment.automatic() && assumption.what().equals("engine")) {
                return assumption.why();
            }
        }
        return "of " + engine(estimate) + " nothing is expected beyond the floor";
    }

    /** A duration in the unit that fits: {@code 22.1 ms}. */
    static String duration(Seconds time, int digits) {
        double seconds = time.value();
        if (seconds >= 1) {
            return Decimals.significant(seconds, digits) + " s";
        }
        return seconds >= 1e-3 || seconds == 0
                ? Decimals.significant(seconds * 1e3, digits) + " ms"
                : Decimals.significant(seconds * 1e6, digits) + " us";
    }

    /** The times from one to another, in a unit that fits the later and with its decimals: {@code 16.2 - 18.5 ms}. */
    static String range(Seconds low, Seconds high, int digits) {
        String late = duration(high, digits);
        String unit = late.substring(late.indexOf(' '));
        double early = low.value() * (unit.equals(" s") ? 1 : unit.equals(" ms") ? 1e3 : 1e6);
        int point = late.indexOf('.');
        int decimals = point < 0 ? 0 : late.indexOf(' ') - point - 1;
        boolean near = low.value() >= high.value() / 10; // else too few digits would be left
        return (near ? Decimals.fixed(early, decimals) : Decimals.significant(early, 2)) + " - " + late;
    }

    /** The speeds from one to another: {@code 54.1 - 62.0 tok/s}. */
    static String rates(double slow, double fast) {
        String text = rate(slow);
        return text.substring(0, text.indexOf(' ')) + " - " + rate(fast);
    }

    static String rate(double tokensPerSecond) {
        return Decimals.significant(tokensPerSecond, tokensPerSecond >= 1000 ? 4 : 3) + " tok/s";
    }

    static String gib(double bytes, int decimals) {
        return Decimals.fixed(bytes / GIB, decimals);
    }

    static String gb(double bytes) {
        return Decimals.significant(bytes / GB, 4) + " GB";
    }

    /** Whether it fits, in a line. */
    static String fits(Estimate estimate) {
        Memory memory = estimate.memory();
        int gpus = estimate.scenario().deployment().gpus();
        String each = gpus == 1 ? "" : " on each of " + gpus;
        Long capacity = memory.capacityBytes();
        if (capacity == null) {
            return gib(memory.totalBytes(), 1) + " GiB needed" + each + "; no memory size is known, give --memory";
        }
        String star = isAssumed(estimate, "usable_share") ? "*" : "";
        String sizes = gib(memory.totalBytes(), 1) + " of " + gib(capacity, 1) + star + " GiB" + each;
        return Boolean.TRUE.equals(memory.deviceFits()) ? "fits: " + sizes : "does not fit: needs " + sizes;
    }

    /** What the memory is for. */
    static String memoryParts(Estimate estimate) {
        Memory memory = estimate.memory();
        return "weights " + gib(memory.weightBytes(), 2) + " + KV cache " + gib(memory.kvCacheBytes(), 2)
                + " + activations " + gib(memory.activationBytes(), 2) + "* + reserve "
                + Decimals.significant(memory.reserveBytes() / GIB, 1) + "*";
    }

    /** How a batch runs that does not fit at once, a line each; none where it does. */
    static List<String> waves(Estimate estimate) {
        BatchInWaves waves = estimate.waves();
        if (waves == null) {
            return List.of();
        }
        Workload workload = estimate.scenario().workload();
        double tokens = (double) workload.batch() * workload.outputTokens();
        boolean even = waves.waves().count() == Math.rint(waves.waves().count());
        List<String> lines = new ArrayList<>();
        lines.add(Decimals.fixed(waves.waves().count(), even ? 0 : 2) + " waves of "
                + Decimals.whole(waves.waves().batch())
                + " sequences"
                + (waves.whole() ? ", one after the other" : ", each place refilled as it falls free"));
        lines.add("all " + Decimals.whole(workload.batch()) + " sequences: floor " + duration(waves.floor(), 3)
                + ", expected " + duration(waves.expected(), 3) + ", "
                + rate(tokens / waves.expected().value()));
        if (waves.low() != null && waves.high() != null) {
            lines.add("80 % interval " + range(waves.low(), waves.high(), 3));
        }
        return lines;
    }

    /** What the host holds and what its part takes, a line each; none where nothing lies there. */
    static List<String> host(Estimate estimate) {
        OffloadText offload = OffloadText.of(estimate);
        if (offload == null) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(offload.fits());
        lines.addAll(offload.shares());
        return lines;
    }

    /** The largest context and batch, a line each; none where they are unknown. */
    static List<String> limits(Estimate estimate) {
        Memory memory = estimate.memory();
        List<String> lines = new ArrayList<>();
        Long context = memory.maxContextTokens();
        if (context != null) {
            boolean trained = memory.contextLimit() == Memory.ContextLimit.TRAINED_CONTEXT;
            lines.add(
                    context == 0
                            ? "no context fits at this batch"
                            : "largest context " + Decimals.whole(context) + " tokens "
                                    + (trained ? "(as trained)" : "(memory)"));
        }
        Long batch = memory.maxBatch();
        if (batch != null) {
            lines.add(
                    batch == 0
                            ? "no batch fits at this length"
                            : "largest batch " + Decimals.whole(batch) + " at this length");
        }
        return lines;
    }

    /** What the answer rests on, in a line to be wrapped. */
    static String assumed(Estimate estimate) {
        List<String> words = new ArrayList<>();
        for (Assumption assumption : estimate.assumptions()) {
            String value = assumption.value().length() <= 16 ? " (" + assumption.value() + ")" : "";
            words.add(assumption.what() + value);
        }
        return "* assumed: " + String.join(", ", words) + "; see --explain";
    }

    static boolean isAssumed(Estimate estimate, String what) {
        return estimate.assumptions().stream().anyMatch(a -> a.what().equals(what));
    }

    /** The sources of device and model, and where those of the engine are found, in a line to be wrapped. */
    static String sources(Estimate estimate) {
        List<String> words = new ArrayList<>();
        for (Source source : estimate.scenario().sources()) {
            words.add(source.title() + " (" + source.kind().name().toLowerCase(Locale.ROOT) + ")");
        }
        if (estimate.expected() != null) {
            words.add("engine parameters: see llm-latency show engine "
                    + estimate.scenario().deployment().engine().name());
        }
        return "Sources: " + String.join("; ", words) + ".";
    }

    /** The operations of a phase that matter, longest first; one unit down a column, chosen by the largest. */
    static Grid operations(String title, Phase phase, boolean flops) {
        List<OperationTime> operations = phase.operations().stream()
                .filter(operation -> share(operation, phase) >= SMALLEST_SHARE)
                .sorted((a, b) -> Double.compare(b.time().value(), a.time().value()))
                .toList();
        Scale time = Scale.of(operations, operation -> operation.time().value(), "s");
        Scale amount = flops
                ? Scale.of(operations, OperationTime::flops, "FLOP")
                : Scale.of(operations, OperationTime::bytes, "B");
        List<List<String>> rows = operations.stream()
                .map(operation -> List.of(
                        OffloadText.name(operation),
                        amount.text(flops ? operation.flops() : operation.bytes()),
                        time.text(operation.time().value()),
                        Decimals.fixed(100 * share(operation, phase), 0) + " %",
                        operation.bound().key()))
                .toList();
        return new Grid(
                List.of(
                        Grid.text(title),
                        Grid.number(flops ? "arithmetic" : "bytes"),
                        Grid.number("time"),
                        Grid.number("share"),
                        Grid.text("bound by")),
                rows);
    }

    private static double share(OperationTime operation, Phase phase) {
        return operation.time().value() / phase.time().value();
    }

    /** A label and a text beside it, which goes on under itself where a line is full. */
    static String beside(String label, String text) {
        return filled(label, " ".repeat(label.length()), text);
    }

    /** The text broken into lines of at most 80 columns, all but the first indented. */
    static String wrapped(String text, String indent) {
        return filled("", indent, text);
    }

    private static String filled(String start, String indent, String text) {
        StringBuilder out = new StringBuilder();
        StringBuilder line = new StringBuilder(start);
        String gap = "";
        for (String word : text.split("(?<=[^ ]) ", -1)) {
            if (!gap.isEmpty() && line.length() + 1 + word.length() > COLUMNS) {
                out.append(line).append('\n');
                line.setLength(0);
                line.append(indent).append(word);
            } else {
                line.append(gap).append(word);
            }
            gap = " ";
        }
        return out.append(line.toString().stripTrailing()).append('\n').toString();
    }
}
