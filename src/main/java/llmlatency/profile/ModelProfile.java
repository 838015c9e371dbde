package llmlatency.profile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.checkpoint.ModelDocument;
import llmlatency.checkpoint.StoredModel;
import llmlatency.document.Document;
import llmlatency.model.Model;
import org.jspecify.annotations.Nullable;

/**
 * What a model profile describes.
 *
 * @param model its structure
 * @param trainedContext tokens that it was trained for; null where not stated
 * @param weightFormat name of the format that its checkpoint stores
 * @param activationFormat name of the checkpoint's own 16-bit format
 * @param weights the tensors of its files, where it came with them
 * @param unquantised weights of each part that a quantised checkpoint leaves at 16 bit
 * @param ggufVectors 32-bit values that a GGUF file of it stores beside the weights (scaled rotary frequencies)
 */
public record ModelProfile(
        Model model,
        @Nullable Long trainedContext,
        String weightFormat,
        String activationFormat,
        @Nullable StoredModel weights,
        Map<String, Long> unquantised,
        long ggufVectors) {
    private static final List<String> SIXTEEN_BIT = List.of("fp16", "bf16");
    private static final String DEFAULT_ACTIVATIONS = "bf16";

    static Profile<ModelProfile> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(ModelDocument.FIELDS);
        known.addAll(List.of(
                "architecture",
                "trained_context",
                "weight_format",
                "activation_format",
                "published",
                "mtp",
                "stored",
                "gguf_vectors",
                "unquantised"));
        node.allowOnly(known);
        Document context = node.find("trained_context");
        String weights = node.get("weight_format").text();
        Document activations = node.find("activation_format");
        String activationFormat =
                activations != null ? activations.text() : isSixteenBit(weights) ? weights : DEFAULT_ACTIVATIONS;
        Long trained = context == null ? null : (Long) context.whole(1, Integer.MAX_VALUE);
        ModelProfile profile = new ModelProfile(
                ModelDocument.read(node),
                trained,
                weights,
                activationFormat,
                null,
                unquantised(node),
                node.whole("gguf_vectors", 1, Integer.MAX_VALUE, 0));
        return Profile.of(name, node, profile);
    }

    private static Map<String, Long> unquantised(Document node) {
        Map<String, Long> parts = new LinkedHashMap<>();
        for (Document entry : node.list("unquantised")) {
            entry.allowOnly(List.of("part", "parameters"));
            parts.put(entry.get("part").text(), entry.get("parameters").whole(0, 1L << 50));
        }
        return parts;
    }

    /** Weights of the draft (MTP) modules that its document names; 0 where it names none. */
    public static long draftParameters(Document node) {
        Document draft = node.find("mtp");
        return draft == null ? 0 : draft.get("parameters").whole(0, 1L << 50);
    }

    /** The same model with the tensors of its files, stored in that format. */
    ModelProfile stored(String format, StoredModel tensors) {
        return new ModelProfile(model, trainedContext, format, activationFormat, tensors, unquantised, ggufVectors);
    }

    /** Whether the format is one of the plain 16-bit ones, in which caches and norms are kept. */
    public static boolean isSixteenBit(String format) {
        return SIXTEEN_BIT.contains(format);
    }
}
