package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Offload;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timeline;
import llmlatency.estimate.Timings;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Rate;
import llmlatency.model.Placement;
import llmlatency.units.Seconds;
import llmlatency.work.Place;
import org.jspecify.annotations.Nullable;

/** What stays on the host, and what that costs, in words. */
final class OffloadText {
    private static final double GIGA = 1e9;
    private static final double TERA = 1e12;
    private final Estimate estimate;
    private final Offload offload;

    private OffloadText(Estimate estimate, Offload offload) {
        this.estimate = estimate;
        this.offload = offload;
    }

    /** The text of an estimate; null where nothing stays on the host. */
    static @Nullable OffloadText of(Estimate estimate) {
        Offload offload = estimate.scenario().deployment().offload();
        return offload == null ? null : new OffloadText(estimate, offload);
    }

    /** The time of a phase that belongs to what lies on the host; the rest belongs to devices and what is around them. */
    static Seconds onHost(Phase phase) {
        double seconds = 0;
        for (OperationTime operation : phase.operations()) {
            seconds += operation.place() == Place.HOST ? operation.time().value() : 0;
        }
        return new Seconds(seconds);
    }

    /** The rest of it; a difference of sums is not below nothing. */
    static Seconds onDevice(Phase phase) {
        return new Seconds(Math.max(0, phase.time().value() - onHost(phase).value()));
    }

    /** The name of an operation with where it lies, if not on the device. */
    static String name(OperationTime operation) {
        return operation.place() == Place.HOST ? operation.name() + " (host)" : operation.name();
    }

    /** What lies where, behind the hardware: {@code 20 of 32 layers and the head; rest on cpu-ddr5-5600}. */
    String subject() {
        return ", with " + parts() + " on " + offload.host().name();
    }

    private String parts() {
        Placement placement = offload.placement();
        int all = estimate.scenario().model().layerCount();
        int there = all - placement.onDevices(all);
        List<String> parts = new ArrayList<>();
        if (there > 0) {
            parts.add(there + " of " + all + " layers");
        }
        if (placement.hostExperts() > there) {
            parts.add(
                    placement.hostExperts() >= all
                            ? "all experts"
                            : "experts of the first " + placement.hostExperts() + " layers");
        }
        if (placement.head() == Place.HOST) {
            parts.add("the head");
        }
        return parts.isEmpty() ? "the tables" : String.join(" and ", parts);
    }

    /** How much of each phase the host holds, a line each. */
    List<String> shares() {
        List<String> lines = new ArrayList<>();
        share(lines, "floor", estimate.floor());
        Timings expected = estimate.expected();
        if (expected != null) {
            share(lines, "expected", expected);
        }
        return lines;
    }

    private static void share(List<String> lines, String block, Timings timings) {
        Decode decode = timings.decode();
        lines.add(block + ": " + share(timings.prefill(), "prompt")
                + (decode == null ? "" : ", " + share(decode.mean(), "step")));
    }

    private static String share(Phase phase, String word) {
        return Wording.duration(onHost(phase), 3) + " of a " + word + "'s " + Wording.duration(phase.time(), 3);
    }

    /** Whether the host's part fits, in a line. */
    String fits() {
        Memory.Host host = estimate.memory().host();
        if (host == null) {
            return "";
        }
        Long capacity = host.capacityBytes();
        String parts = " (weights " + Wording.gib(host.weightBytes(), 2) + " + KV cache "
                + Wording.gib(host.kvCacheBytes(), 2) + ")";
        String needed = Wording.gib(host.totalBytes(), 1);
        if (capacity == null) {
            return needed + " GiB needed; give --host-memory" + parts;
        }
        String sizes = needed + " of " + Wording.gib(capacity, 1) + " GiB" + parts;
        return Boolean.TRUE.equals(host.fits()) ? "fits: " + sizes : "does not fit: needs " + sizes;
    }

    /** The arithmetic, as lines of an explanation. */
    List<String> explained() {
        List<String> lines = new ArrayList<>();
        lines.add("Host");
        Gpu host = offload.host();
        lines.add("  on the host: " + parts() + "; tables that tokens are looked up in lie there too");
        lines.add("  " + host.name() + ": "
                + Decimals.significant(host.bandwidth().value() / GIGA, 6) + " GB/s" + rate(host));
        lines.add(
                offload.link() == null
                        ? "  its link to the device is not known: what lies on the host runs on its CPU"
                        : "  link to the device: "
                                + Decimals.significant(offload.link().value() / GIGA, 6)
                                + " GB/s; an operation of the host takes the less of max(bytes / host bandwidth, FLOP /"
                                + " host rate) and max(bytes / link, FLOP / the device's rate)");
        lines.add("  layers run one after the other, so that the times of both places add up");
        for (String share : shares()) {
            lines.add("  " + share);
        }
        expected(lines);
        return lines;
    }

    private String rate(Gpu host) {
        if (host.peaks().isEmpty()) {
            return "; no rate is known, so that its arithmetic takes no time";
        }
        Rate rate = host.rate(estimate.scenario().weights());
        return "; " + estimate.scenario().weights().name() + " runs at "
                + Decimals.significant(rate.value().value() / TERA, 5) + " TFLOP/s (" + rate.label() + ")";
    }

    private void expected(List<String> lines) {
        Performance performance = estimate.performance();
        Performance there = performance == null ? null : Timeline.hostPerformance(estimate.scenario(), performance);
        if (performance == null || there == null) {
            return;
        }
        lines.add("Expected: on the host, by the engine's rules for CPUs");
        there.inForce(1)
                .values()
                .forEach((parameter, value) -> lines.add("    " + parameter.key() + " " + EngineText.value(value)));
        Double from = performance.find(Parameter.HOST_COPY_ROWS, 1);
        if (from != null && offload.link() != null) {
            lines.add("  passes of " + Decimals.whole(Math.round(from))
                    + " rows or more carry the weights to the device: bytes / (host_link_share x link) + the device's"
                    + " time");
        }
        lines.add("  a step of fewer rows takes "
                + offload.placement().crossings(estimate.scenario().model())
                + " x host_crossing_time more, once for each change between device and host");
        lines.add("  outside the operations, each takes the share of its layers");
        lines.add("  the interval of what lies on the host is host_interval, or that of the rules for CPUs if wider");
    }
}
