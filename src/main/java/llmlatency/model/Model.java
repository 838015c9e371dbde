package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A decoder-only transformer as far as its work is concerned.
 *
 * @param hiddenSize d
 * @param vocabulary V, rows of the embedding table
 * @param tiedEmbeddings the head uses the embedding table
 * @param headBias a bias on the head
 * @param norm the kind of its norms
 * @param embeddingNorm a norm on the embedding
 * @param finalNorm a norm before the head
 * @param positionEmbeddings rows of a learned position table; 0: none
 * @param layers its layers, equal ones together
 */
public record Model(
        long hiddenSize,
        long vocabulary,
        boolean tiedEmbeddings,
        boolean headBias,
        Norm norm,
        boolean embeddingNorm,
        boolean finalNorm,
        long positionEmbeddings,
        List<Layer> layers) {

    public Model {
        layers = List.copyOf(layers);
    }

    /**
     * Weights of the decoder, each counted once: {@code V·d + positions·d + layers + final norm + head}, the head's
     * matrix only where it is its own.
     *
     * <p>Source: DESIGN 8.1; agrees with published counts to the last element. Holds for: any model of these blocks.
     */
    public long parameters() {
        long tables = tables().stream().mapToLong(Tensor::elements).sum();
        long shared = tiedEmbeddings ? vocabulary * hiddenSize : 0;
        return tables + sum(Product::elements) - shared;
    }

    /** Weights that one token uses: all but the tables it is looked up in and the experts not chosen (DESIGN 8.1). */
    public long activeParameters() {
        return sum(Product::activeElements);
    }

    /** Of {@link #activeParameters}, those in matrices. */
    public long activeMatrixParameters() {
        return sum(Product::activeMatrixElements);
    }

    /** Values cached for one more token of one sequence, over all layers, before any window is full. */
    public long cachedValuesPerToken() {
        long values = 0;
        for (Layer layer : layers) {
            values += layer.attention() == null
                    ? 0
                    : layer.count() * layer.attention().cachedValuesPerToken(Parallelism.NONE);
        }
        return values;
    }

    /**
     * A named part of the weights.
     *
     * @param name what it is
     * @param count how many layers have one
     * @param elements weights of one
     */
    public record Part(String name, int count, long elements) {
        /** Weights of all of them. */
        public long total() {
            return count * elements;
        }
    }

    /** The weights by part, in the order of a pass; they add up to {@link #parameters}. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (Tensor table : tables()) {
            parts.add(new Part(
                    table.role() == TensorRole.EMBEDDING ? "embedding table" : "position table", 1, table.elements()));
        }
        for (Layer layer : layers) {
            for (Product product : products(layer)) {
                parts.add(new Part(product.name(), layer.count(), product.elements()));
            }
        }
        parts.add(new Part("lm_head", 1, head().elements() - (tiedEmbeddings ? vocabulary * hiddenSize : 0)));
        return parts;
    }

    /** How many layers there are. */
    public int layerCount() {
        return layers.stream().mapToInt(Layer::count).sum();
    }

    /** The products of a layer of that shape. */
    List<Product> products(Layer layer) {
        return layer.products(hiddenSize, norm);
    }

    /** The head, with the final norm read before it. */
    Product head() {
        List<Tensor> tensors = new ArrayList<>();
        tensors.add(tiedEmbeddings ? embedding() : Tensor.matrix(TensorRole.LM_HEAD, vocabulary, hiddenSize));
        if (headBias) {
            tensors.add(Tensor.dividedVector(TensorRole.BIAS, vocabulary));
        }
        if (finalNorm) {
            tensors.addAll(norm.tensors(hiddenSize));
        }
        if (embeddingNorm) {
            tensors.addAll(norm.tensors(hiddenSize));
        }
        return Product.dense("lm_head", tensors);
    }

    /** Tables of which a token reads one row each. */
    List<Tensor> tables() {
        return positionEmbeddings == 0
                ? List.of(embedding())
                : List.of(embedding(), Tensor.matrix(TensorRole.POSITION_EMBEDDING, positionEmbeddings, hiddenSize));
    }

    private Tensor embedding() {
        return Tensor.matrix(TensorRole.EMBEDDING, vocabulary, hiddenSize);
    }

    private long sum(ToLongFunction<Product> count) {
        long total = count.applyAsLong(head());
        for (Layer layer : layers) {
            for (Product product : products(layer)) {
                total += layer.count() * count.applyAsLong(product);
            }
        }
        return total;
    }
}
