package llmlatency.engine;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
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
    /** Seconds of a product of matrices beside its bytes and FLOP, run alone. */
    MATRIX_TIME(0, 1e-3, 0.0),
    /** Seconds of the scores and values of a layer beside their bytes and FLOP, run alone. */
    SCORES_TIME(0, 1e-3, 0.0),
    /** Seconds of a layer's experts beside all else, run alone: launches and routing, all of which stay. */
    EXPERT_TIME(0, 1e-3, 0.0),
    /** Share of what kernels take beside their bytes and FLOP, run alone, that is left of it where they follow each other. */
    KERNEL_SHARE(0, 1, 1.0),
    /** Factor on how long kernels take for bytes and FLOP where they follow each other, over run alone. */
    BACK_TO_BACK(0.3, 2, 1.0),
    /** The same of experts. */
    EXPERT_BACK_TO_BACK(0.3, 2, 1.0),
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
    /** How often what a product takes in and gives out is moved, products and the small kernels between them together. */
    ACTIVATION_PASSES(0, 100, 0.0),
    /** Bytes moved per weight to unpack quantised weights before a product. */
    DEQUANT_BYTES(0, 100, 0.0),
    /** Clocks of a unit per weight to unpack quantised weights before a product. */
    DEQUANT_CLOCKS(0, 100, 0.0),
    /** Share of the memory bandwidth at which experts are read; absent: as other weights. */
    EXPERT_BANDWIDTH(0.01, 1.2, null),
    /** Share of the matrix rate that experts' products reach; absent: as other products. */
    EXPERT_SHARE(0.0005, 3, null),
    /** {@link #OVERLAP} of experts' products; absent: as of other products. */
    EXPERT_OVERLAP(1, 20, null),
    /** Rows per expert at which its products reach half of that share. */
    EXPERT_ROWS(0, 10_000, 0.0),
    /** Width of an expert's slice on the device at which its weights take twice as long. */
    EXPERT_NARROW(0, 10_000, 0.0),
    /** Seconds for each doubling of the pairs of token and expert, which are sorted by expert. */
    EXPERT_SORT_TIME(0, 1e-3, 0.0),
    /** Seconds for each value of an expert's outer and inner width together: one tile's walk over both. */
    EXPERT_WIDTH_TIME(0, 1e-6, 0.0),
    /** Seconds of one unit for each value that a pair on the device takes in or gives out. */
    EXPERT_PAIR_TIME(0, 1e-6, 0.0),
    /** The same for each value of the pairs of all devices. */
    EXPERT_ALL_PAIR_TIME(0, 1e-6, 0.0),
    /** Seconds of each product that quantises the values it meets, run alone. */
    QUANTISE_TIME(0, 1e-3, 0.0),
    /** Share of {@link Choice#ATTENTION_RATE} that scores and values reach; absent: their arithmetic costs nothing. */
    ATTENTION_SHARE(0.0005, 1.5, null),
    /** Share of the memory bandwidth at which the cache is read; absent: as weights. */
    CACHE_BANDWIDTH(0.005, 1.5, null),
    /** Factor on it for caches narrower than 16 bits. */
    NARROW_CACHE_BANDWIDTH(0.05, 1.5, 1.0),
    /** Seconds more where the cache is that narrow: what goes into it is quantised, run alone. */
    NARROW_CACHE_TIME(0, 1e-3, 0.0),
    /** Bytes of queries and outputs that are moved for each query head and row. */
    QUERY_BYTES(0, 1e5, 0.0),
    /** Seconds of one unit for each key and value head of a sequence, whose cache it walks through; of latent attention for each head. */
    WALK_TIME(0, 1e-3, 0.0),
    /** Exponent that joins reading the cache and its arithmetic: 1 adds them, a large one takes the larger. */
    ATTENTION_OVERLAP(1, 20, 1.0),
    /** Heads that latent attention computes at least, however few a device has. */
    LATENT_LEAST_HEADS(1, 1024, 1.0),
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
    /** Seconds for each position of a sequence, where one unit walks through its cache whatever the others do. */
    CONTEXT_TIME(0, 1e-3, 0.0),
    /** Factor on what layers take besides: how long an engine's small kernels take. */
    LAYER_FACTOR(0.01, 100, 1.0),
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
    /** Seconds more of a layer with norms on queries and keys. */
    NORM_LAYER_TIME(0, 1, 0.0),
    /** Seconds more of a layer whose indexer chooses what attention looks at. */
    INDEX_LAYER_TIME(0, 1, 0.0),
    /** Seconds more of a layer with experts that all tokens share. */
    SHARED_LAYER_TIME(0, 1, 0.0),
    /** Seconds that a layer takes at least in a pass over prompts. */
    PROMPT_LAYER_TIME(0, 1, 0.0),
    /** Seconds of a pass outside its layers: scheduling and sampling. */
    PASS_TIME(0, 10, 0.0),
    /** Seconds of a pass for each sequence in it. */
    SEQUENCE_TIME(0, 1, 0.0),
    /** Seconds of one all-reduce beside its bytes; a layer has two under tensor parallelism. */
    ALL_REDUCE_TIME(0, 1, 0.0),
    /** Seconds that each device beyond the second adds to one. */
    ALL_REDUCE_DEVICE_TIME(0, 1, 0.0),
    /** Share of a link's rate that an all-reduce in one go reaches; absent: it always goes around the ring. */
    ONE_SHOT_SHARE(0.01, 2, null),
    /** Seconds of an all-reduce around the ring beside its bytes; absent: as of one in one go. */
    RING_TIME(0, 1, null),
    /** Share of a link's rate that all-reduces around the ring reach; absent: their bytes cost nothing. */
    LINK_SHARE(0.01, 2, null),
    /** Share of the time that ranks of data-parallel attention wait for the slowest of many. */
    RANK_WAIT(0, 5, 0.0),
    /** Share of an admitted prompt's time that running requests wait for. */
    ADMISSION(0, 5, 1.0),
    /** Time to the first token under load, in times of the prompt alone. */
    LOAD_PROMPTS(0, 100, 1.0),
    /** Times of the prompt alone that each other request adds to it. */
    LOAD_QUEUE(0, 10, 0.0),
    /** Steps of the running batch that it waits for. */
    LOAD_STEPS(0, 1000, 1.0),
    /** Seconds that a request spends outside the engine's passes. */
    REQUEST_TIME(0, 10, 0.0),
    /** Seconds more of a pass whose layers are split over devices. */
    SPLIT_TIME(0, 1, 0.0),
    /** Parts of a prompt that split layers work on at a time, at most. */
    SPLIT_PARTS(1, 1024, 1.0),
    /** Share of the time that each further device adds to a prompt under split layers. */
    SPLIT_LOSS(0, 1, 0.0),
    /** Share of the host's bandwidth at which what stays there is read; absent: as the engine's rules for CPUs say. */
    HOST_BANDWIDTH(0.01, 1.2, null),
    /** Rows from which products whose weights lie on the host run on the device, the weights carried there; absent: never. */
    HOST_COPY_ROWS(1, 1e6, null),
    /** Share of the link's rate at which they are carried. */
    HOST_LINK_SHARE(0.01, 1, 1.0),
    /** Seconds each time that a step hands its hidden states from the device to the host or back. */
    HOST_CROSSING_TIME(0, 1e-2, 0.0),
    /** Half the width of the 80 % interval of what lies on the host, as the natural logarithm of a factor. */
    HOST_INTERVAL(0.001, 5, null),
    /** Hertz that is taken where the device's clock is not known; absent: what is counted in clocks takes no time there. */
    ASSUMED_CLOCK(1e8, 1e11, null),
    /** Half the width of the 80 % interval, as the natural logarithm of a factor. */
    INTERVAL(0.001, 5, null),
    /** The same of a step under load; absent: as of a step. */
    LOAD_INTERVAL(0.001, 5, null),
    /** The same of the time to a first token under load; absent: as of a prompt. */
    LOAD_FIRST_INTERVAL(0.001, 5, null);

    /** Those that say how sure an estimate is, which are widths and act on no time. */
    public static final List<Parameter> INTERVALS = List.of(INTERVAL, LOAD_INTERVAL, LOAD_FIRST_INTERVAL);

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
