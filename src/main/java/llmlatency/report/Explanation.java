package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Rate;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.units.Assumption;
import llmlatency.units.Source;

/** The arithmetic of an estimate step by step with its numbers put in, so that a reader can redo it by hand. */
final class Explanation {
    private final Estimate estimate;
    private final Scenario scenario;
    private final Gpu gpu;
    private final List<String> lines = new ArrayList<>();

    Explanation(Estimate estimate) {
        this.estimate = estimate;
        this.scenario = estimate.scenario();
        this.gpu = scenario.deployment().gpu();
    }

    /** The lines, 80 columns at most. */
    List<String> lines() {
        if (lines.isEmpty()) {
            parameters();
            bytes();
            device();
            host();
            prefill();
            decode();
            ExpectedExplanation.of(estimate).forEach(this::either);
            LoadExplanation.of(estimate).forEach(this::either);
            memory();
            origins();
        }
        return List.copyOf(lines);
    }

    private void parameters() {
        heading("Parameters, each weight once");
        for (Model.Part part : scenario.model().parts()) {
            if (part.elements() > 0) {
                add(part.name() + ": " + part.count() + " x " + Decimals.whole(part.elements()) + " = "
                        + Decimals.whole(part.total()));
            }
        }
        add("in all " + Decimals.whole(estimate.model().parameters()) + "; used by one token "
                + Decimals.whole(estimate.model().activeParameters()) + ", of which in matrices "
                + Decimals.whole(estimate.model().activeMatrixParameters()));
    }

    private void bytes() {
        heading("Bytes");
        add("weights at " + Decimals.significant(scenario.weights().bitsPerWeight(), 6)
                + " bits (norms and biases at " + scenario.weights().vectorBits() + "): "
                + Wording.gb(estimate.model().weightBytes()) + " held, "
                + Wording.gb(estimate.model().weightBytesPerToken()) + " read for one token");
        add("cache at " + Decimals.significant(scenario.cache().bitsPerWeight(), 6) + " bits: "
                + Decimals.whole(Math.round(estimate.model().kvBytesPerToken()))
                + " bytes more with each token of a sequence");
    }

    private void device() {
        heading("Device");
        Parallelism layout = scenario.deployment().parallelism();
        if (layout.tensor() > 1) {
            add("TP " + layout.tensor()
                    + ": figures below are those of the fullest device; communication costs nothing in the floor");
        }
        layout(layout);
        int stages = layout.stages();
        if (stages > 1) {
            add((scenario.deployment().splitsLayers() ? "layers" : "PP " + stages + ": layers") + " split over "
                    + stages + ": a token passes one device after the other, and a prompt may keep all"
                    + " of them busy at once, a part each");
        }
        Rate rate = gpu.rate(scenario.weights());
        add(gpu.name() + ": " + Decimals.significant(gpu.bandwidth().value() / 1e9, 6) + " GB/s; "
                + scenario.weights().name() + " runs at "
                + Decimals.significant(rate.value().value() / 1e12, 5) + " TFLOP/s (" + rate.label() + ")");
        Rate scores = gpu.rate(scenario.cache());
        if (!scores.equals(rate)) {
            add("scores and values run in " + scenario.cache().name() + " at "
                    + Decimals.significant(scores.value().value() / 1e12, 5) + " TFLOP/s (" + scores.label() + ")");
        }
        add("each operation takes max(bytes / bandwidth, FLOP / rate)");
    }

    private void layout(Parallelism layout) {
        long batch = scenario.workload().batch();
        if (layout.data() > 1) {
            add("DP " + layout.data() + ": each rank holds all but the experts, whole or cut by TP, and works on "
                    + Decimals.whole(scenario.deployment().ofRank(batch)) + " of " + Decimals.whole(batch)
                    + " sequences; experts meet the tokens of all ranks");
        }
        if (layout.expert() > 1 || layout.data() > 1) {
            add("experts lie on TP x DP = " + layout.expertDevices() + " devices: EP " + layout.expert()
                    + " groups, each expert cut into " + layout.expertTensor()
                    + "; the floor shares their reading and their work evenly");
        }
        int replicas = scenario.deployment().replicas();
        if (replicas > 1) {
            add(replicas + " replicas: whole copies of " + Decimals.whole(layout.devices())
                    + (layout.devices() == 1 ? " device" : " devices") + ", the figures are those of the fullest");
        }
    }

    private void host() {
        OffloadText offload = OffloadText.of(estimate);
        if (offload != null) {
            offload.explained().forEach(this::either);
        }
    }

    private void prefill() {
        Workload workload = scenario.workload();
        long fresh = workload.promptTokens() - workload.cachedTokens();
        heading("Prefill: " + scenario.deployment().ofRank(workload.batch()) + " x " + Decimals.whole(fresh)
                + " new tokens on " + Decimals.whole(workload.cachedTokens()) + " cached ones");
        phase(estimate.floor().prefill());
        add("b = " + ms(estimate.floor().prefill()) + " ms, the time to the first token");
    }

    private void decode() {
        Decode decode = estimate.floor().decode();
        if (decode == null) {
            return;
        }
        Workload workload = scenario.workload();
        long steps = workload.decodeSteps();
        heading("Decode: step i = 1 .. " + Decimals.whole(steps) + " reads " + Decimals.whole(workload.promptTokens())
                + " + i cache entries; means");
        phase(decode.mean());
        add("k = sum of all steps / " + Decimals.whole(steps) + " = "
                + Decimals.significant(decode.total().milliseconds(), 6) + " ms / " + Decimals.whole(steps) + " = "
                + ms(decode.mean()) + " ms");
        add("total = b + " + Decimals.whole(steps) + " k = "
                + Decimals.significant(estimate.floor().total().milliseconds(), 6) + " ms");
    }

    private void phase(Phase phase) {
        for (OperationTime operation : phase.operations()) {
            add(operation.count() + " x " + OffloadText.name(operation) + ": "
                    + Decimals.significant(operation.bytes() / 1e9, 4) + " GB, "
                    + Decimals.significant(operation.flops() / 1e12, 4) + " TFLOP: "
                    + Decimals.significant(operation.time().milliseconds(), 4) + " ms ("
                    + operation.bound().key() + ")");
        }
    }

    private static String ms(Phase phase) {
        return Decimals.significant(phase.time().milliseconds(), 6);
    }

    private void memory() {
        heading("Memory of the fullest device");
        Memory memory = estimate.memory();
        add(Decimals.whole(memory.weightBytes()) + " weights + " + Decimals.whole(memory.kvCacheBytes())
                + " cache + " + Decimals.whole(memory.activationBytes()) + " activations + "
                + Decimals.whole(memory.reserveBytes()) + " reserve = " + Decimals.whole(memory.totalBytes())
                + " bytes"
                + (memory.capacityBytes() == null ? "" : " of " + Decimals.whole(memory.capacityBytes())));
        Memory.Host host = memory.host();
        if (host != null) {
            add("on the host " + Decimals.whole(host.weightBytes()) + " weights + "
                    + Decimals.whole(host.kvCacheBytes()) + " cache = " + Decimals.whole(host.totalBytes()) + " bytes"
                    + (host.capacityBytes() == null ? "" : " of " + Decimals.whole(host.capacityBytes())));
        }
    }

    private void origins() {
        heading("Assumed");
        for (Assumption assumption : estimate.assumptions()) {
            add("* " + assumption.what() + ": " + assumption.value() + " (" + assumption.why() + ")");
        }
        heading("Sources");
        for (Source source : estimate.sources()) {
            String kind = source.kind().name().toLowerCase(Locale.ROOT);
            add(source.title() + " (" + kind + ")" + (source.url() == null ? "" : " " + source.url()));
        }
    }

    /** A line that another part of the explanation adds: a heading where it does not begin with a blank. */
    private void either(String line) {
        if (line.startsWith(" ")) {
            lines.addAll(Wording.wrapped(line, "    ").lines().toList());
        } else {
            heading(line);
        }
    }

    private void heading(String text) {
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(text);
    }

    private void add(String text) {
        lines.addAll(Wording.wrapped("  " + text, "    ").lines().toList());
    }
}
