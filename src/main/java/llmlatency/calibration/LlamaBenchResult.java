package llmlatency.calibration;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * A result of llama.cpp's llama-bench, as {@code -o json} and {@code -o jsonl} print it. Source: tools/llama-bench of
 * llama.cpp. A test of P prompt tokens ({@code pp}) is a prefill rate, one of n generated ({@code tg}) a decode rate; one
 * of both is their time together, in which all n tokens have a step of their own, since none is sampled from the prompt.
 */
record LlamaBenchResult(BenchmarkResult result) {
    private static final double NANOSECONDS_PER_MILLISECOND = 1e6;
    private static final String LAYERS = "layer";
    private static final int DAY = "2025-06-01".length();

    /** The type of a file's weights, at the end of {@code qwen2 7B Q4_K - Medium}. */
    private static final Pattern TYPE = Pattern.compile(
            "\\b(BF16|F16|F32|MXFP4|NVFP4|(?:IQ|TQ|Q)[0-9]\\w*)(?: - (Small|Medium|Large))?", Pattern.CASE_INSENSITIVE);

    /** Whether a result is one of llama-bench. */
    static boolean is(BenchmarkResult result) {
        return result.has("n_prompt", "n_gen");
    }

    Measurement measurement() {
        long prompt = count("n_prompt");
        long output = count("n_gen");
        if (prompt + output == 0) {
            throw result.node().refuse("a test of neither a prompt nor generated tokens");
        }
        MeasuredMetric metric = prompt == 0
                ? MeasuredMetric.DECODE_RATE_PER_SEQUENCE
                : output == 0 ? MeasuredMetric.PREFILL_RATE : MeasuredMetric.END_TO_END;
        String model = result.model(result.text("model_filename"));
        return new Measurement(
                new Measurement.Origin(result.node().file(), result.node().line(), null, null, date(), version(), true),
                new Measurement.Subject(
                        model,
                        devices().name(),
                        result.engine(engine()),
                        result.weightFormat(weightFormat()),
                        bytes(),
                        cacheFormat(),
                        flashAttention()),
                layout(model),
                new Measurement.Request(
                        false,
                        1,
                        prompt == 0 ? null : (Long) prompt,
                        output == 0 ? null : (Long) (prompt == 0 ? output : output + 1),
                        count("n_depth"),
                        prompt == 0 ? null : chunk(),
                        0,
                        false),
                metric.key(),
                value(metric));
    }

    private double value(MeasuredMetric metric) {
        Double value = result.positive(metric == MeasuredMetric.END_TO_END ? "avg_ns" : "avg_ts");
        if (value == null) {
            throw result.node().refuse("neither avg_ts nor avg_ns states a time");
        }
        return metric == MeasuredMetric.END_TO_END ? value / NANOSECONDS_PER_MILLISECOND : value;
    }

    private long count(String field) {
        Long count = result.count(field);
        return count == null ? 0 : count;
    }

    private @Nullable Long bytes() {
        Double bytes = result.positive("model_size");
        return bytes == null ? null : (Long) Math.round(bytes);
    }

    /** The micro-batch; the batch where that is smaller. */
    private @Nullable Long chunk() {
        long chunk = count("n_ubatch");
        long batch = count("n_batch");
        return chunk == 0 ? null : (Long) (batch == 0 ? chunk : Math.min(chunk, batch));
    }

    private @Nullable String date() {
        String time = result.text("test_time");
        return time != null && time.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}.*") ? time.substring(0, DAY) : null;
    }

    private @Nullable String version() {
        long number = count("build_number");
        return number == 0 ? result.text("build_commit") : "b" + number;
    }

    /** The first backend that is none of those that stand beside another. */
    private String engine() {
        String backends = result.text("backends");
        String chosen = null;
        for (String word : backends == null
                ? new String[0]
                : backends.toLowerCase(Locale.ROOT).split(",")) {
            boolean aside = List.of("cpu", "blas", "rpc").contains(word.strip());
            chosen = chosen == null || (!aside && chosen.equals("cpu")) ? (aside ? "cpu" : word.strip()) : chosen;
        }
        return chosen == null ? "llama.cpp" : "llama.cpp/" + (chosen.equals("mtl") ? "metal" : chosen);
    }

    /** Several devices are joined by commas, or by slashes in older builds; a processor stands alone. */
    private BenchmarkResult.Devices devices() {
        String info = engine().endsWith("/cpu") ? result.text("cpu_info") : result.text("gpu_info");
        if (info == null) {
            return result.devices(null);
        }
        List<String> names = List.of(info.split("\\s*[,/]\\s*"));
        boolean equal = names.stream().distinct().count() == 1;
        boolean alone = "none".equals(result.text("split_mode"));
        return result.devices(
                equal
                        ? new BenchmarkResult.Devices(names.get(0), alone ? 1 : names.size())
                        : new BenchmarkResult.Devices(info, 1));
    }

    /** Several devices share the layers unless a split by rows or tensors is stated. */
    private Measurement.Layout layout(String model) {
        int devices = devices().count();
        String stated = result.text("split_mode");
        String mode = stated == null ? LAYERS : stated;
        boolean several = devices > 1;
        String split = partlyOnTheProcessor(model) ? "partly on the processor" : several ? mode : null;
        Integer tensor = several && mode.equals(LAYERS) ? (Integer) 1 : null;
        return new Measurement.Layout(devices, tensor, 1, 1, 1, null, 1, split);
    }

    /** Layers or experts that the device does not hold run at another speed. */
    private boolean partlyOnTheProcessor(String model) {
        Document layers = result.node().find("n_gpu_layers");
        Integer all = result.profiles().layers(model);
        boolean fewer = layers != null
                && !layers.isNull()
                && all != null
                && layers.whole(-1, Integer.MAX_VALUE) >= 0
                && layers.whole(-1, Integer.MAX_VALUE) < all;
        return !engine().endsWith("/cpu") && (fewer || count("n_cpu_moe") > 0);
    }

    private @Nullable String weightFormat() {
        String type = result.text("model_type");
        Matcher matcher = TYPE.matcher(type == null ? "" : type);
        String format = null;
        while (matcher.find()) {
            String base = plain(matcher.group(1));
            String sized = matcher.group(2) == null
                    ? base
                    : base + "_" + matcher.group(2).substring(0, 1);
            format = (result.profiles().knowsFormat(sized) ? sized : base).toLowerCase(Locale.ROOT);
        }
        return format;
    }

    private @Nullable String cacheFormat() {
        String keys = result.text("type_k");
        String values = result.text("type_v");
        if (keys == null || values == null) {
            return null;
        }
        return keys.equals(values) ? plain(keys) : keys + "/" + values;
    }

    /** llama.cpp's name of a plain format as ours. */
    private static String plain(String type) {
        String word = type.toLowerCase(Locale.ROOT);
        return word.equals("f16") || word.equals("f32") ? "fp" + word.substring(1) : word;
    }

    /** Builds write false or true, 0 or 1, and −1 for their own choice. */
    private @Nullable Boolean flashAttention() {
        Document found = result.node().find("flash_attn");
        String text = found == null ? "" : found.plain().toString();
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> null;
        };
    }
}
