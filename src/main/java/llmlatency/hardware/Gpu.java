package llmlatency.hardware;

import java.util.EnumMap;
import java.util.Map;
import java.util.StringJoiner;
import llmlatency.units.Bytes;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Hertz;
import llmlatency.units.Refusal;
import llmlatency.units.Watts;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * An accelerator, or a CPU, as far as its speed is concerned.
 *
 * @param name its name
 * @param usableMemory bytes that a program can have; null where no size is known
 * @param bandwidth memory bandwidth
 * @param peaks dense peak rates
 * @param build what else its programs' speed depends on
 * @param price what it costs to rent; null where that is not known
 */
public record Gpu(
        String name,
        @Nullable Bytes usableMemory,
        BytesPerSecond bandwidth,
        Map<Arithmetic, Peak> peaks,
        Build build,
        @Nullable Price price) {
    /**
     * How a device is built; each part null where it is not known.
     *
     * @param kind the kind of device, for which engines have parameters of their own
     * @param architecture its generation, as its vendor calls it
     * @param units multiprocessors, compute units or cores
     * @param clock boost clock
     * @param boardPower power limit
     * @param link rate of its fastest link to other devices, one way
     * @param node devices that reach each other at that rate; null: all
     * @param network rate between nodes, one way for each device
     */
    public record Build(
            @Nullable String kind,
            @Nullable String architecture,
            @Nullable Integer units,
            @Nullable Hertz clock,
            @Nullable Watts boardPower,
            @Nullable BytesPerSecond link,
            @Nullable Integer node,
            @Nullable BytesPerSecond network) {
        /** One that reaches all others at its link's rate. */
        public Build(
                @Nullable String kind,
                @Nullable String architecture,
                @Nullable Integer units,
                @Nullable Hertz clock,
                @Nullable Watts boardPower,
                @Nullable BytesPerSecond link) {
            this(kind, architecture, units, clock, boardPower, link, null, null);
        }

        /** The same with another link. */
        public Build linked(BytesPerSecond other) {
            return new Build(kind, architecture, units, clock, boardPower, other, node, network);
        }

        /** The same in nodes of so many devices. */
        public Build inNodes(int devices, BytesPerSecond between) {
            return new Build(kind, architecture, units, clock, boardPower, link, devices, between);
        }

        /** The rate at which so many devices reach each other, one way; null where it is not known. */
        public @Nullable BytesPerSecond rateOver(int devices) {
            return node == null || devices <= node ? link : network;
        }

        /** Nothing is known. */
        public static final Build UNKNOWN = new Build(null, null, null, null, null, null);
    }

    /** A device of which only the rates are known. */
    public Gpu(String name, @Nullable Bytes usableMemory, BytesPerSecond bandwidth, Map<Arithmetic, Peak> peaks) {
        this(name, usableMemory, bandwidth, peaks, Build.UNKNOWN);
    }

    /** A device without a known price. */
    public Gpu(
            String name,
            @Nullable Bytes usableMemory,
            BytesPerSecond bandwidth,
            Map<Arithmetic, Peak> peaks,
            Build build) {
        this(name, usableMemory, bandwidth, peaks, build, null);
    }

    /** The same device, built otherwise. */
    public Gpu with(Build other) {
        return new Gpu(name, usableMemory, bandwidth, peaks, other, price);
    }

    /** The same device at another price. */
    public Gpu at(@Nullable Price other) {
        return new Gpu(name, usableMemory, bandwidth, peaks, build, other);
    }

    public Gpu {
        Map<Arithmetic, Peak> copy = new EnumMap<>(Arithmetic.class);
        copy.putAll(peaks);
        peaks = copy;
    }

    /**
     * The fastest dense rate listed among those that the format may run at. A lone fp16 or bf16 rate serves both.
     *
     * <p>Source: how-it-counts.md. Holds for: the floor; a real engine may use a slower one.
     *
     * @throws Refusal when none is listed
     */
    public Rate rate(NumberFormat format) {
        Peak best = null;
        Arithmetic at = null;
        for (Arithmetic arithmetic : format.arithmetic()) {
            Arithmetic used = peaks.containsKey(arithmetic) ? arithmetic : other(arithmetic);
            Peak peak = peaks.get(used);
            boolean faster = peak != null
                    && (best == null || peak.fastest().value() > best.fastest().value());
            at = faster ? used : at;
            best = faster ? peak : best;
        }
        if (best == null || at == null) {
            throw new Refusal(
                    name + " lists no rate at least as wide as " + format.name() + "; it lists " + names(),
                    "state one: --peak \"" + format.arithmetic().get(0).key() + "=10 TFLOP/s\"");
        }
        return new Rate(best.fastest(), at, best.fasterNarrow());
    }

    /** Whether the device lists a rate of its own for the format's first arithmetic. */
    public boolean runsNatively(NumberFormat format) {
        return peaks.containsKey(format.arithmetic().get(0));
    }

    /** A lone fp16 or bf16 rate serves both. */
    private static Arithmetic other(Arithmetic arithmetic) {
        return arithmetic == Arithmetic.FP16
                ? Arithmetic.BF16
                : arithmetic == Arithmetic.BF16 ? Arithmetic.FP16 : arithmetic;
    }

    private String names() {
        StringJoiner names = new StringJoiner(", ");
        peaks.keySet().forEach(arithmetic -> names.add(arithmetic.key()));
        return peaks.isEmpty() ? "none" : names.toString();
    }
}
