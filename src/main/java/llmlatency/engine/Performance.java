package llmlatency.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Pace;
import llmlatency.hardware.Roofline;
import llmlatency.model.Parallelism;
import llmlatency.units.Assumption;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** What an engine makes of a device and a model's structure: a pace for few rows and one for many. */
public final class Performance {
    private final Regime few;
    private final Regime many;
    private final Engine engine;
    private final Parallelism layout;

    /**
     * What holds for passes of few rows, or of many.
     *
     * @param now the case
     * @param settings the parameters that hold in it
     */
    private record Regime(Case now, Settings settings) {
        static Regime of(Case now) {
            return new Regime(now, Settings.of(now));
        }

        boolean complete() {
            boolean multiplies = now.fewRows() || settings.find(Parameter.MATRIX_SHARE) != null;
            return multiplies && settings.find(Parameter.WEIGHT_BANDWIDTH) != null;
        }
    }

    private Performance(Regime few, Regime many, Engine engine, Parallelism layout) {
        this.layout = layout;
        this.few = few;
        this.many = many;
        this.engine = engine;
    }

    /**
     * The performance of an engine; null where its profile expects nothing here.
     *
     * @param setup the engine as it is run
     * @param gpu one of the devices
     * @param weights format of the weights
     * @param structure the model's layers
     * @param layout how the model lies on its devices
     */
    public static @Nullable Performance of(
            Setup setup, Gpu gpu, NumberFormat weights, Structure structure, Parallelism layout) {
        if (!setup.engine().expects()) {
            return null;
        }
        boolean flash = flashAttention(setup, gpu, weights, structure);
        Regime few = Regime.of(new Case(setup, gpu, weights, structure, true, flash));
        Regime many = Regime.of(new Case(setup, gpu, weights, structure, false, flash));
        return few.complete() && many.complete() ? new Performance(few, many, setup.engine(), layout) : null;
    }

    /**
     * The performance of the same engine on the CPU of a host, where a part of the model stays; null where its profile
     * expects nothing of such a CPU.
     *
     * @param setup the engine as it is run on the device
     * @param host the CPU
     */
    public @Nullable Performance on(Gpu host, Setup setup, NumberFormat weights) {
        Map<Parameter, Double> replaced = new EnumMap<>(Parameter.class);
        Double share = few.settings.find(Parameter.HOST_BANDWIDTH);
        if (share != null) {
            replaced.put(Parameter.WEIGHT_BANDWIDTH, share);
        }
        Setup there = new Setup(
                engine, engine.backendFor(host.build().kind()), setup.era(), setup.flashAttention(), replaced);
        return of(there, host, weights, structure(), Parallelism.NONE);
    }

    /** A parameter for passes of so many rows; null where it is absent. */
    public @Nullable Double find(Parameter parameter, double rows) {
        return regime(rows).settings.find(parameter);
    }

    /** The format that an engine stores the cache in where it is not asked for one; null: as without it. */
    public static @Nullable String cacheFormat(Setup setup, Gpu gpu, NumberFormat weights, Structure structure) {
        return choice(setup, gpu, weights, structure, Choice.CACHE_FORMAT);
    }

    /** How an engine does something, whatever the pass; null where it does not say. */
    public static @Nullable String choice(
            Setup setup, Gpu gpu, NumberFormat weights, Structure structure, Choice choice) {
        return Settings.of(new Case(setup, gpu, weights, structure, true, true)).find(choice);
    }

    private Regime regime(double rows) {
        return rows <= engine.fewRows() ? few : many;
    }

    private static boolean flashAttention(Setup setup, Gpu gpu, NumberFormat weights, Structure structure) {
        if (setup.flashAttention() != null) {
            return setup.flashAttention();
        }
        String usual = Settings.of(new Case(setup, gpu, weights, structure, true, true))
                .find(Choice.FLASH_ATTENTION);
        return !"off".equals(usual);
    }

    /** The pace of a pass of so many rows, of so many sequences. */
    public Pace pace(double rows, double sequences) {
        Regime regime = regime(rows);
        return new KernelTimes(regime.settings, regime.now, new Roofline(regime.now.gpu()), layout, rows, sequences);
    }

    /**
     * How long one all-reduce of so many bytes over so many devices takes, in seconds; the pace of a pass counts those of
     * all its layers.
     */
    public double allReduce(int devices, double bytes) {
        return new KernelTimes(few.settings, few.now, new Roofline(few.now.gpu()), layout, 1, 1)
                .allReduce(devices, bytes);
    }

    /** A parameter for passes of many rows: what holds where no rule says otherwise included. */
    public double value(Parameter parameter) {
        return many.settings.get(parameter);
    }

    /**
     * The time of a prompt of so many parts over that of its parts one by one. Layers split over n devices work on up to
     * g parts at a time: {@code (g + n − 1) / (g·n) · (1 + loss·(n − 1))}.
     *
     * <p>Source: engines.md; a pipeline of n stages fed with g parts. Holds for: parts of equal length.
     */
    public double pipelined(long parts) {
        int devices = layout.stages();
        if (devices == 1) {
            return 1;
        }
        double together = Math.min(parts, many.settings.get(Parameter.SPLIT_PARTS));
        return (together + devices - 1)
                / (together * devices)
                * (1 + many.settings.get(Parameter.SPLIT_LOSS) * (devices - 1));
    }

    /** Whether a pass of so many rows runs the kernels made for few. */
    public boolean hasFewRows(double rows) {
        return rows <= engine.fewRows();
    }

    /** The parameters and choices in force for a pass of so many rows, to be shown. */
    public InForce inForce(double rows) {
        return InForce.of(regime(rows).now);
    }

    /** The model's layers, as far as the engine treats them differently. */
    public Structure structure() {
        return few.now.structure();
    }

    /** Tokens of a prompt that the engine takes at once; null: all of them. */
    public @Nullable Long microBatch() {
        return engine.microBatch() == null ? null : (Long) (long) engine.microBatch();
    }

    /** Whether scores are kept on the chip. */
    public boolean flashAttention() {
        return few.now.flashAttention();
    }

    /**
     * Half the width of the 80 % interval as the natural logarithm of a factor; null where the profile states none.
     *
     * @param rows rows of the pass
     */
    public @Nullable Double interval(double rows) {
        return regime(rows).settings.find(Parameter.INTERVAL);
    }

    /** The same of a step under load, or of the time to a first token there. */
    public @Nullable Double loadInterval(Parameter interval) {
        Double own = many.settings.find(interval);
        return own != null ? own : (interval == Parameter.LOAD_INTERVAL ? few : many).settings.find(Parameter.INTERVAL);
    }

    /**
     * The rule that gives a parameter its value; null where none does.
     *
     * @param rows rows of the pass
     */
    public @Nullable Rule origin(Parameter parameter, double rows) {
        return regime(rows).settings.origin(parameter);
    }

    /** Whether a condition holds here, for few rows or for many. */
    public boolean meets(Condition when) {
        return when.holds(few.now) || when.holds(many.now);
    }

    /** How closely its parameters look at the device: 0 not at all, 1 at its class, 2 at the very device. */
    public int closeness() {
        return Math.min(few.settings.closeness(), many.settings.closeness());
    }

    /** What a reader should know of the rules that apply. */
    public List<Assumption> assumptions() {
        List<Assumption> all = new ArrayList<>(few.settings.assumptions());
        for (Assumption assumption : many.settings.assumptions()) {
            if (!holds(all, assumption)) {
                all.add(assumption);
            }
        }
        return all;
    }

    private static boolean holds(List<Assumption> all, Assumption one) {
        for (Assumption other : all) {
            if (other.what().equals(one.what()) && other.value().equals(one.value())) {
                return true;
            }
        }
        return false;
    }
}
