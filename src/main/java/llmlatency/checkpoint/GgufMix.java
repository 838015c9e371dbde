package llmlatency.checkpoint;

import java.util.Locale;
import llmlatency.document.Document;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.PlacedTensor;
import llmlatency.model.Routing;
import llmlatency.model.StoredWeights;
import llmlatency.model.Tensor;
import llmlatency.model.TensorRole;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * Which block type a GGUF mix such as {@code q4_k_m} gives each tensor, by rules kept as data, and the bytes that follow.
 *
 * <p>Source: ggml-org/llama.cpp, src/llama-quant.cpp. Holds for: files made by llama-quantize without overrides.
 */
public final class GgufMix {
    private final Document rules;
    private final Document mix;

    private GgufMix(Document rules, Document mix) {
        this.rules = rules;
        this.mix = mix;
    }

    /**
     * The mix of that name; null where the rules describe none.
     *
     * @param rules the document of all mixes
     */
    public static @Nullable GgufMix find(String name, Document rules) {
        Document mix = rules.get("mixes").find(name);
        return mix == null ? null : new GgufMix(rules, mix);
    }

    /**
     * Weights and bytes of the file's tensors by part and block type.
     *
     * @param vectors values that the file stores beside the weights
     */
    TensorCount count(Model model, long vectors) {
        TensorCount count = new TensorCount();
        if (vectors > 0) {
            String type = rules.get("vectors").text();
            count.add("rotary frequencies", type.toLowerCase(Locale.ROOT), vectors, bytes(vectors, type));
        }
        for (PlacedTensor placed : model.tensors()) {
            Tensor tensor = placed.tensor();
            String type = type(placed, model);
            count.add(placed.part(), type.toLowerCase(Locale.ROOT), tensor.elements(), bytes(tensor.elements(), type));
        }
        return count;
    }

    /** Bytes of weights that one token reads: {@code k} of the experts, the tables that are looked up left out. */
    double bytesPerToken(Model model) {
        double bytes = 0;
        for (PlacedTensor placed : model.tensors()) {
            Tensor tensor = placed.tensor();
            bytes += TensorCount.share(placed, model) * bytes(tensor.elements(), type(placed, model));
        }
        return bytes;
    }

    /** What it makes of a model: bytes a weight of the embedding, the head, routed experts and the rest. */
    public StoredWeights weights(Model model, NumberFormat format) {
        double[] elements = new double[4];
        double[] bytes = new double[4];
        for (PlacedTensor placed : model.tensors()) {
            Tensor tensor = placed.tensor();
            int kind = tensor.role() == TensorRole.EMBEDDING
                    ? 0
                    : tensor.role() == TensorRole.LM_HEAD ? 1 : tensor.copies() > 1 ? 2 : 3;
            elements[kind] += tensor.elements();
            bytes[kind] += bytes(tensor.elements(), type(placed, model));
        }
        double usual = format.bytes(1);
        return new StoredWeights(
                format,
                elements[0] == 0 ? usual : bytes[0] / elements[0],
                elements[1] == 0 ? usual : bytes[1] / elements[1],
                elements[2] == 0 ? usual : bytes[2] / elements[2],
                elements[3] == 0 ? usual : bytes[3] / elements[3]);
    }

    private double bytes(long elements, String type) {
        TensorType block = block(type);
        return (double) elements / block.block() * block.bytesPerBlock();
    }

    private static TensorType block(String type) {
        TensorType found = TensorTypes.shipped().named(type.toLowerCase(Locale.ROOT));
        if (found == null) {
            throw new Refusal("no block type " + type + " is known");
        }
        return found;
    }

    /** The type of a tensor: kept plain, or by the first rule that holds, or a fallback where rows do not divide. */
    private String type(PlacedTensor placed, Model model) {
        Tensor tensor = placed.tensor();
        if (!tensor.role().matrix()) {
            return rules.get("vectors").text();
        }
        Document kept = rules.get("kept").find(role(tensor));
        if (kept != null) {
            return kept.text();
        }
        String type = ruled(placed, model);
        while (tensor.columns() % block(type).block() != 0) {
            Document fallback = rules.get("fallbacks").find(type);
            type = fallback == null ? rules.get("last_fallback").text() : fallback.text();
        }
        return type;
    }

    private String ruled(PlacedTensor placed, Model model) {
        String role = role(placed.tensor());
        for (Document rule : mix.list("rules")) {
            Document when = rule.find("when");
            boolean applies = rule.get("role").text().equals(role);
            if (applies && (when == null || holds(when.text(), placed, model))) {
                return rule.get("type").text();
            }
        }
        return mix.get("base").text();
    }

    private static String role(Tensor tensor) {
        return tensor.role().name().toLowerCase(Locale.ROOT);
    }

    private static boolean holds(String when, PlacedTensor placed, Model model) {
        Integer position = placed.position();
        Layer layer = placed.layer();
        return Boolean.TRUE.equals(Expression.value(when, name -> switch (name) {
            case "i" -> position == null ? 0.0 : (double) position;
            case "n", "layers" -> (double) model.layerCount();
            case "tied" -> model.tiedEmbeddings();
            case "gqa" -> gqa(layer);
            case "experts" -> experts(layer);
            default -> throw new Refusal("a rule for GGUF mixes uses an unknown name '" + name + "'");
        }));
    }

    private static double gqa(@Nullable Layer layer) {
        return layer != null && layer.attention() instanceof GroupedQueryAttention attention
                ? (double) attention.heads() / attention.kvHeads()
                : 1;
    }

    private static double experts(@Nullable Layer layer) {
        return layer == null ? 0 : layer.routed().map(Routing::experts).orElse(0);
    }
}
