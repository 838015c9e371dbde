package llmlatency.engine;

import llmlatency.hardware.Cost;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Pace;
import llmlatency.model.Parallelism;
import llmlatency.units.BytesPerSecond;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
import org.jspecify.annotations.Nullable;

/**
 * How an engine runs operations on a device: the same formulas for few rows and for many, with other parameters. Nothing
 * here is ever faster than the roofline; where an operation would be, the roofline holds.
 */
final class KernelTimes implements Pace {
    private static final double BITS_16 = 16;
    private static final double BYTES_16 = 2;
    private static final double SOFTNESS = 6;
    /** Two sums of squares a token, at 32 bit. */
    private static final double NORM_BYTES = 8;

    private static final double GATHER_AND_SCATTER = 1.5;
    private final Settings settings;
    private final Gpu gpu;
    private final Pace roofline;
    private final Structure structure;
    private final Parallelism layout;
    private final double rows;
    private final double sequences;
    private final double bandwidth;
    private final @Nullable Double clock;
    private final NumberFormat weights;
    private final double waiting;

    /**
     * @param rows rows of the pass
     * @param sequences sequences in it
     */
    KernelTimes(Settings settings, Case now, Pace roofline, Parallelism layout, double rows, double sequences) {
        Gpu gpu = now.gpu();
        this.settings = settings;
        this.gpu = gpu;
        this.roofline = roofline;
        this.structure = now.structure();
        this.weights = now.weights();
        this.waiting = 1 + settings.get(Parameter.RANK_WAIT) * (1 - 1.0 / layout.data());
        this.layout = layout;
        this.rows = rows;
        this.sequences = sequences;
        this.bandwidth = gpu.bandwidth().value();
        this.clock = gpu.build().clock() == null
                ? settings.find(Parameter.ASSUMED_CLOCK)
                : (Double) gpu.build().clock().value();
    }

    @Override
    public Cost cost(Operation operation) {
        Shape shape = operation.shape();
        Cost cost;
        if (shape instanceof Shape.Matrices matrices) {
            cost = product(operation, matrices);
        } else if (shape instanceof Shape.Experts experts) {
            cost = experts(operation, experts);
        } else if (shape instanceof Shape.Scores scores) {
            cost = scores(operation, scores);
        } else {
            cost = moved(operation);
        }
        double least = roofline.cost(operation).total();
        double total = Math.max(least, cost.total()) * waiting;
        return new Cost(cost.weights(), cost.cache(), cost.compute(), total);
    }

    /**
     * A matrix product: {@code t = (r^p + c^p)^(1/p) + u}; r reads the weights, c multiplies,
     * {@code c = FLOP · (1 + R/T) · wave / (share · rate)} for T rows, since few rows leave the units half idle; u unpacks
     * quantised weights for passes that need them plain, or quantises what they meet, and moves what a row takes in and
     * gives out.
     *
     * <p>Source: engines.md; p = 1 for kernels that load and compute in turn, large for those that overlap. Holds for:
     * one pass of any number of rows.
     */
    private Cost product(Operation operation, Shape.Matrices shape) {
        double read = weights(operation, settings.get(Parameter.WEIGHT_BANDWIDTH));
        double idle = wave(shape) * (1 + settings.get(Parameter.MATRIX_ROWS) / Math.max(1, shape.rows()));
        double quantised = quantised(operation, shape.elements());
        double multiply = computing(operation, idle, quantised, Parameter.MATRIX_SHARE);
        double total = settings.get(Parameter.BACK_TO_BACK) * joined(read, multiply, settings.get(Parameter.OVERLAP))
                + quantised * unpacking();
        double beside =
                settings.get(Parameter.MATRIX_TIME) + (quantised == 0 ? 0 : settings.get(Parameter.QUANTISE_TIME));
        double moved = shape.rows() * shape.widths() * BYTES_16 * settings.get(Parameter.ACTIVATION_PASSES) / bandwidth;
        total += settings.get(Parameter.KERNEL_SHARE) * beside + moved;
        return new Cost(read, 0, multiply, total);
    }

    /**
     * Experts: as a product, with {@code c = FLOP · (1 + M/m) / (share · rate)} for m rows an expert, since a product of
     * few rows leaves the units half idle, times {@code 1 + w/g} for slices of width g; and besides
     * {@code s·log₂(1 + N) + v·(d + g) + (p·N + q·T·k)·(d + g)/units}: N pairs on the device are sorted by expert, a
     * nearly empty call still walks over both widths, and the pairs' values are gathered and put back.
     *
     * <p>Source: engines.md. Holds for: grouped products of distinct experts under uniform routing.
     */
    private Cost experts(Operation operation, Shape.Experts shape) {
        double narrow = 1 + settings.get(Parameter.EXPERT_NARROW) / shape.slice();
        double read = narrow * weights(operation, settings.get(Parameter.EXPERT_BANDWIDTH, Parameter.WEIGHT_BANDWIDTH));
        Parameter share =
                settings.find(Parameter.EXPERT_SHARE) == null ? Parameter.MATRIX_SHARE : Parameter.EXPERT_SHARE;
        double idle = narrow * (1 + settings.get(Parameter.EXPERT_ROWS) / Math.max(1, shape.rowsPerExpert()));
        double multiply = computing(operation, idle, quantised(operation, shape.elements()), share);
        double total = settings.get(Parameter.EXPERT_TIME)
                + settings.get(Parameter.EXPERT_BACK_TO_BACK)
                        * (joined(read, multiply, settings.get(Parameter.EXPERT_OVERLAP, Parameter.OVERLAP))
                                + around(shape));
        return new Cost(read, 0, multiply, total);
    }

    /** What experts take beside their weights: see {@link #experts}. */
    private double around(Shape.Experts shape) {
        double pairs = settings.get(Parameter.EXPERT_PAIR_TIME) * shape.pairs()
                + settings.get(Parameter.EXPERT_ALL_PAIR_TIME) * shape.allPairs();
        Integer units = gpu.build().units();
        double moving = units == null ? 0 : pairs * shape.widths() / units;
        return settings.get(Parameter.EXPERT_SORT_TIME) * Math.log1p(shape.pairs()) / Math.log(2)
                + settings.get(Parameter.EXPERT_WIDTH_TIME) * shape.widths()
                + moving;
    }

    /**
     * Attention: {@code t = (reads · cache / factor + H·T·q) / bandwidth + FLOP / (share · rate) + B·K·w/units +
     * H·n·(bytes/BW + s + clocks/clock) + K·n·s'}, B sequences, T rows, n positions looked at, H query heads, K key and
     * value heads, q bytes of queries and outputs, w a unit's start into a sequence's cache; reading and arithmetic may
     * overlap, and latent attention computes some heads even where a device has fewer. Where one unit walks through a
     * sequence's cache alone, reading takes {@code √(read² + (t·n)²)}.
     *
     * <p>Source: engines.md. Holds for: kernels that keep scores on the chip (the first two terms) and those that write
     * them out or walk through them one by one (the others).
     */
    private Cost scores(Operation operation, Shape.Scores shape) {
        boolean narrow = operation.format().bitsPerWeight() < BITS_16;
        double speed = settings.get(Parameter.CACHE_BANDWIDTH, Parameter.WEIGHT_BANDWIDTH) * bandwidth;
        double cached = operation.cacheBytes() * settings.get(Parameter.CACHE_READS);
        double queries = settings.get(Parameter.QUERY_BYTES) * shape.heads() * rows;
        double read =
                cached / (speed * (narrow ? settings.get(Parameter.NARROW_CACHE_BANDWIDTH) : 1)) + queries / speed;
        double multiply = 0;
        Double share = settings.find(Parameter.ATTENTION_SHARE);
        if (share != null) {
            double heads = shape.latent() ? settings.get(Parameter.LATENT_LEAST_HEADS) : 1;
            double flops = operation.flops() * Math.max(1, heads / shape.heads());
            multiply = at(flops, share, rate(Choice.ATTENTION_RATE, operation.format()));
        }
        double each = settings.get(Parameter.SCORE_BYTES) / bandwidth
                + settings.get(Parameter.HEAD_TIME)
                + clocks(settings.get(Parameter.HEAD_CLOCKS));
        double walk = shape.heads() * shape.positions() * each
                + shape.kvHeads() * shape.positions() * settings.get(Parameter.KV_HEAD_TIME);
        Integer units = gpu.build().units();
        double walks = sequences * (shape.latent() ? shape.heads() : shape.kvHeads());
        double starting = units == null ? 0 : settings.get(Parameter.WALK_TIME) * walks / units;
        double one = settings.get(Parameter.CONTEXT_TIME) * shape.positions() / rows;
        double reading = one == 0 ? read : Math.hypot(read, one);
        double total = settings.get(Parameter.BACK_TO_BACK)
                        * (joined(reading, multiply, settings.get(Parameter.ATTENTION_OVERLAP)) + starting)
                + settings.get(Parameter.KERNEL_SHARE)
                        * (settings.get(Parameter.SCORES_TIME)
                                + (narrow ? settings.get(Parameter.NARROW_CACHE_TIME) : 0));
        return new Cost(0, read, multiply, total + walk);
    }

    /**
     * Rows of tables, and states: {@code t = bytes / (share · BW) + FLOP / (share · vector rate)}.
     *
     * <p>Source: engines.md. Holds for: states that are updated token by token or in short chunks.
     */
    private Cost moved(Operation operation) {
        double read = weights(operation, settings.get(Parameter.WEIGHT_BANDWIDTH));
        double state = operation.cacheBytes() / (settings.get(Parameter.WEIGHT_BANDWIDTH) * bandwidth);
        Double share = settings.find(Parameter.STATE_SHARE);
        double update = share == null ? 0 : at(operation.flops(), share, vectorRate(operation.format()));
        return new Cost(read, state, update, read + state + update);
    }

    /**
     * Time outside the kernels: {@code f · Σ layers of a kind · t + t_pass + B·t_sequence + t_split}, each in seconds or in
     * clocks.
     *
     * <p>Source: engines.md: what a layer costs beside its bytes is a number of clocks on most devices. Holds for: one
     * pass.
     */
    @Override
    public double overhead() {
        double layer = settings.get(Parameter.LAYER_TIME) + clocks(settings.get(Parameter.LAYER_CLOCKS));
        double expert = settings.get(Parameter.EXPERT_LAYER_TIME) + clocks(settings.get(Parameter.EXPERT_LAYER_CLOCKS));
        double layers = structure.layers() * layer
                + structure.experts() * expert
                + structure.shared() * settings.get(Parameter.SHARED_LAYER_TIME)
                + structure.states() * settings.get(Parameter.STATE_LAYER_TIME)
                + structure.latents() * settings.get(Parameter.LATENT_LAYER_TIME)
                + structure.norms() * settings.get(Parameter.NORM_LAYER_TIME)
                + structure.indexed() * settings.get(Parameter.INDEX_LAYER_TIME);
        return layers * settings.get(Parameter.LAYER_FACTOR) * waiting
                + settings.get(Parameter.PASS_TIME)
                + sequences * settings.get(Parameter.SEQUENCE_TIME)
                + (layout.stages() > 1 ? settings.get(Parameter.SPLIT_TIME) : 0);
    }

    /**
     * Two all-reduces a layer under tensor parallelism, one more where norms go over all heads. Where attention is
     * data-parallel, each layer of experts gathers the tokens of all ranks and scatters them back, which is one and a
     * half all-reduces.
     *
     * <p>Source: engines.md. Holds for: devices that all reach each other at the link's rate.
     */
    @Override
    public double communication() {
        double bytes = rows * structure.hiddenSize() * BYTES_16;
        int experts = layout.data() > 1 ? structure.experts() : 0;
        double within = allReduce(layout.tensor(), bytes) * (2.0 * structure.layers() - experts)
                + allReduce(layout.tensor(), rows * NORM_BYTES) * structure.wideNorms();
        double between = GATHER_AND_SCATTER * allReduce(layout.expertDevices(), bytes * layout.data()) * experts;
        return (within + between) * waiting;
    }

    /**
     * The faster of {@code t + t'·(n − 2) + (n − 1)·m / (share · link)}, in one go, and {@code t_ring + 2·(n − 1)/n · m /
     * (share' · link)}, around the ring, for m bytes on n devices.
     *
     * <p>Source: engines.md. Holds for: devices that reach each other alike; over several nodes the network between them sets the
     * rate.
     */
    double allReduce(int devices, double bytes) {
        if (devices == 1) {
            return 0;
        }
        double start = settings.get(Parameter.ALL_REDUCE_TIME)
                + settings.get(Parameter.ALL_REDUCE_DEVICE_TIME) * (devices - 2);
        Double begin = settings.find(Parameter.RING_TIME);
        double ring = (begin == null ? start : begin)
                + onLink(devices, 2.0 * (devices - 1) / devices * bytes, Parameter.LINK_SHARE);
        return settings.find(Parameter.ONE_SHOT_SHARE) == null
                ? ring
                : Math.min(ring, start + onLink(devices, (devices - 1) * bytes, Parameter.ONE_SHOT_SHARE));
    }

    private double onLink(int devices, double bytes, Parameter parameter) {
        Double share = settings.find(parameter);
        BytesPerSecond link = gpu.build().rateOver(devices);
        return share == null || link == null ? 0 : bytes / (share * link.value());
    }

    /** {@code bytes / (share · factor · BW)}, the factor that of the weights' format, drawn towards what the units take in per clock where that is given. */
    private double weights(Operation operation, double share) {
        double factor = own(operation.format()) ? settings.get(Parameter.FORMAT_BANDWIDTH) : 1;
        double speed = share * factor * bandwidth;
        Double unitBytes = settings.find(Parameter.UNIT_BYTES);
        Integer units = gpu.build().units();
        double part = settings.get(Parameter.UNIT_BYTES_WEIGHT);
        if (unitBytes != null && units != null && clock != null && part > 0) {
            speed = Math.pow(speed, 1 - part) * Math.pow(unitBytes * units * clock, part);
        }
        return operation.weightBytes() / speed;
    }

    /** Whether a format is that of the weights, not one that their recipe keeps parts in. */
    private boolean own(NumberFormat format) {
        return format.is(weights);
    }

    /** {@code (r^p + c^p)^(1/p)}. */
    private static double joined(double read, double multiply, double p) {
        if (p == 1 || multiply == 0) {
            return read + multiply;
        }
        double larger = Math.max(read, multiply);
        double smaller = Math.min(read, multiply);
        return larger == 0 ? 0 : larger * Math.pow(1 + Math.pow(smaller / larger, p), 1 / p);
    }

    /**
     * How much longer products take because tiles are filled up with empty rows and the last wave of them fills but a
     * part of the units: {@code (rows of tiles / rows) · ⌈n/units⌉·units/n} for n tiles of a matrix, weighted by FLOP.
     *
     * <p>Source: NVIDIA, "Matrix Multiplication Background User's Guide", wave quantization. Holds for: one tile a unit.
     */
    private double wave(Shape.Matrices shape) {
        Double tile = settings.find(Parameter.TILE);
        Integer units = gpu.build().units();
        double elements = shape.elements();
        if (tile == null || units == null || elements == 0) {
            return 1;
        }
        double weighted = 0;
        for (Shape.Matrix matrix : shape.matrices()) {
            double tall = Math.ceil(shape.rows() / tile);
            double tiles = Math.ceil(matrix.outputs() / tile) * tall;
            double padded = tall * tile / shape.rows();
            weighted += matrix.elements() * padded * Math.ceil(tiles / units) * units / tiles;
        }
        return weighted / elements;
    }

    private static double quantised(Operation operation, double elements) {
        return operation.format().bitsPerWeight() < BITS_16 ? elements : 0;
    }

    /** Multiplying, {@code idle} times as long as if every unit were busy, and unpacking quantised weights beside it. */
    private double computing(Operation operation, double idle, double quantised, Parameter share) {
        double unpacking = quantised * settings.get(Parameter.WEIGHT_FLOPS);
        return at(operation.flops() * idle, 1, matrixRate(operation.format(), share))
                + (unpacking == 0 ? 0 : at(unpacking, 1, vectorRate(operation.format())));
    }

    /** {@code FLOP / (share · rate)}; nothing where the rate is not known. */
    private static double at(double flops, double share, @Nullable Double rate) {
        return rate == null ? 0 : flops / (share * rate);
    }

    /**
     * {@code smin(share · rate / (units · clock), cap) · units · clock'}, the clock lowered where power runs short; null
     * where arithmetic costs nothing.
     */
    private @Nullable Double matrixRate(NumberFormat format, Parameter parameter) {
        Double share = settings.find(parameter);
        Double peak = rate(Choice.MATRIX_RATE, format);
        if (share == null || peak == null) {
            return null;
        }
        double rate = share * (own(format) ? settings.get(Parameter.FORMAT_SHARE) : 1) * peak;
        Integer units = gpu.build().units();
        if (units == null || clock == null) {
            return rate;
        }
        Double cap = settings.find(Parameter.UNIT_FLOPS);
        double perClock = rate / (units * clock);
        double reached = cap == null ? perClock : softMinimum(perClock, cap);
        return reached * units * clockUnderLoad(units, clock);
    }

    private double clockUnderLoad(int units, double boost) {
        double fast = boost * settings.get(Parameter.CLOCK_FACTOR);
        Double watts = settings.find(Parameter.UNIT_WATTS);
        if (watts == null || gpu.build().boardPower() == null) {
            return fast;
        }
        return fast * softMinimum(1, gpu.build().boardPower().value() / (watts * units * fast / 1e9));
    }

    /** {@code (a^-6 + b^-6)^(-1/6)}: the smaller, with a rounded corner. */
    private static double softMinimum(double a, double b) {
        return Math.pow(Math.pow(a, -SOFTNESS) + Math.pow(b, -SOFTNESS), -1 / SOFTNESS);
    }

    private double unpacking() {
        Integer units = gpu.build().units();
        double cycles = settings.get(Parameter.DEQUANT_CLOCKS);
        double computing =
                units == null || clock == null || cycles == 0 ? 0 : cycles / (units * clockUnderLoad(units, clock));
        return settings.get(Parameter.DEQUANT_BYTES) / bandwidth + computing;
    }

    private double clocks(double number) {
        return number == 0 || clock == null ? 0 : number / clock;
    }

    private @Nullable Double rate(Choice choice, NumberFormat format) {
        String basis = settings.find(choice);
        return (basis == null ? RateBasis.NATIVE : RateBasis.named(basis)).of(gpu, format);
    }

    private @Nullable Double vectorRate(NumberFormat format) {
        return RateBasis.FP32.of(gpu, format);
    }
}
