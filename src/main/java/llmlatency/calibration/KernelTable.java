package llmlatency.calibration;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import llmlatency.engine.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * A table of kernels' times, each measured alone. Its kind follows from its header; columns are found by name.
 *
 * <p>Tables have thousands of rows, neighbours of which say nearly the same. Of each device, format and engine up to 300
 * are kept, evenly through the table, so that a fit to all tables takes a minute.
 */
public final class KernelTable {
    private static final int MOST_ROWS = 300;

    private final List<KernelTiming> timings;
    private final Map<String, Integer> skipped;
    private final int rows;

    /** What kernels a table is about. */
    enum Kind {
        /** Products of matrices. */
        GEMM(
                List.of("gemm_dtype", "m", "n", "k"),
                Parameter.WEIGHT_BANDWIDTH,
                Parameter.FORMAT_BANDWIDTH,
                Parameter.OVERLAP,
                Parameter.MATRIX_SHARE,
                Parameter.MATRIX_ROWS,
                Parameter.FORMAT_SHARE,
                Parameter.UNIT_FLOPS,
                Parameter.MATRIX_TIME,
                Parameter.QUANTISE_TIME),
        /** New tokens of sequences that look at their caches. */
        ATTENTION_DECODE(
                List.of("batch_size", "num_heads", "num_key_value_heads", "head_dim", "kv_cache_dtype", "step"),
                Parameter.CACHE_BANDWIDTH,
                Parameter.QUERY_BYTES,
                Parameter.WALK_TIME,
                Parameter.NARROW_CACHE_BANDWIDTH,
                Parameter.NARROW_CACHE_TIME,
                Parameter.ATTENTION_SHARE,
                Parameter.ATTENTION_OVERLAP,
                Parameter.SCORES_TIME),
        /** Prompts that look at themselves. */
        ATTENTION_PREFILL(
                List.of("batch_size", "isl", "num_heads", "num_key_value_heads", "head_dim", "attn_dtype"),
                Parameter.CACHE_BANDWIDTH,
                Parameter.QUERY_BYTES,
                Parameter.WALK_TIME,
                Parameter.ATTENTION_SHARE,
                Parameter.ATTENTION_OVERLAP,
                Parameter.SCORES_TIME),
        /** The first with latent attention. */
        MLA_DECODE(
                List.of("kv_cache_dtype", "num_heads", "batch_size", "tp_size", "step"),
                Parameter.CACHE_BANDWIDTH,
                Parameter.QUERY_BYTES,
                Parameter.WALK_TIME,
                Parameter.ATTENTION_SHARE,
                Parameter.ATTENTION_OVERLAP,
                Parameter.LATENT_LEAST_HEADS,
                Parameter.SCORES_TIME),
        /** The second with latent attention. */
        MLA_PREFILL(
                List.of("kv_cache_dtype", "num_heads", "batch_size", "tp_size", "isl"),
                Parameter.CACHE_BANDWIDTH,
                Parameter.QUERY_BYTES,
                Parameter.WALK_TIME,
                Parameter.ATTENTION_SHARE,
                Parameter.ATTENTION_OVERLAP,
                Parameter.LATENT_LEAST_HEADS,
                Parameter.SCORES_TIME),
        /** Experts with all that belongs to a call: sorting, two products, putting together. */
        EXPERTS(
                List.of("moe_dtype", "num_tokens", "hidden_size", "inter_size", "topk", "num_experts", "distribution"),
                Parameter.EXPERT_TIME,
                Parameter.EXPERT_BANDWIDTH,
                Parameter.EXPERT_SHARE,
                Parameter.EXPERT_OVERLAP,
                Parameter.EXPERT_ROWS,
                Parameter.EXPERT_NARROW,
                Parameter.EXPERT_SORT_TIME,
                Parameter.EXPERT_WIDTH_TIME,
                Parameter.EXPERT_PAIR_TIME,
                Parameter.EXPERT_ALL_PAIR_TIME,
                Parameter.FORMAT_BANDWIDTH,
                Parameter.FORMAT_SHARE),
        /** All-reduces. */
        ALL_REDUCE(
                List.of("num_gpus", "message_size"),
                Parameter.ALL_REDUCE_TIME,
                Parameter.ALL_REDUCE_DEVICE_TIME,
                Parameter.ONE_SHOT_SHARE,
                Parameter.RING_TIME,
                Parameter.LINK_SHARE),
        /** Recurrent states, for which no rule is fitted to kernels alone. */
        STATE(List.of("phase", "batch_size", "seq_len", "num_tokens", "d_model"));

        private static final List<String> COMMON = List.of("gpu", "latency");

        @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
        private final List<String> columns;

        @SuppressWarnings("ImmutableEnumChecker") // never changed
        private final Set<Parameter> parameters;

        Kind(List<String> columns, Parameter... parameters) {
            this.columns = columns;
            this.parameters = EnumSet.noneOf(Parameter.class);
            this.parameters.addAll(List.of(parameters));
        }

        /** The kind of a table with these columns; null where it is none that we know. */
        static @Nullable Kind of(Collection<String> header) {
            for (Kind kind : values()) {
                if (header.containsAll(COMMON) && header.containsAll(kind.columns)) {
                    return kind;
                }
            }
            return null;
        }

        /** Its name for people. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }

        /** Whether the time of such a kernel may depend on a parameter. */
        boolean feels(Parameter parameter) {
            return parameters.contains(parameter);
        }
    }

    private KernelTable(List<KernelTiming> timings, Map<String, Integer> skipped, int rows) {
        this.timings = List.copyOf(timings);
        this.skipped = skipped;
        this.rows = rows;
    }

    /** A table of that kind. */
    static KernelTable read(String file, InputStream in, Kind kind, KnownProfiles profiles) {
        KernelReader reader = new KernelReader(kind, profiles);
        List<KernelReader.Read> rows = TableFile.read(file, in, header -> {}, reader::row);
        Map<List<String>, List<KernelTiming>> groups = new LinkedHashMap<>();
        Map<String, Integer> skipped = new TreeMap<>();
        for (KernelReader.Read row : rows) {
            KernelTiming timing = row.timing();
            if (timing == null) {
                skipped.merge(row.reason(), 1, Integer::sum);
            } else {
                groups.computeIfAbsent(
                                List.of(timing.gpu().name(), timing.format().name(), timing.engine()),
                                missing -> new ArrayList<>())
                        .add(timing);
            }
        }
        List<KernelTiming> kept = new ArrayList<>();
        groups.values().forEach(group -> kept.addAll(even(group)));
        return new KernelTable(kept, skipped, rows.size());
    }

    private static List<KernelTiming> even(List<KernelTiming> group) {
        int most = Math.min(MOST_ROWS, group.size());
        List<KernelTiming> even = new ArrayList<>(most);
        for (int i = 0; i < most; i++) {
            even.add(group.get((int) ((long) i * group.size() / most)));
        }
        return even;
    }

    List<KernelTiming> timings() {
        return timings;
    }

    /** Rows in the table. */
    public int rows() {
        return rows;
    }

    /** Rows that no rule is fitted to, by the reason. */
    public Map<String, Integer> skipped() {
        return Map.copyOf(skipped);
    }
}
