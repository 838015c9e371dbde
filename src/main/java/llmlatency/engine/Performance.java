package llmlatency.engine;

import java.util.ArrayList;
import java.util.List;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Pace;
import llmlatency.hardware.Roofline;
import llmlatency.units.Assumption;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** What an engine makes of a device and a model's structure: a pace for few rows and one for many. */
public final class Performance {
    private final Settings few;
    private final Settings many;
    private final Pace fewPace;
    private final Pace manyPace;
    private final int fewRows;
    private final boolean flashAttention;
    private final @Nullable Long microBatch;

    private Performance(
            Settings few,
            Settings many,
            Pace fewPace,
            Pace manyPace,
            int fewRows,
            boolean flashAttention,
            @Nullable Long microBatch) {
        this.microBatch = microBatch;
        this.few = few;
        this.many = many;
        this.fewPace = fewPace;
        this.manyPace = manyPace;
        this.fewRows = fewRows;
        this.flashAttention = flashAttention;
    }

    /**
     * The performance of an engine; null where its profile expects nothing here.
     *
     * @param setup the engine as it is run
     * @param gpu one of the devices
     * @param weights format of the weights
     * @param structure the model's layers
     * @param devices how many devices share every layer
     */
    public static @Nullable Performance of(
            Setup setup, Gpu gpu, NumberFormat weights, Structure structure, int devices) {
        if (!setup.engine().expects()) {
            return null;
        }
        boolean flash = flashAttention(setup, gpu, weights, structure);
        Settings few = Settings.of(new Case(setup, gpu, weights, structure, true, flash));
        Settings many = Settings.of(new Case(setup, gpu, weights, structure, false, flash));
        if (!complete(few) || !complete(many)) {
            return null;
        }
        Pace roofline = new Roofline(gpu);
        return new Performance(
                few,
                many,
                new KernelTimes(few, gpu, roofline, structure, devices),
                new KernelTimes(many, gpu, roofline, structure, devices),
                setup.engine().fewRows(),
                flash,
                setup.engine().microBatch() == null
                        ? null
                        : (Long) (long) setup.engine().microBatch());
    }

    private static boolean complete(Settings settings) {
        return settings.find(Parameter.WEIGHT_BANDWIDTH) != null && settings.find(Parameter.MATRIX_SHARE) != null;
    }

    private static boolean flashAttention(Setup setup, Gpu gpu, NumberFormat weights, Structure structure) {
        if (setup.flashAttention() != null) {
            return setup.flashAttention();
        }
        String usual = Settings.of(new Case(setup, gpu, weights, structure, true, true))
                .find(Choice.FLASH_ATTENTION);
        return !"off".equals(usual);
    }

    /** The pace of a pass of so many rows. */
    public Pace pace(double rows) {
        return rows <= fewRows ? fewPace : manyPace;
    }

    /** Tokens of a prompt that the engine takes at once; null: all of them. */
    public @Nullable Long microBatch() {
        return microBatch;
    }

    /** Whether scores are kept on the chip. */
    public boolean flashAttention() {
        return flashAttention;
    }

    /**
     * Half the width of the 80 % interval as the natural logarithm of a factor; null where the profile states none.
     *
     * @param rows rows of the pass
     */
    public @Nullable Double interval(double rows) {
        return (rows <= fewRows ? few : many).find(Parameter.INTERVAL);
    }

    /**
     * The rule that gives a parameter its value; null where none does.
     *
     * @param rows rows of the pass
     */
    public @Nullable Rule origin(Parameter parameter, double rows) {
        return (rows <= fewRows ? few : many).origin(parameter);
    }

    /** How closely its parameters look at the device: 0 not at all, 1 at its class, 2 at the very device. */
    public int closeness() {
        return Math.min(few.closeness(), many.closeness());
    }

    /** What a reader should know of the rules that apply. */
    public List<Assumption> assumptions() {
        List<Assumption> all = new ArrayList<>(few.assumptions());
        many.assumptions().stream().filter(a -> !all.contains(a)).forEach(all::add);
        return all;
    }
}
