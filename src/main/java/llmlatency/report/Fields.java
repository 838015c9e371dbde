package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.engine.Era;
import llmlatency.estimate.BatchInWaves;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Load;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Offload;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Bound;
import llmlatency.hardware.Price;
import llmlatency.model.Parallelism;
import llmlatency.units.Seconds;
import llmlatency.units.Watts;
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

    /** Those of every estimate, in column order. */
    private static final List<Field> ALL = all();

    /**
     * Those of an estimate, in column order: where requests keep coming, what they meet stands behind
     * the rest, and then what lies on the host, where anything does.
     */
    static List<Field> of(Estimate estimate) {
        return of(
                estimate.scenario().workload().demand() != null,
                estimate.scenario().deployment().offload() != null,
                estimate.waves() != null);
    }

    /**
     * The same, by what there is.
     *
     * @param load whether requests keep coming
     * @param offload whether a part lies on the host
     * @param waves whether a batch may run in waves
     */
    static List<Field> of(boolean load, boolean offload, boolean waves) {
        if (!load && !offload && !waves) {
            return ALL;
        }
        List<Field> fields = new ArrayList<>(ALL);
        if (load) {
            fields.addAll(underLoad());
        }
        if (offload) {
            fields.addAll(onHost());
        }
        if (waves) {
            fields.addAll(inWaves());
        }
        return fields;
    }

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
        addCost(fields);
        addEnergy(fields);
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
                new Field("question.tp", e -> layout(e).tensor()),
                new Field("question.pp", e -> stages(e)),
                new Field("question.dp", e -> layout(e).data()),
                new Field("question.ep", e -> layout(e).expert()),
                new Field("question.moe_tp", e -> layout(e).expertTensor()),
                new Field("question.replicas", e -> e.scenario().deployment().replicas()),
                new Field("question.split", e -> e.scenario().deployment().splitsLayers() ? "layer" : null));
    }

    private static @Nullable Object era(Estimate estimate) {
        Era era = estimate.scenario().deployment().setup().era();
        return era == null ? null : era.name();
    }

    private static Parallelism layout(Estimate estimate) {
        return estimate.scenario().deployment().parallelism();
    }

    private static int stages(Estimate estimate) {
        return estimate.scenario().deployment().splitsLayers()
                ? 1
                : layout(estimate).stages();
    }

    private static @Nullable Object contextLimit(Estimate estimate) {
        Memory.ContextLimit limit = estimate.memory().contextLimit();
        return limit == null ? null : limit == Memory.ContextLimit.MEMORY ? "memory" : "trained_context";
    }

    private static void addTimings(List<Field> fields, String block, Function<Estimate, @Nullable Timings> timings) {
        for (Metric metric : Metric.values()) {
            if (!metric.underLoad() && !metric.cost() && !metric.energy()) {
                fields.add(figure(block, metric, timings));
            }
        }
        fields.add(new Field(block + ".bound.prefill", e -> bound(timings.apply(e), false)));
        fields.add(new Field(block + ".bound.decode", e -> bound(timings.apply(e), true)));
    }

    /** Prices, and what comes of them. */
    private static void addCost(List<Field> fields) {
        fields.add(new Field("price.usd_per_gpu_hour", Fields::price));
        for (Metric metric : List.of(Metric.OUTPUT_COST, Metric.INPUT_COST)) {
            fields.add(figure("floor", metric, Estimate::floor));
            fields.add(figure("expected", metric, Estimate::expected));
        }
    }

    private static @Nullable Object price(Estimate estimate) {
        Price price = estimate.scenario().deployment().gpu().price();
        return price == null ? null : (Object) price.perHour().value();
    }

    private static void addEnergy(List<Field> fields) {
        fields.add(new Field("power.board_watts", e -> {
            Watts power = power(e);
            return power == null ? null : (Object) power.value();
        }));
        for (Metric metric : List.of(Metric.OUTPUT_ENERGY, Metric.INPUT_ENERGY)) {
            fields.add(figure("floor", metric, Estimate::floor));
            fields.add(figure("expected", metric, Estimate::expected));
        }
    }

    private static @Nullable Watts power(Estimate estimate) {
        return estimate.scenario().deployment().gpu().build().boardPower();
    }

    private static Field figure(String block, Metric metric, Function<Estimate, @Nullable Timings> timings) {
        return new Field(block + "." + metric.key(), e -> {
            Timings of = timings.apply(e);
            return of == null ? null : metric.of(e, of);
        });
    }

    private static List<Field> underLoad() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("question.concurrency", e -> demand(e, Demand::inFlight)));
        fields.add(new Field("question.request_rate", e -> demand(e, Demand::perSecond)));
        addLoad(fields, "floor", Estimate::floor);
        addLoad(fields, "expected", Estimate::expected);
        String block = "expected.load" + INTERVAL;
        fields.add(new Field(block + "level", e -> loadEnd(e, true) == null ? null : (Object) Interval.LEVEL));
        addLoadEnds(fields, block + "ttft", Load.Figures::first);
        addLoadEnds(fields, block + "tpot", Load.Figures::step);
        addLoadEnds(fields, block + "tpot_inclusive", Load.Figures::inclusive);
        addLoadEnds(fields, block + "total", Load.Figures::total);
        return fields;
    }

    /** A batch that does not fit at once, end to end. */
    private static List<Field> inWaves() {
        return List.of(
                new Field("waves.count", e -> waves(e, w -> w.waves().count())),
                new Field("waves.batch", e -> waves(e, w -> w.waves().batch())),
                new Field("waves.whole", e -> waves(e, BatchInWaves::whole)),
                new Field("waves.floor_total_ms", e -> waves(e, w -> w.floor().milliseconds())),
                new Field(
                        "waves.expected_total_ms",
                        e -> waves(e, w -> w.expected().milliseconds())),
                new Field("waves.expected_total_low_ms", e -> waves(e, w -> milliseconds(w.low()))),
                new Field("waves.expected_total_high_ms", e -> waves(e, w -> milliseconds(w.high()))),
                new Field("waves.end_to_end_tokens_per_second", Fields::wavesRate));
    }

    private static @Nullable Object wavesRate(Estimate estimate) {
        Workload asked = estimate.scenario().workload();
        return waves(
                estimate,
                w -> asked.batch() * asked.outputTokens() / w.expected().value());
    }

    private static @Nullable Object milliseconds(@Nullable Seconds time) {
        return time == null ? null : (Object) time.milliseconds();
    }

    private static @Nullable Object waves(Estimate estimate, Function<BatchInWaves, @Nullable Object> part) {
        BatchInWaves waves = estimate.waves();
        return waves == null ? null : part.apply(waves);
    }

    /** What lies on the host, of an estimate where anything does; times of host and device add up to their phase. */
    private static List<Field> onHost() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field(
                "question.gpu_layers",
                e -> offload(
                        e, o -> o.placement().onDevices(e.scenario().model().layerCount()))));
        fields.add(new Field(
                "question.gpu_head", e -> offload(e, o -> o.placement().deviceHead())));
        fields.add(new Field(
                "question.cpu_moe_layers", e -> offload(e, o -> o.placement().hostExperts())));
        fields.add(new Field("question.host", e -> offload(e, o -> o.host().name())));
        fields.add(new Field(
                "question.host_bandwidth_gb_per_s",
                e -> offload(e, o -> o.host().bandwidth().value() / 1e9)));
        fields.add(new Field(
                "question.host_link_gb_per_s",
                e -> offload(e, o -> o.link() == null ? null : o.link().value() / 1e9)));
        fields.add(new Field("memory.device_fits", e -> e.memory().deviceFits()));
        fields.add(new Field("memory.host.weight_bytes", e -> hostMemory(e, Memory.Host::weightBytes)));
        fields.add(new Field("memory.host.kv_cache_bytes", e -> hostMemory(e, Memory.Host::kvCacheBytes)));
        fields.add(new Field("memory.host.total_bytes", e -> hostMemory(e, Memory.Host::totalBytes)));
        fields.add(new Field("memory.host.capacity_bytes", e -> hostMemory(e, Memory.Host::capacityBytes)));
        fields.add(new Field("memory.host.fits", e -> hostMemory(e, Memory.Host::fits)));
        addPlaces(fields, "floor", Estimate::floor);
        addPlaces(fields, "expected", Estimate::expected);
        return fields;
    }

    private static void addPlaces(List<Field> fields, String block, Function<Estimate, @Nullable Timings> timings) {
        String places = block + ".places.";
        fields.add(new Field(places + "prefill.host_ms", e -> place(timings.apply(e), false, OffloadText::onHost)));
        fields.add(new Field(places + "prefill.device_ms", e -> place(timings.apply(e), false, OffloadText::onDevice)));
        fields.add(new Field(places + "decode.host_ms", e -> place(timings.apply(e), true, OffloadText::onHost)));
        fields.add(new Field(places + "decode.device_ms", e -> place(timings.apply(e), true, OffloadText::onDevice)));
    }

    private static @Nullable Object place(@Nullable Timings timings, boolean step, Function<Phase, Seconds> part) {
        Decode decode = timings == null ? null : timings.decode();
        if (timings == null || (step && decode == null)) {
            return null;
        }
        Phase phase = step && decode != null ? decode.mean() : timings.prefill();
        return part.apply(phase).milliseconds();
    }

    private static @Nullable Object offload(Estimate estimate, Function<Offload, @Nullable Object> part) {
        Offload offload = estimate.scenario().deployment().offload();
        return offload == null ? null : part.apply(offload);
    }

    private static @Nullable Object hostMemory(Estimate estimate, Function<Memory.Host, @Nullable Object> part) {
        Memory.Host host = estimate.memory().host();
        return host == null ? null : part.apply(host);
    }

    private static @Nullable Object demand(Estimate estimate, Function<Demand, @Nullable Object> part) {
        Demand demand = estimate.scenario().workload().demand();
        return demand == null ? null : part.apply(demand);
    }

    private static void addLoad(List<Field> fields, String block, Function<Estimate, @Nullable Timings> timings) {
        for (Metric metric : Metric.values()) {
            if (metric.underLoad()) {
                fields.add(figure(block, metric, timings));
            }
        }
        fields.add(new Field(block + ".load.admitted_batch", e -> load(timings.apply(e), Load::batch)));
        fields.add(new Field(block + ".load.saturated", e -> load(timings.apply(e), Load::saturated)));
    }

    private static @Nullable Object load(@Nullable Timings timings, Function<Load, @Nullable Object> part) {
        Load load = timings == null ? null : timings.load();
        return load == null ? null : part.apply(load);
    }

    private static void addLoadEnds(List<Field> fields, String name, Function<Load.Figures, @Nullable Seconds> figure) {
        fields.add(new Field(name + "_low_ms", e -> loadEnd(e, false, figure)));
        fields.add(new Field(name + "_high_ms", e -> loadEnd(e, true, figure)));
    }

    private static Load.@Nullable Figures loadEnd(Estimate estimate, boolean high) {
        Timings expected = estimate.expected();
        Load load = expected == null ? null : expected.load();
        return load == null ? null : high ? load.high() : load.low();
    }

    private static @Nullable Object loadEnd(
            Estimate estimate, boolean high, Function<Load.Figures, @Nullable Seconds> figure) {
        Load.Figures end = loadEnd(estimate, high);
        Seconds time = end == null ? null : figure.apply(end);
        return time == null ? null : (Object) time.milliseconds();
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

    /** The names and values of an estimate, absent ones left out, nested. */
    static Map<String, Object> nested(Estimate estimate) {
        Map<String, Object> root = new LinkedHashMap<>();
        for (Field field : of(estimate)) {
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
