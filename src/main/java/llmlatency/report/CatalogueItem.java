package llmlatency.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.engine.Engine;
import llmlatency.engine.Rule;
import llmlatency.hardware.Peak;
import llmlatency.model.Model;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.GpuProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.work.Arithmetic;
import org.jspecify.annotations.Nullable;

/** What a list shows of a profile. */
final class CatalogueItem {
    private static final double GB = 1e9;
    private static final double BILLION = 1e9;
    private static final double TERA = 1e12;

    private CatalogueItem() {}

    /** The fields of an item, in order; CSV has them all. */
    static List<String> fields(ProfileKind kind) {
        return switch (kind) {
            case MODEL ->
                List.of(
                        "name",
                        "title",
                        "parameters",
                        "active_parameters",
                        "layers",
                        "trained_context",
                        "weight_format");
            case GPU ->
                List.of("name", "title", "memory", "memory_bytes", "bandwidth_gb_per_s", "fp16_tflops", "confidence");
            case FORMAT -> List.of("name", "title", "bits_per_weight", "kv_cache", "assumed");
            case ENGINE ->
                List.of(
                        "name",
                        "title",
                        "memory_utilisation",
                        "reserve_bytes",
                        "backends",
                        "eras",
                        "rules",
                        "measurements");
            case ARCHITECTURE -> List.of("name", "title");
        };
    }

    /** The columns of a list for people; the names are those of the item's fields. */
    static List<Grid.Column> columns(ProfileKind kind) {
        return switch (kind) {
            case MODEL ->
                List.of(Grid.text("name"), Grid.number("size"), Grid.number("active"), Grid.number("context"));
            case GPU ->
                List.of(
                        Grid.text("name"),
                        Grid.number("memory"),
                        Grid.number("bandwidth_gb_per_s"),
                        Grid.number("fp16_tflops"),
                        Grid.text("confidence"));
            case FORMAT ->
                List.of(Grid.text("name"), Grid.number("bits_per_weight"), Grid.text("kv_cache"), Grid.text("assumed"));
            case ENGINE ->
                List.of(
                        Grid.text("name"),
                        Grid.number("backends"),
                        Grid.number("eras"),
                        Grid.number("rules"),
                        Grid.number("rows"),
                        Grid.text("title"));
            case ARCHITECTURE -> List.of(Grid.text("name"), Grid.text("title"));
        };
    }

    /** What a column for people shows of an item. */
    static @Nullable Object forPeople(Map<String, Object> item, String column) {
        return switch (column) {
            case "size" -> billions(item.get("parameters"));
            case "active" -> billions(item.get("active_parameters"));
            case "context" -> item.get("trained_context");
            case "rows" -> item.get("measurements");
            case "backends" ->
                item.get("backends") instanceof String names ? (Object) (long) names.split(" ").length : null;
            default -> item.get(column);
        };
    }

    private static @Nullable Object billions(@Nullable Object parameters) {
        return parameters instanceof Long count ? Decimals.fixed(count / BILLION, 2) + " B" : null;
    }

    static Map<String, Object> of(ProfileKind kind, Profile<?> profile) {
        Map<String, Object> item = new LinkedHashMap<>();
        item.put("name", profile.name());
        item.put("title", profile.title());
        if (profile.value() instanceof ModelProfile model) {
            model(item, model);
        } else if (profile.value() instanceof GpuProfile gpu) {
            stated(item, profile, "memory");
            gpu(item, gpu);
            stated(item, profile, "confidence");
        } else if (profile.value() instanceof FormatProfile format) {
            item.put("bits_per_weight", format.format().bitsPerWeight());
            item.put("kv_cache", format.cache());
            item.put("assumed", !profile.assumptions().isEmpty());
        } else if (profile.value() instanceof Engine engine) {
            item.put("memory_utilisation", engine.memoryUtilisation());
            item.put("reserve_bytes", engine.reserve().value());
            engine(item, engine);
        }
        return item;
    }

    /** A field as the profile states it; nothing where it does not. */
    private static void stated(Map<String, Object> item, Profile<?> profile, String field) {
        Document node = profile.node().fields().get(field);
        if (node != null) {
            item.put(field, node.plain());
        }
    }

    private static void model(Map<String, Object> item, ModelProfile profile) {
        Model model = profile.model();
        item.put("parameters", model.parameters());
        item.put("active_parameters", model.activeParameters());
        item.put("layers", model.layerCount());
        if (profile.trainedContext() != null) {
            item.put("trained_context", profile.trainedContext());
        }
        item.put("weight_format", profile.weightFormat());
    }

    /** What is known of its speed; nothing where nothing is expected of it. */
    private static void engine(Map<String, Object> item, Engine engine) {
        if (!engine.backends().isEmpty()) {
            item.put("backends", String.join(" ", engine.backends().keySet()));
        }
        if (engine.expects()) {
            item.put("eras", (long) engine.eras().size());
            item.put("rules", (long) engine.rules().size());
            long measurements = 0;
            for (Rule rule : engine.rules()) {
                long most = 0;
                for (Rule.Value value : rule.values().values()) {
                    most = Math.max(most, value.rows() == null ? 0 : value.rows());
                }
                measurements += most;
            }
            item.put("measurements", measurements);
        }
    }

    private static void gpu(Map<String, Object> item, GpuProfile gpu) {
        if (gpu.memory() != null) {
            item.put("memory_bytes", gpu.memory().value());
        }
        item.put("bandwidth_gb_per_s", gpu.bandwidth().value() / GB);
        Peak peak = gpu.peaks().get(Arithmetic.FP16);
        if (peak != null) {
            item.put("fp16_tflops", peak.wide().value() / TERA);
        }
    }
}
