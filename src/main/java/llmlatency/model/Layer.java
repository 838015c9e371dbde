package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Layers of one shape.
 *
 * @param count how many there are
 * @param attention null where a layer has none
 * @param feedForward its feed-forward parts; none where a layer has none
 * @param norms norms over the hidden size
 * @param extras weights of a family's own that every token meets
 * @param positions where in the model they stand, from 0; empty where that is not told
 */
public record Layer(
        int count,
        @Nullable Attention attention,
        List<FeedForward> feedForward,
        int norms,
        List<Tensor> extras,
        List<Integer> positions) {
    public Layer {
        feedForward = List.copyOf(feedForward);
        extras = List.copyOf(extras);
        positions = List.copyOf(positions);
    }

    /** The common form: one feed-forward part, no extras. */
    public Layer(int count, @Nullable Attention attention, @Nullable FeedForward feedForward, int norms) {
        this(count, attention, feedForward == null ? List.of() : List.of(feedForward), norms, List.of(), List.of());
    }

    /** The routing of its experts, if it has any. */
    public Optional<Routing> routed() {
        for (FeedForward part : feedForward) {
            if (part.routed().isPresent()) {
                return part.routed();
            }
        }
        return Optional.empty();
    }

    /** Whether both are of one shape, so that they can be counted together. */
    public boolean sameShape(Layer other) {
        return norms == other.norms
                && feedForward.equals(other.feedForward)
                && extras.equals(other.extras)
                && (attention == null ? other.attention == null : attention.equals(other.attention));
    }

    /**
     * The products of one such layer in the order in which they run. Norms are read beside the product that they stand
     * before: the first half with the first projection of attention, the rest with that of the feed-forward part.
     */
    List<Product> products(long hiddenSize, Norm norm) {
        List<Product> attentionProducts = attention == null ? List.of() : attention.products(hiddenSize);
        List<Product> feedForwardProducts = new ArrayList<>();
        for (FeedForward part : feedForward) {
            feedForwardProducts.addAll(part.products(hiddenSize));
        }
        int before = feedForward.isEmpty() ? norms : attention == null ? 0 : (norms + 1) / 2;
        List<Product> all = new ArrayList<>(withNorms(attentionProducts, before, hiddenSize, norm));
        all.addAll(withNorms(feedForwardProducts, norms - before, hiddenSize, norm));
        if (!extras.isEmpty()) {
            all.add(Product.dense("other parts", extras));
        }
        return all;
    }

    private static List<Product> withNorms(List<Product> products, int count, long width, Norm norm) {
        if (products.isEmpty() || count == 0) {
            return products;
        }
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.addAll(norm.tensors(width));
        }
        List<Product> all = new ArrayList<>(products);
        all.set(0, products.get(0).with(tensors));
        return all;
    }
}
