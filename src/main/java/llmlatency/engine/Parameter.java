package llmlatency.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an engine makes of a device, in few figures with a physical meaning. Their values stand in engine profiles;
 * {@link KernelTimes} is where they act, and engines.md explains them. Shares are of the data sheet's figure.
 */
public enum Parameter {
    /** Share of the memory bandwidth at which weights are read. */
    WEIGHT_BANDWIDTH(0.01, 1.2, null),
    /** Factor on it for the weight's number format. */
    FORMAT_BANDWIDTH(0.05, 1.5, 1.0),
    /** Bytes of weights that a unit takes in per clock; absent: no such limit. */
    UNIT_BYTES(0.1, 200, null),
    /** How far the unit's limit counts beside the bandwidth's: 0 not at all, 0.5 the geometric mean of both speeds. */
    UNIT_BYTES_WEIGHT(0, 1, 0.0),
    /** FLOP on the vector units that unpacking one weight takes. */
    WEIGHT_FLOPS(0, 1000, 0.0),
    /** Exponent that joins moving and computing: 1 adds them, a large one takes the larger. */
    OVERLAP(1, 20, 1.0),
    /** Share of {@link Choice#MATRIX_RATE} that matrix products reach; absent: their arithmetic costs nothing. */
    MATRIX_SHARE(0.001, 1.5, null),
    /** Rows at which products reach half of that share. */
    MATRIX_ROWS(0, 10_000, 0.0),
    /** Factor on it for the weight's number format. */
    FORMAT_SHARE(0.01, 3, 1.0),
    /** FLOP that these kernels reach per unit and clock, whatever the unit could; absent: no such limit. */
    UNIT_FLOPS(1, 1e6, null),
    /** Clock under load over the boost clock of the data sheet. */
    CLOCK_FACTOR(0.3, 1.5, 1.0),
    /** Watts that a unit needs for each GHz under load: below, the clock gives way; absent: power never limits. */
    UNIT_WATTS(0.05, 50, null),
    /** Rows and columns of the tile that a unit works on, so that a part-filled last wave counts; absent: no waves. */
    TILE(8, 1024, null),
    /** Bytes moved per weight to unpack quantised weights before a product. */
    DEQUANT_BYTES(0, 100, 0.0),
    /** Clocks of a unit per weight to unpack quantised weights before a product. */
    DEQUANT_CLOCKS(0, 100, 0.0),
    /** Share of the memory bandwidth at which experts are read; absent: as other weights. */
    EXPERT_BANDWIDTH(0.01, 1.2, null),
    /** Share of the matrix rate that experts' products reach; absent: as other products. */
    EXPERT_SHARE(0.0005, 1.5, null),
    /** Rows per expert at which its products reach half of that share. */
    EXPERT_ROWS(0, 10_000, 0.0),
    /** Share of {@link Choice#ATTENTION_RATE} that scores and values reach; absent: their arithmetic costs nothing. */
    ATTENTION_SHARE(0.0005, 1.5, null),
    /** Share of the memory bandwidth at which the cache is read; absent: as weights. */
    CACHE_BANDWIDTH(0.005, 1.5, null),
    /** How often the cache is read in a pass. */
    CACHE_READS(0, 1000, 1.0),
    /** Bytes moved for each score of a head, where scores are written out. */
    SCORE_BYTES(0, 1000, 0.0),
    /** Seconds for each query head and position looked at. */
    HEAD_TIME(0, 1e-3, 0.0),
    /** Clocks for each query head and position looked at. */
    HEAD_CLOCKS(0, 1000, 0.0),
    /** Seconds for each key and value head and position looked at. */
    KV_HEAD_TIME(0, 1e-3, 0.0),
    /** Seconds that every layer takes besides: launches, norms, the rest. */
    LAYER_TIME(0, 1, 0.0),
    /** Clocks that every layer takes besides. */
    LAYER_CLOCKS(0, 1e9, 0.0),
    /** Seconds more of a layer with experts. */
    EXPERT_LAYER_TIME(0, 1, 0.0),
    /** Clocks more of a layer with experts. */
    EXPERT_LAYER_CLOCKS(0, 1e9, 0.0),
    /** Seconds more of a layer with a recurrent state. */
    STATE_LAYER_TIME(0, 1, 0.0),
    /** Share of the vector units' rate at which recurrent states are updated; absent: it costs nothing. */
    STATE_SHARE(1e-4, 1.5, null),
    /** Seconds more of a layer with latent attention (MLA). */
    LATENT_LAYER_TIME(0, 1, 0.0),
    /** Seconds of a pass outside its layers: scheduling and sampling. */
    PASS_TIME(0, 10, 0.0),
    /** Seconds of one all-reduce; a layer has two under tensor parallelism. */
    ALL_REDUCE_TIME(0, 1, 0.0),
    /** Seconds more of a pass whose layers are split over devices. */
    SPLIT_TIME(0, 1, 0.0),
    /** Parts of a prompt that split layers work on at a time, at most. */
    SPLIT_PARTS(1, 1024, 1.0),
    /** Share of the time that each further device adds to a prompt under split layers. */
    SPLIT_LOSS(0, 1, 0.0),
    /** Hertz that is taken where the device's clock is not known; absent: what is counted in clocks takes no time there. */
    ASSUMED_CLOCK(1e8, 1e11, null),
    /** Half the width of the 80 % interval, as the natural logarithm of a factor. */
    INTERVAL(0.001, 5, null);

    private static final Map<String, Parameter> BY_KEY = new HashMap<>();

    static {
        for (Parameter parameter : values()) {
            BY_KEY.put(parameter.key, parameter);
        }
    }

    private final String key = name().toLowerCase(Locale.ROOT);
    private final double least;
    private final double most;
    private final @Nullable Double usual;

    Parameter(double least, double most, @Nullable Double usual) {
        this.least = least;
        this.most = most;
        this.usual = usual;
    }

    /** The name in profiles and options: {@code weight_bandwidth}. */
    public String key() {
        return key;
    }

    /** The least value that physics allows. */
    public double least() {
        return least;
    }

    /** The largest. */
    public double most() {
        return most;
    }

    /** What holds where no rule says otherwise; null: the parameter is absent. */
    public @Nullable Double usual() {
        return usual;
    }

    /** The parameter of that name, or null. */
    public static @Nullable Parameter named(String key) {
        return BY_KEY.get(key);
    }

    /** The names of all parameters. */
    public static Set<String> keys() {
        return Collections.unmodifiableSet(BY_KEY.keySet());
    }
}
