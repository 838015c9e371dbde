package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.engine.Era;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Timings;
import llmlatency.hardware.Bound;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * The scalar figures of an estimate under their names in output.md, in one order: JSON nests them, CSV and NDJSON
 * flatten them. Names and meanings never change within a schema version, and new ones are appended to their block.
 */
final class Fields {
    /** One of them: its path, and how it is taken from an estimate; null stands for absent. */
    record Field(String path, Function<Estimate, @Nullable Object> value) {
        /** Its name in flat formats. */
        String column() {
            return path.replace(INTERVAL, ".").replace('.', '_');
        }
    }

    /** A level that flat names leave out. */
    private static final String INTERVAL = ".interval.";

    /** All of them, in column order. */
    static final List<Field> ALL = all();

    private Fields() {}

    private static List<Field> all() {
        List<Field> fields = new ArrayList<>(question());
        fields.add(new Field("model.parameters", e -> e.model().parameters()));
        fields.add(new Field("model.active_parameters", e -> e.model().activeParameters()));
        fields.add(new Field("model.weight_bytes", e -> e.model().weightBytes()));
        fields.add(new Field("model.weight_bytes_per_token", e -> e.model().weightBytesPerToken()));
        fields.add(new Field("model.kv_bytes_per_token", e -> e.model().kvBytesPerToken()));
        fields.add(new Field("model.kv_constant_bytes", e -> e.model().kvConstantBytes()));
        fields.add(new Field("memory.weight_bytes", e -> e.memory().weightBytes()));
        fields.add(new Field("memory.kv_cache_bytes", e -> e.memory().kvCacheBytes()));
        fields.add(new Field("memory.activation_bytes", e -> e.memory().activationBytes()));
        fields.add(new Field("memory.reserve_bytes", e -> e.memory().reserveBytes()));
        fields.add(new Field("memory.total_bytes", e -> e.memory().totalBytes()));
        fields.add(new Field("memory.capacity_bytes", e -> e.memory().capacityBytes()));
        fields.add(new Field("memory.fits", e -> e.memory().fits()));
        fields.add(new Field("memory.max_context_tokens", e -> e.memory().maxContextTokens()));
        fields.add(new Field("memory.max_context_limited_by", Fields::contextLimit));
        fields.add(new Field("memory.max_batch", e -> e.memory().maxBatch()));
        addTimings(fields, "floor", Estimate::floor);
        addTimings(fields, "expected", Estimate::expected);
        addInterval(fields);
        return List.copyOf(fields);
    }

    private static List<Field> question() {
        return List.of(
                new Field("question.model", e -> e.scenario().modelName()),
                new Field("question.gpu", e -> e.scenario().deployment().gpu().name()),
                new Field("question.gpus", e -> e.scenario().deployment().gpus()),
                new Field(
                        "question.engine",
                        e -> e.scenario().deployment().engine().name()),
                new Field(
                        "question.backend",
                        e -> e.scenario().deployment().setup().backend()),
                new Field("question.engine_version", Fields::era),
                new Field("question.weight_format", e -> e.scenario().weights().name()),
                new Field("question.kv_format", e -> e.scenario().cache().name()),
                new Field("question.prompt_tokens", e -> e.scenario().workload().promptTokens()),
                new Field("question.cached_tokens", e -> e.scenario().workload().cachedTokens()),
                new Field("question.output_tokens", e -> e.scenario().workload().outputTokens()),
                new Field("question.batch", e -> e.scenario().workload().batch()),
                new Field("question.tp", e -> tensor(e)),
                new Field("question.pp", e -> 1),
                new Field("question.dp", e -> 1),
                new Field("question.ep", e -> 1),
                new Field("question.moe_tp", e -> tensor(e)),
                new Field("question.replicas", e -> 1),
                new Field(
                        "question.split",
                        e -> e.scenario().deployment().parallelism().stages() > 1 ? "layer" : null));
    }

    private static @Nullable Object era(Estimate estimate) {
        Era era = estimate.scenario().deployment().setup().era();
        return era == null ? null : era.name();
    }

    private static int tensor(Estimate estimate) {
        return estimate.scenario().deployment().parallelism().tensor();
    }

    private static @Nullable Object contextLimit(Estimate estimate) {
        Memory.ContextLimit limit = estimate.memory().contextLimit();
        return limit == null ? null : limit == Memory.ContextLimit.MEMORY ? "memory" : "trained_context";
    }

    private static void addTimings(List<Field> fields, String block, Function<Estimate, @Nullable Timings> timings) {
        for (Metric metric : Metric.values()) {
            fields.add(new Field(block + "." + metric.key(), e -> {
                Timings of = timings.apply(e);
                return of == null ? null : metric.of(e, of);
            }));
        }
        fields.add(new Field(block + ".bound.prefill", e -> bound(timings.apply(e), false)));
        fields.add(new Field(block + ".bound.decode", e -> bound(timings.apply(e), true)));
    }

    private static void addInterval(List<Field> fields) {
        String block = "expected" + INTERVAL;
        fields.add(new Field(block + "level", e -> e.interval() == null ? null : (Object) Interval.LEVEL));
        fields.add(new Field(block + "ttft_low_ms", e -> end(e, false, Interval.Ends::ttft)));
        fields.add(new Field(block + "ttft_high_ms", e -> end(e, true, Interval.Ends::ttft)));
        fields.add(new Field(block + "tpot_low_ms", e -> end(e, false, Interval.Ends::tpot)));
        fields.add(new Field(block + "tpot_high_ms", e -> end(e, true, Interval.Ends::tpot)));
    }

    private static @Nullable Object end(
            Estimate estimate, boolean high, Function<Interval.Ends, @Nullable Seconds> figure) {
        Interval interval = estimate.interval();
        Seconds time = interval == null ? null : figure.apply(high ? interval.high() : interval.low());
        return time == null ? null : (Object) time.milliseconds();
    }

    private static @Nullable Object bound(@Nullable Timings timings, boolean decode) {
        if (timings == null || (decode && timings.decode() == null)) {
            return null;
        }
        Bound bound = decode && timings.decode() != null
                ? timings.decode().mean().bound()
                : timings.prefill().bound();
        return bound.key();
    }

    /** The names and values of an estimate, absent ones left out, under their flat names. */
    static Map<String, Object> flat(Estimate estimate) {
        Map<String, Object> flat = new LinkedHashMap<>();
        for (Field field : ALL) {
            Object value = field.value().apply(estimate);
            if (value != null) {
                flat.put(field.column(), value);
            }
        }
        return flat;
    }

    /** The same, nested. */
    static Map<String, Object> nested(Estimate estimate) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (Field field : ALL) {
            Object value = field.value().apply(estimate);
            if (value != null) {
                put(root, field.path().split("\\."), value);
            }
        }
        return root;
    }

    private static void put(Map<String, Object> root, String[] path, Object value) {
        Map<String, Object> at = root;
        for (int i = 0; i < path.length - 1; i++) {
            @SuppressWarnings("unchecked") // every inner value of the tree was put here as a map
            Map<String, Object> next =
                    (Map<String, Object>) at.computeIfAbsent(path[i], key -> new LinkedHashMap<String, Object>());
            at = next;
        }
        at.put(path[path.length - 1], value);
    }
}
