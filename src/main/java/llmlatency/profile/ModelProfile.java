package llmlatency.profile;

import java.util.ArrayList;
import java.util.List;
import llmlatency.document.Document;
import llmlatency.model.Attention;
import llmlatency.model.FeedForward;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.Norm;
import llmlatency.model.Routing;
import llmlatency.profile.Profile.Choice;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * What a model profile describes.
 *
 * @param model its structure
 * @param trainedContext tokens that it was trained for; null where not stated
 * @param weightFormat name of the format that its checkpoint stores
 * @param activationFormat name of the checkpoint's own 16-bit format
 */
public record ModelProfile(Model model, @Nullable Long trainedContext, String weightFormat, String activationFormat) {
    private static final int LARGEST = Integer.MAX_VALUE;
    private static final int MOST_LAYERS = 100_000;
    private static final List<String> SIXTEEN_BIT = List.of("fp16", "bf16");
    private static final String DEFAULT_ACTIVATIONS = "bf16";

    static Profile<ModelProfile> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of(
                "architecture",
                "trained_context",
                "vocabulary",
                "hidden_size",
                "tied_embeddings",
                "weight_format",
                "activation_format",
                "norm",
                "embedding_norm",
                "final_norm",
                "position_embeddings",
                "head_bias",
                "layers",
                "published"));
        node.allowOnly(known);
        List<Layer> layers =
                node.get("layers").items().stream().map(ModelProfile::layer).toList();
        if (layers.isEmpty()) {
            throw node.get("layers").refuse("a model needs at least one layer");
        }
        Document finalNorm = node.find("final_norm");
        Model model = new Model(
                node.get("hidden_size").whole(1, LARGEST),
                node.get("vocabulary").whole(1, LARGEST),
                node.get("tied_embeddings").truth(),
                node.flag("head_bias"),
                Choice.read(node.get("norm"), Norm.values()),
                node.flag("embedding_norm"),
                finalNorm == null || finalNorm.truth(),
                node.whole("position_embeddings", 1, LARGEST, 0),
                layers);
        requireCountable(node, model);
        Document context = node.find("trained_context");
        String weights = node.get("weight_format").text();
        Document activations = node.find("activation_format");
        String activationFormat =
                activations != null ? activations.text() : isSixteenBit(weights) ? weights : DEFAULT_ACTIVATIONS;
        Long trained = context == null ? null : (Long) context.whole(1, LARGEST);
        return Profile.of(name, node, new ModelProfile(model, trained, weights, activationFormat));
    }

    /** Whether the format is one of the plain 16-bit ones, in which caches and norms are kept. */
    public static boolean isSixteenBit(String format) {
        return SIXTEEN_BIT.contains(format);
    }

    private static void requireCountable(Document node, Model model) {
        try {
            if (model.parameters() <= 0) {
                throw new ArithmeticException();
            }
        } catch (ArithmeticException e) {
            throw node.refuse("its sizes multiply to more parameters than can be counted");
        }
    }

    private static Layer layer(Document node) {
        node.allowOnly(List.of("count", "attention", "feed_forward", "norms"));
        Document attention = node.find("attention");
        Document feedForward = node.find("feed_forward");
        if (attention == null && feedForward == null) {
            throw node.refuse("a layer needs attention or feed_forward");
        }
        return new Layer(
                (int) node.get("count").whole(1, MOST_LAYERS),
                attention == null ? null : attention(attention),
                feedForward == null ? null : feedForward(feedForward),
                (int) node.get("norms").whole(0, 16));
    }

    private static Attention attention(Document node) {
        node.allowOnly(List.of(
                "kind",
                "heads",
                "kv_heads",
                "head_size",
                "window",
                "qkv_bias",
                "output_bias",
                "qk_norm",
                "sinks",
                "output_gate"));
        Choice.read(node.get("kind"), AttentionKind.values());
        Document qkNorm = node.find("qk_norm");
        try {
            return new GroupedQueryAttention(
                    (int) node.get("heads").whole(1, LARGEST),
                    (int) node.get("kv_heads").whole(1, LARGEST),
                    (int) node.get("head_size").whole(1, LARGEST),
                    node.whole("window", 1, LARGEST, Long.MAX_VALUE),
                    node.flag("qkv_bias"),
                    node.flag("output_bias"),
                    qkNorm == null
                            ? GroupedQueryAttention.QkNorm.NONE
                            : Choice.read(qkNorm, GroupedQueryAttention.QkNorm.values()),
                    node.flag("sinks"),
                    node.flag("output_gate"));
        } catch (Refusal e) {
            throw e.message().startsWith(node.file()) ? e : node.refuse(e.message());
        }
    }

    private enum AttentionKind {
        GQA
    }

    private enum FeedForwardKind {
        GATED,
        PLAIN,
        MIXTURE
    }

    private static FeedForward feedForward(Document node) {
        FeedForwardKind kind = Choice.read(node.get("kind"), FeedForwardKind.values());
        if (kind == FeedForwardKind.MIXTURE) {
            return mixture(node);
        }
        node.allowOnly(List.of("kind", "width", "bias"));
        return new FeedForward.Dense(
                node.get("width").whole(1, LARGEST), kind == FeedForwardKind.GATED, node.flag("bias"));
    }

    private static FeedForward mixture(Document node) {
        node.allowOnly(List.of(
                "kind",
                "experts",
                "experts_per_token",
                "expert_width",
                "gated",
                "expert_bias",
                "router_bias",
                "correction_bias",
                "shared_width",
                "shared_gate"));
        int experts = (int) node.get("experts").whole(1, 1_000_000);
        return new FeedForward.Mixture(
                new Routing(experts, (int) node.get("experts_per_token").whole(1, experts)),
                new FeedForward.Dense(
                        node.get("expert_width").whole(1, LARGEST), node.flag("gated"), node.flag("expert_bias")),
                node.flag("router_bias"),
                node.flag("correction_bias"),
                node.whole("shared_width", 1, LARGEST, 0),
                node.flag("shared_gate"));
    }
}
