package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import llmlatency.document.Document;
import llmlatency.model.FeedForward;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.Norm;
import llmlatency.model.Routing;
import llmlatency.model.Tensor;
import llmlatency.model.TensorRole;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads the structure of a model from the form that our own profiles have. */
public final class ModelDocument {
    /** The fields of a document that describe structure. */
    public static final List<String> FIELDS = List.of(
            "vocabulary",
            "hidden_size",
            "tied_embeddings",
            "norm",
            "embedding_norm",
            "final_norm",
            "position_embeddings",
            "head_bias",
            "tables",
            "extras",
            "vision",
            "layers");

    /** Far beyond any width that there is, and small enough that a matrix can be counted. */
    private static final int LARGEST = 1 << 24;

    private static final int MOST_LAYERS = 100_000;

    private ModelDocument() {}

    /**
     * The model.
     *
     * @throws Refusal naming the field that is missing, unknown or impossible
     */
    public static Model read(Document node) {
        try {
            Model model = model(node);
            if (model.parameters() > 0) {
                return model;
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw node.refuse("its sizes multiply to more than can be counted, or to nothing");
        }
        throw node.refuse("it has no parameters");
    }

    private static Model model(Document node) {
        List<Layer> layers = new ArrayList<>();
        int position = 0;
        for (Document item : node.get("layers").items()) {
            Layer layer = layer(item, position);
            layers.add(layer);
            position += layer.count();
        }
        if (layers.isEmpty()) {
            throw node.get("layers").refuse("a model needs at least one layer");
        }
        Document finalNorm = node.find("final_norm");
        return new Model(
                node.get("hidden_size").whole(1, LARGEST),
                node.get("vocabulary").whole(1, LARGEST),
                node.get("tied_embeddings").truth(),
                node.flag("head_bias"),
                node.get("norm").choice(Norm.values()),
                node.flag("embedding_norm"),
                finalNorm == null || finalNorm.truth(),
                node.whole("position_embeddings", 1, LARGEST, 0),
                node.list("tables").stream().map(ModelDocument::table).toList(),
                node.list("extras").stream().map(ModelDocument::extra).toList(),
                aside(node.find("vision")),
                layers);
    }

    private static long aside(@Nullable Document vision) {
        if (vision == null) {
            return 0;
        }
        vision.allowOnly(List.of("parameters", "what"));
        return vision.get("parameters").whole(0, 1L << 50);
    }

    private static Tensor table(Document node) {
        node.allowOnly(List.of("what", "rows", "columns"));
        node.get("what").text();
        return Tensor.matrix(
                TensorRole.OTHER,
                node.get("rows").whole(1, LARGEST),
                node.get("columns").whole(1, LARGEST));
    }

    /** A matrix (rows and columns) or a vector (length) of a family's own. */
    private static Tensor extra(Document node) {
        node.allowOnly(List.of("what", "rows", "columns", "length"));
        node.get("what").text();
        if (node.find("length") != null) {
            return Tensor.vector(TensorRole.OTHER_VECTOR, node.get("length").whole(1, LARGEST));
        }
        return table(node);
    }

    private static Layer layer(Document node, int position) {
        node.allowOnly(List.of("count", "at", "attention", "feed_forward", "norms", "extras"));
        Document attention = node.find("attention");
        Document feedForward = node.find("feed_forward");
        if (attention == null && feedForward == null) {
            throw node.refuse("a layer needs attention or feed_forward");
        }
        int count = (int) node.get("count").whole(1, MOST_LAYERS);
        Document at = node.find("at");
        List<Integer> positions = at == null ? Positions.consecutive(position, count) : Positions.read(at, count);
        List<FeedForward> parts = new ArrayList<>();
        if (feedForward != null) {
            for (Document part : feedForward.isList() ? feedForward.items() : List.of(feedForward)) {
                parts.add(feedForward(part));
            }
        }
        return new Layer(
                count,
                attention == null ? null : AttentionDocument.read(attention),
                parts,
                (int) node.get("norms").whole(0, 16),
                node.list("extras").stream().map(ModelDocument::extra).toList(),
                positions);
    }

    private enum FeedForwardKind {
        GATED,
        PLAIN,
        MIXTURE,
        CHANNEL_MIX
    }

    private static FeedForward feedForward(Document node) {
        FeedForwardKind kind = node.get("kind").choice(FeedForwardKind.values());
        if (kind == FeedForwardKind.MIXTURE) {
            return mixture(node);
        }
        if (kind == FeedForwardKind.CHANNEL_MIX) {
            node.allowOnly(List.of("kind", "width"));
            return new FeedForward.ChannelMix(node.get("width").whole(1, LARGEST));
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
                "shared_gate",
                "latent",
                "latent_norm"));
        int experts = (int) node.get("experts").whole(1, 1_000_000);
        return new FeedForward.Mixture(
                new Routing(experts, (int) node.get("experts_per_token").whole(1, experts)),
                new FeedForward.Dense(
                        node.get("expert_width").whole(1, LARGEST), node.flag("gated"), node.flag("expert_bias")),
                node.flag("router_bias"),
                node.flag("correction_bias"),
                node.whole("shared_width", 0, LARGEST, 0),
                node.flag("shared_gate"),
                node.whole("latent", 1, LARGEST, 0),
                node.flag("latent_norm"));
    }
}
