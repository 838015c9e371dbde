package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers of one shape.
 *
 * @param count how many there are
 * @param attention null where a layer has none
 * @param feedForward null where a layer has none
 * @param norms norms over the hidden size
 */
public record Layer(
        int count, @Nullable Attention attention, @Nullable FeedForward feedForward, int norms) {
    /**
     * The products of one such layer in the order in which they run. Norms are read beside the product that they stand
     * before: the first half with the first projection of attention, the rest with that of the feed-forward part.
     */
    List<Product> products(long hiddenSize, Norm norm) {
        List<Product> attentionProducts = attention == null ? List.of() : attention.products(hiddenSize);
        List<Product> feedForwardProducts = feedForward == null ? List.of() : feedForward.products(hiddenSize);
        int before = feedForward == null ? norms : attention == null ? 0 : (norms + 1) / 2;
        List<Product> all = new ArrayList<>(withNorms(attentionProducts, before, hiddenSize, norm));
        all.addAll(withNorms(feedForwardProducts, norms - before, hiddenSize, norm));
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
