package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.engine.Choice;
import llmlatency.engine.Era;
import llmlatency.engine.InForce;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.engine.Structure;
import llmlatency.estimate.BatchInWaves;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.units.Hertz;
import llmlatency.units.Seconds;

/** The arithmetic of what is expected: the engine's parameters, the formulas, and what comes of them. */
final class ExpectedExplanation {
    private static final int DIGITS = 4;
    private final Estimate estimate;
    private final Performance performance;
    private final Timings expected;
    private final List<String> lines = new ArrayList<>();

    private ExpectedExplanation(Estimate estimate, Performance performance, Timings expected) {
        this.estimate = estimate;
        this.performance = performance;
        this.expected = expected;
    }

    /** The lines, not yet wrapped; headings do not begin with a blank. None where nothing is expected. */
    static List<String> of(Estimate estimate) {
        if (estimate.performance() == null || estimate.expected() == null) {
            return List.of();
        }
        ExpectedExplanation explanation =
                new ExpectedExplanation(estimate, estimate.performance(), estimate.expected());
        explanation.setup();
        explanation.formulas();
        explanation.prefill();
        explanation.decode();
        explanation.interval();
        explanation.waves();
        return explanation.lines;
    }

    private void setup() {
        lines.add("Expected: what " + Wording.engine(estimate) + " makes of it");
        Era era = estimate.scenario().deployment().setup().era();
        add((era == null ? "" : "version " + era.name() + ", ") + "flash attention "
                + (performance.flashAttention() ? "on" : "off") + "; parameters "
                + switch (performance.closeness()) {
                    case 0 -> "in part of other kinds of device";
                    case 1 -> "of this kind of device";
                    default -> "of this very device";
                });
        double few = estimate.scenario()
                .deployment()
                .ofRank(estimate.scenario().workload().batch());
        double many = rows();
        if (expected.decode() == null || performance.hasFewRows(few) == performance.hasFewRows(many)) {
            inForce("in force for all passes", performance.inForce(many));
        } else {
            inForce("in force for the prompt's passes", performance.inForce(many));
            inForce("in force for decode steps", performance.inForce(few));
        }
        add("all other parameters are absent or at their usual values (engines.md)");
    }

    /** Rows of a pass of the prompt. */
    private double rows() {
        Workload workload = estimate.scenario().workload();
        long fresh = workload.promptTokens() - workload.cachedTokens();
        Long chunk = performance.microBatch();
        return (double) estimate.scenario().deployment().ofRank(workload.batch())
                * (chunk == null ? fresh : Math.min(chunk, fresh));
    }

    private void inForce(String title, InForce now) {
        add(title + ":");
        for (Map.Entry<Parameter, Rule.Value> entry : now.values().entrySet()) {
            add("  " + entry.getKey().key() + " " + EngineText.value(entry.getValue()));
        }
        for (Map.Entry<Choice, String> entry : now.choices().entrySet()) {
            add("  " + entry.getKey().key() + " " + entry.getValue());
        }
    }

    private void formulas() {
        lines.add("Expected: how each operation is timed");
        add("reading = bytes / (weight_bandwidth x format_bandwidth x bandwidth), experts by expert_bandwidth");
        add("computing = FLOP x wave / (matrix_share x format_share x matrix_rate), experts by expert_share");
        add("matrix product = (reading^p + computing^p)^(1/p) with p = overlap, and what unpacking takes");
        add("attention = cache_reads x cache bytes / (cache_bandwidth x bandwidth) + FLOP / (attention_share x"
                + " attention_rate) + what each head and position takes");
        add("never less than the floor's time of the operation; engines.md has every term");
        Gpu gpu = estimate.scenario().deployment().gpu();
        Hertz clock = gpu.build().clock();
        Integer units = gpu.build().units();
        add(gpu.name() + ": " + (units == null ? "number of units not known" : units + " units") + ", clock "
                + (clock == null ? "assumed" : Decimals.significant(clock.value() / 1e9, DIGITS) + " GHz"));
        Structure layers = performance.structure();
        add("outside the operations a pass takes " + layers.layers() + " x (layer_time + layer_clocks / clock) + "
                + layers.experts() + " x (expert_layer_time + expert_layer_clocks / clock) + " + layers.states()
                + " x state_layer_time + " + layers.latents() + " x latent_layer_time + pass_time");
        int stages = estimate.scenario().deployment().parallelism().stages();
        if (stages > 1) {
            add("layers split over " + stages + ": split_time more a pass; a prompt of p parts takes"
                    + " (g + n - 1) / (g n) x (1 + split_loss (n - 1)) of its parts' time, g = min(p, split_parts)");
        }
        int tensor = estimate.scenario().deployment().parallelism().tensor();
        if (tensor > 1) {
            add("communication of a pass: 2 x " + layers.layers() + " x all_reduce_time");
        }
    }

    private void prefill() {
        Long chunk = performance.microBatch();
        lines.add("Expected: prefill"
                + (chunk == null ? ", in one pass" : ", in passes of at most " + Decimals.whole(chunk) + " tokens"));
        phase(expected.prefill());
        add("b = " + ms(expected.prefill().time(), 6) + " ms");
    }

    private void decode() {
        Decode decode = expected.decode();
        if (decode == null) {
            return;
        }
        lines.add("Expected: decode, means of "
                + Decimals.whole(estimate.scenario().workload().decodeSteps()) + " steps");
        phase(decode.mean());
        add("k = " + ms(decode.mean().time(), 6) + " ms; total = b + "
                + Decimals.whole(estimate.scenario().workload().decodeSteps()) + " k = " + ms(expected.total(), 6)
                + " ms");
    }

    private void phase(Phase phase) {
        for (OperationTime operation : phase.operations()) {
            add(operation.count() + " x " + OffloadText.name(operation) + ": moving " + ms(operation.moving(), DIGITS)
                    + " ms, computing " + ms(operation.computing(), DIGITS) + " ms: "
                    + ms(operation.time(), DIGITS) + " ms (" + operation.bound().key() + ")");
        }
        add("outside the operations: " + ms(phase.breakdown().overhead(), DIGITS) + " ms; between devices: "
                + ms(phase.breakdown().communication(), DIGITS) + " ms");
    }

    private void interval() {
        Interval interval = estimate.interval();
        if (interval == null) {
            return;
        }
        Double prompt = performance.interval(rows());
        Double step = performance.interval(estimate.scenario()
                .deployment()
                .ofRank(estimate.scenario().workload().batch()));
        if (prompt == null || step == null) {
            return;
        }
        lines.add("Expected: the interval, " + Decimals.fixed(100 * Interval.LEVEL, 0) + " % of measurements");
        add("b times exp(-" + number(prompt) + ") to exp(" + number(prompt) + "): "
                + ms(interval.low().ttft(), DIGITS) + " to "
                + ms(interval.high().ttft(), DIGITS) + " ms");
        Seconds low = interval.low().tpot();
        Seconds high = interval.high().tpot();
        if (low != null && high != null) {
            add("k times exp(-" + number(step) + ") to exp(" + number(step) + "): " + ms(low, DIGITS) + " to "
                    + ms(high, DIGITS) + " ms");
        }
        add("the fast end is never below the floor");
    }

    private void waves() {
        BatchInWaves waves = estimate.waves();
        if (waves == null) {
            return;
        }
        lines.add("Expected: the batch in waves, since memory does not hold it at once");
        long batch = estimate.scenario().workload().batch();
        add("B_max = (usable x utilisation - weights - reserve) / cache of P + n tokens; "
                + (waves.whole()
                        ? "ceil(" + Decimals.whole(batch) + " / B_max) = "
                                + Decimals.significant(waves.waves().count(), DIGITS) + " equal waves of "
                                + Decimals.whole(waves.waves().batch())
                        : Decimals.whole(batch) + " / "
                                + Decimals.whole(waves.waves().batch()) + " = "
                                + Decimals.significant(waves.waves().count(), DIGITS) + " waves"));
        add("total = waves x (b + (n - 1) k of a batch of "
                + Decimals.whole(waves.waves().batch()) + ") = " + ms(waves.expected(), 6) + " ms, floor "
                + ms(waves.floor(), 6) + " ms");
    }

    private static String number(double value) {
        return Decimals.machine(value).toPlainString();
    }

    private static String ms(Seconds time, int digits) {
        return Decimals.significant(time.milliseconds(), digits);
    }

    private void add(String text) {
        lines.add("  " + text);
    }
}
