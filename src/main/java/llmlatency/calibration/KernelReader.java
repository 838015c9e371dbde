package llmlatency.calibration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.hardware.Gpu;
import llmlatency.model.Attention;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.LatentAttention;
import llmlatency.model.Parallelism;
import llmlatency.model.Step;
import llmlatency.units.Refusal;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of kernel tables, those that an engine's rules are fitted to. Two programs' kernels were measured,
 * TensorRT-LLM's and vLLM's; of each table the rows are taken that are near to what serving engines do today:
 *
 * <ul>
 *   <li>products in 16 bit of both; of 8-bit formats TensorRT-LLM's, since vLLM's wait for the host (t0 71 to 204 us for
 *       128 x 128 blocks) or scatter by 17-22 %; nvfp4 vLLM's;
 *   <li>attention over a cache vLLM's, since TensorRT-LLM's scatter by 14-28 %; of prompts both; latent attention
 *       TensorRT-LLM's, since vLLM's wait for the host (150-330 us);
 *   <li>experts of both, which differ: one set for both takes the error from 9.5 to 13 %. vLLM's of per-tensor fp8 on Hopper
 *       wait for the host. Four-bit weights in blocks of 32 ({@code mxfp4}) are multiplied in 16 bit on Hopper and by mxfp8 on
 *       Blackwell;
 *   <li>all-reduces TensorRT-LLM's; vLLM and SGLang run the same fused kernels on Blackwell.
 * </ul>
 *
 * <p>Left out are shapes that models do not have or engines fall back on another kernel for, and integer formats, for
 * which there are no rules.
 */
final class KernelReader {
    private static final String TENSORRT = "trtllm";
    private static final String VLLM = "vllm";
    private static final String HOPPER = "Hopper";
    private static final String BLACKWELL = "Blackwell";
    private static final String AMPERE = "Ampere";
    private static final double MILLISECONDS = 1e3;
    private static final long LEAST_SIDE = 512;
    private static final long MOST_GEMM_ROWS = 8192;
    private static final long LEAST_PROMPT = 128;
    private static final long HEAD_SIZE = 128;
    private static final long MOST_EXPERT_GROUPS = 64;
    private static final long MOST = 1L << 30;
    private static final long MOST_TOKENS = 1L << 22;
    private static final long MOST_EXPERTS = 1L << 16;
    private static final long MOST_PER_TOKEN = 1L << 8;
    private static final Pattern NOTHING = Pattern.compile("0+(\\.0*)?");
    private static final double BYTES_16 = 2;

    /** A name of the tables that fits several profiles: their own card is the large one, by the batches that it held. */
    private static final Map<String, String> DEVICES = Map.of("a100_sxm", "a100-sxm-80gb");

    private static final Structure DENSE = new Structure(1, 0, 0, 0, 0, 0, 0, 0, 1);
    private static final Structure MIXTURE = new Structure(1, 1, 0, 0, 0, 0, 0, 0, 1);
    private static final Structure LATENT = new Structure(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /**
     * Rows that rules are fitted to.
     *
     * @param kind the table's kind
     * @param type number format as the table calls it; null: the table names none
     * @param backend whose kernels
     * @param format the format's profile
     * @param generation start of the devices' generation; empty: any
     */
    private record Taken(
            KernelTable.Kind kind, @Nullable String type, String backend, String format, String generation) {
        Taken(KernelTable.Kind kind, @Nullable String type, String backend, String format) {
            this(kind, type, backend, format, "");
        }
    }

    private static final List<Taken> TAKEN = List.of(
            new Taken(KernelTable.Kind.GEMM, "bfloat16", TENSORRT, "bf16"),
            new Taken(KernelTable.Kind.GEMM, "bfloat16", VLLM, "bf16"),
            new Taken(KernelTable.Kind.GEMM, "fp8", TENSORRT, "fp8"),
            new Taken(KernelTable.Kind.GEMM, "fp8_block", TENSORRT, "fp8-block"),
            new Taken(KernelTable.Kind.GEMM, "nvfp4", VLLM, "nvfp4"),
            new Taken(KernelTable.Kind.ATTENTION_DECODE, "bfloat16", VLLM, "bf16"),
            new Taken(KernelTable.Kind.ATTENTION_DECODE, "fp8", VLLM, "fp8"),
            new Taken(KernelTable.Kind.ATTENTION_PREFILL, "bfloat16", TENSORRT, "bf16"),
            new Taken(KernelTable.Kind.ATTENTION_PREFILL, "bfloat16", VLLM, "bf16"),
            new Taken(KernelTable.Kind.MLA_DECODE, "bfloat16", TENSORRT, "bf16"),
            new Taken(KernelTable.Kind.MLA_PREFILL, "bfloat16", TENSORRT, "bf16"),
            new Taken(KernelTable.Kind.EXPERTS, "bfloat16", TENSORRT, "bf16"),
            new Taken(KernelTable.Kind.EXPERTS, "bfloat16", VLLM, "bf16"),
            new Taken(KernelTable.Kind.EXPERTS, "fp8", TENSORRT, "fp8"),
            new Taken(KernelTable.Kind.EXPERTS, "fp8", VLLM, "fp8", BLACKWELL),
            new Taken(KernelTable.Kind.EXPERTS, "fp8_block", TENSORRT, "fp8-block"),
            new Taken(KernelTable.Kind.EXPERTS, "fp8_block", VLLM, "fp8-block"),
            new Taken(KernelTable.Kind.EXPERTS, "nvfp4", VLLM, "nvfp4"),
            new Taken(KernelTable.Kind.EXPERTS, "w4a16_mxfp4", TENSORRT, "mxfp4", HOPPER),
            new Taken(KernelTable.Kind.EXPERTS, "w4a16_mxfp4", VLLM, "mxfp4", HOPPER),
            new Taken(KernelTable.Kind.EXPERTS, "w4a8_mxfp4_mxfp8", TENSORRT, "mxfp4", BLACKWELL),
            new Taken(KernelTable.Kind.EXPERTS, "w4a8_mxfp4_mxfp8", VLLM, "mxfp4", BLACKWELL),
            new Taken(KernelTable.Kind.ALL_REDUCE, null, TENSORRT, "bf16"));

    private final KernelTable.Kind kind;
    private final KnownProfiles profiles;
    private final ExpertLoads loads = new ExpertLoads();
    private final Map<String, Gpu> gpus = new HashMap<>();

    KernelReader(KernelTable.Kind kind, KnownProfiles profiles) {
        this.kind = kind;
        this.profiles = profiles;
    }

    /**
     * What became of a row.
     *
     * @param timing what it says; null where no rule is fitted to it
     * @param reason why not
     */
    record Read(@Nullable KernelTiming timing, String reason) {
        static Read not(String reason) {
            return new Read(null, reason);
        }
    }

    /** A kernel, with the rows of the pass that it would be part of. */
    private record Run(Structure structure, double rows, ToDoubleFunction<Performance> time) {
        Run(Structure structure, double rows, double sequences, Operation operation) {
            this(
                    structure,
                    rows,
                    performance ->
                            performance.pace(rows, sequences).cost(operation).total());
        }
    }

    Read row(TableRow row) {
        if (kind == KernelTable.Kind.STATE) {
            return Read.not("recurrent states have no rules of their own");
        }
        String backend = row.text("backend") == null ? "" : row.required("backend");
        String type = type(row);
        Gpu gpu = gpu(row);
        Taken taken = null;
        for (Taken one : TAKEN) {
            if (one.kind() == kind
                    && Objects.equals(one.type(), type)
                    && one.backend().equals(backend)
                    && String.valueOf(gpu.build().architecture()).startsWith(one.generation())) {
                taken = one;
            }
        }
        if (taken == null) {
            boolean integers = type != null && (type.contains("int") || type.equals("sq"));
            return Read.not(
                    integers ? "integer formats have no rules" : "other engines' or formats' kernels serve better");
        }
        NumberFormat format = profiles.format(taken.format()).value().format();
        Run run = run(row, backend, gpu, format);
        if (run == null) {
            return Read.not("shapes outside what is fitted");
        }
        double seconds = row.positive("latency") / MILLISECONDS;
        // A cache has a format of its own; the weights beside it would be in 16 bit.
        NumberFormat weights = kind == KernelTable.Kind.ATTENTION_DECODE
                ? profiles.format("bf16").value().format()
                : format;
        return new Read(
                new KernelTiming(kind, backend, gpu, format, weights, run.structure(), run.rows(), run.time(), seconds),
                "");
    }

    private @Nullable String type(TableRow row) {
        return switch (kind) {
            case GEMM -> row.required("gemm_dtype");
            case ATTENTION_DECODE, MLA_DECODE, MLA_PREFILL -> row.required("kv_cache_dtype");
            // both the arithmetic and the cache in this format
            case ATTENTION_PREFILL ->
                row.required("attn_dtype").equals(row.text("kv_cache_dtype"))
                        ? row.required("attn_dtype")
                        : row.required("attn_dtype") + " on " + row.text("kv_cache_dtype");
            case EXPERTS -> row.required("moe_dtype");
            case ALL_REDUCE, STATE -> null;
        };
    }

    private Gpu gpu(TableRow row) {
        String word = row.required("gpu");
        return gpus.computeIfAbsent(word, name -> {
            try {
                return profiles.gpu(DEVICES.getOrDefault(name, name)).gpu();
            } catch (Refusal e) {
                throw row.refuse("gpu", e.message());
            }
        });
    }

    /** The kernel of a row; null where it lies outside what is fitted. */
    private @Nullable Run run(TableRow row, String backend, Gpu gpu, NumberFormat format) {
        return switch (kind) {
            case GEMM -> product(row, format);
            case ATTENTION_DECODE ->
                attention(grouped(row), new Step(1, number(row, "step"), number(row, "batch_size")), format, DENSE);
            case ATTENTION_PREFILL ->
                attention(grouped(row), new Step(number(row, "isl"), 0, number(row, "batch_size")), format, DENSE);
            case MLA_DECODE -> latent(row, gpu, new Step(1, number(row, "step"), number(row, "batch_size")), format);
            case MLA_PREFILL -> latent(row, gpu, new Step(number(row, "isl"), 0, number(row, "batch_size")), format);
            case EXPERTS -> experts(row, backend, format);
            case ALL_REDUCE -> {
                int devices = (int) number(row, "num_gpus");
                double bytes = BYTES_16 * number(row, "message_size");
                yield new Run(DENSE, 1, performance -> performance.allReduce(devices, bytes));
            }
            case STATE -> null;
        };
    }

    private static long number(TableRow row, String column) {
        return number(row, column, MOST);
    }

    private static long number(TableRow row, String column, long most) {
        Long number = row.whole(column, 1, most);
        if (number == null) {
            throw row.refuse(column, "may not be empty");
        }
        return number;
    }

    /** A product of m rows with a matrix of n x k. */
    private static @Nullable Run product(TableRow row, NumberFormat format) {
        long m = number(row, "m");
        long n = number(row, "n");
        double elements = (double) n * number(row, "k");
        if (n < LEAST_SIDE || number(row, "k") < LEAST_SIDE || m > MOST_GEMM_ROWS) {
            return null;
        }
        Shape shape = new Shape.Matrices(m, List.of(new Shape.Matrix(n, elements)));
        return new Run(
                DENSE,
                m,
                m,
                new Operation(
                        "product", KernelKind.MATRIX, 1, 2 * m * elements, format.bytes(elements), 0, format, shape));
    }

    /** Attention with heads of the size that most models have, and no window. */
    private static @Nullable GroupedQueryAttention grouped(TableRow row) {
        String window = row.text("window_size");
        boolean windowed = window != null && !NOTHING.matcher(window).matches();
        if (windowed || number(row, "head_dim") != HEAD_SIZE) {
            return null;
        }
        int heads = (int) number(row, "num_heads");
        int kvHeads = (int) number(row, "num_key_value_heads");
        // The tables also hold heads that no model shares so.
        return heads % kvHeads != 0
                ? null
                : new GroupedQueryAttention(
                        heads,
                        kvHeads,
                        (int) HEAD_SIZE,
                        Long.MAX_VALUE,
                        false,
                        false,
                        GroupedQueryAttention.QkNorm.NONE,
                        false,
                        false);
    }

    /** Latent attention of the only widths that the tables hold, those of DeepSeek-V3; heads are those of a rank. */
    private static @Nullable Run latent(TableRow row, Gpu gpu, Step step, NumberFormat format) {
        // No model with latent attention is served on Ampere, and its times there follow no law that others do.
        return String.valueOf(gpu.build().architecture()).startsWith(AMPERE)
                ? null
                : attention(
                        new LatentAttention(
                                (int) number(row, "num_heads"), 1536, 512, 128, 64, 128, false, null, Long.MAX_VALUE),
                        step,
                        format,
                        LATENT);
    }

    private static @Nullable Run attention(
            @Nullable Attention attention, Step step, NumberFormat cache, Structure structure) {
        boolean prompt = step.cachedTokens() == 0;
        if (attention == null || (prompt && step.newTokens() < LEAST_PROMPT)) {
            return null;
        }
        Operation scores = attention.mixing(1, step, cache, Parallelism.NONE).get(0);
        double rows = (double) step.newTokens() * step.sequences();
        return new Run(structure, rows, step.sequences(), scores);
    }

    /** Gated experts: three matrices of d x g each. */
    private @Nullable Run experts(TableRow row, String backend, NumberFormat format) {
        double tokens = number(row, "num_tokens", MOST_TOKENS);
        double hidden = number(row, "hidden_size");
        double width = number(row, "inter_size");
        long perToken = number(row, "topk", MOST_PER_TOKEN);
        long all = number(row, "num_experts", MOST_EXPERTS);
        long groups = number(row, "moe_ep_size");
        String law = row.required("distribution");
        boolean fallback =
                format.name().equals("nvfp4") && hidden == 6144 && width == 3072 && perToken == 4 && all == 128;
        // vLLM's balanced rows keep more pairs on a device than its share of them.
        boolean unshared = backend.equals(VLLM) && law.equals("balanced") && groups > 1;
        if (!ExpertLoads.knows(law) || groups > MOST_EXPERT_GROUPS || fallback || unshared) {
            return null;
        }
        ExpertLoads.Load load =
                loads.of(new ExpertLoads.Question((int) tokens, (int) perToken, (int) all, (int) groups, law));
        double slice = width / number(row, "moe_tp_size");
        double expert = 3 * hidden * slice;
        Shape shape = new Shape.Experts(
                tokens * perToken / all,
                expert * load.touched(),
                load.pairs(),
                tokens * perToken,
                slice,
                hidden + slice);
        Operation operation = new Operation(
                "experts",
                KernelKind.EXPERTS,
                1,
                2 * expert * load.pairs(),
                format.bytes(expert * load.touched()),
                0,
                format,
                shape);
        return new Run(MIXTURE, tokens, tokens, operation);
    }
}
