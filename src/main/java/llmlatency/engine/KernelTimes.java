package llmlatency.engine;

import llmlatency.hardware.Cost;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Pace;
import llmlatency.model.Parallelism;
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
    private static final double SOFTNESS = 6;
    private final Settings settings;
    private final Gpu gpu;
    private final Pace roofline;
    private final Structure structure;
    private final Parallelism layout;
    private final double bandwidth;
    private final @Nullable Double clock;

    KernelTimes(Settings settings, Gpu gpu, Pace roofline, Structure structure, Parallelism layout) {
        this.settings = settings;
        this.gpu = gpu;
        this.roofline = roofline;
        this.structure = structure;
        this.layout = layout;
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
        return cost.total() >= least ? cost : new Cost(cost.weights(), cost.cache(), cost.compute(), least);
    }

    /**
     * A matrix product: {@code t = (r^p + c^p)^(1/p) + u}; r reads the weights, c multiplies,
     * {@code c = FLOP · (1 + R/T) · wave / (share · rate)} for T rows, since few rows leave the units half idle; u unpacks quantised weights for passes that need them plain.
     *
     * <p>Source: engines.md; p = 1 for kernels that load and compute in turn, large for those that overlap. Holds for:
     * one pass of any number of rows.
     */
    private Cost product(Operation operation, Shape.Matrices shape) {
        double read = weights(operation.weightBytes(), settings.get(Parameter.WEIGHT_BANDWIDTH));
        double idle = wave(shape) * (1 + settings.get(Parameter.MATRIX_ROWS) / Math.max(1, shape.rows()));
        double quantised = quantised(operation, shape.elements());
        double multiply = computing(operation, idle, quantised, Parameter.MATRIX_SHARE);
        double total = joined(read, multiply) + quantised * unpacking();
        return new Cost(read, 0, multiply, total);
    }

    /**
     * Experts: as a product, with {@code c = FLOP · (1 + M/m) / (share · rate)} for m rows an expert, since a product of
     * few rows leaves the units half idle.
     *
     * <p>Source: engines.md. Holds for: grouped products of distinct experts under uniform routing.
     */
    private Cost experts(Operation operation, Shape.Experts shape) {
        double read =
                weights(operation.weightBytes(), settings.get(Parameter.EXPERT_BANDWIDTH, Parameter.WEIGHT_BANDWIDTH));
        Parameter share =
                settings.find(Parameter.EXPERT_SHARE) == null ? Parameter.MATRIX_SHARE : Parameter.EXPERT_SHARE;
        double idle = 1 + settings.get(Parameter.EXPERT_ROWS) / Math.max(1, shape.rowsPerExpert());
        double multiply = computing(operation, idle, quantised(operation, shape.elements()), share);
        return new Cost(read, 0, multiply, joined(read, multiply));
    }

    /**
     * Attention: {@code t = reads · cache / bandwidth + FLOP / (share · rate) + H·n·(bytes/BW + s + clocks/clock) +
     * K·n·s'}, n positions looked at, H query heads, K key and value heads.
     *
     * <p>Source: engines.md. Holds for: kernels that keep scores on the chip (the first two terms) and those that write
     * them out or walk through them one by one (the others).
     */
    private Cost scores(Operation operation, Shape.Scores shape) {
        double read = operation.cacheBytes()
                * settings.get(Parameter.CACHE_READS)
                / (settings.get(Parameter.CACHE_BANDWIDTH, Parameter.WEIGHT_BANDWIDTH) * bandwidth);
        double multiply = 0;
        Double share = settings.find(Parameter.ATTENTION_SHARE);
        if (share != null) {
            multiply = at(operation.flops(), share, rate(Choice.ATTENTION_RATE, operation.format()));
        }
        double each = settings.get(Parameter.SCORE_BYTES) / bandwidth
                + settings.get(Parameter.HEAD_TIME)
                + clocks(settings.get(Parameter.HEAD_CLOCKS));
        double walk = shape.heads() * shape.positions() * each
                + shape.kvHeads() * shape.positions() * settings.get(Parameter.KV_HEAD_TIME);
        return new Cost(0, read, multiply, read + multiply + walk);
    }

    /**
     * Rows of tables, and states: {@code t = bytes / (share · BW) + FLOP / (share · vector rate)}.
     *
     * <p>Source: engines.md. Holds for: states that are updated token by token or in short chunks.
     */
    private Cost moved(Operation operation) {
        double read = weights(operation.weightBytes(), settings.get(Parameter.WEIGHT_BANDWIDTH));
        double state = operation.cacheBytes() / (settings.get(Parameter.WEIGHT_BANDWIDTH) * bandwidth);
        Double share = settings.find(Parameter.STATE_SHARE);
        double update = share == null ? 0 : at(operation.flops(), share, vectorRate(operation.format()));
        return new Cost(read, state, update, read + state + update);
    }

    /**
     * Time outside the kernels: {@code L·t + L_experts·t' + L_state·t'' + L_latent·t''' + t_pass + t_split}, each in seconds or in
     * clocks.
     *
     * <p>Source: engines.md: what a layer costs beside its bytes is a number of clocks on most devices. Holds for: one
     * pass.
     */
    @Override
    public double overhead() {
        double layer = settings.get(Parameter.LAYER_TIME) + clocks(settings.get(Parameter.LAYER_CLOCKS));
        double expert = settings.get(Parameter.EXPERT_LAYER_TIME) + clocks(settings.get(Parameter.EXPERT_LAYER_CLOCKS));
        return structure.layers() * layer
                + structure.experts() * expert
                + structure.states() * settings.get(Parameter.STATE_LAYER_TIME)
                + structure.latents() * settings.get(Parameter.LATENT_LAYER_TIME)
                + settings.get(Parameter.PASS_TIME)
                + (layout.stages() > 1 ? settings.get(Parameter.SPLIT_TIME) : 0);
    }

    /** Two all-reduces a layer under tensor parallelism: {@code 2·L·t}. */
    @Override
    public double communication() {
        return layout.tensor() > 1 ? 2.0 * structure.layers() * settings.get(Parameter.ALL_REDUCE_TIME) : 0;
    }

    /** {@code bytes / (share · factor · BW)}, drawn towards what the units take in per clock where that is given. */
    private double weights(double bytes, double share) {
        double speed = share * settings.get(Parameter.FORMAT_BANDWIDTH) * bandwidth;
        Double unitBytes = settings.find(Parameter.UNIT_BYTES);
        Integer units = gpu.build().units();
        double part = settings.get(Parameter.UNIT_BYTES_WEIGHT);
        if (unitBytes != null && units != null && clock != null && part > 0) {
            speed = Math.pow(speed, 1 - part) * Math.pow(unitBytes * units * clock, part);
        }
        return bytes / speed;
    }

    private double joined(double read, double multiply) {
        double p = settings.get(Parameter.OVERLAP);
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
        double rate = share * settings.get(Parameter.FORMAT_SHARE) * peak;
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
