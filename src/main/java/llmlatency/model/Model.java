package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import llmlatency.units.Refusal;

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
 * @param tables further tables of which a token reads one row each
 * @param extras weights outside the layers that every token meets
 * @param aside weights held beside the decoder (a vision tower), which no decoded token reads
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
        List<Tensor> tables,
        List<Tensor> extras,
        long aside,
        List<Layer> layers) {

    public Model {
        tables = List.copyOf(tables);
        extras = List.copyOf(extras);
        layers = List.copyOf(layers);
    }

    /**
     * Weights of the decoder, each counted once: {@code V·d + positions·d + layers + final norm + head}, the head's
     * matrix only where it is its own.
     *
     * <p>Source: how-it-counts.md; agrees with published counts to the last element. Holds for: any model of these blocks.
     */
    public long parameters() {
        long tables = lookups().stream().mapToLong(Tensor::elements).reduce(0, Math::addExact);
        long shared = tiedEmbeddings ? vocabulary * hiddenSize : 0;
        return Math.addExact(tables, sum(Product::elements)) - shared;
    }

    /** Weights that one token uses: all but the tables it is looked up in and the experts not chosen (how-it-counts.md). */
    public long activeParameters() {
        return sum(Product::activeElements);
    }

    /** Of {@link #activeParameters}, those in matrices. */
    public long activeMatrixParameters() {
        return sum(Product::activeMatrixElements);
    }

    /** Values cached for one more token of one sequence, over all layers, before any window is full. */
    public double cachedValuesPerToken() {
        double values = 0;
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
            return Math.multiplyExact(count, elements);
        }
    }

    /** The weights by part, in the order of a pass; they add up to {@link #parameters}. */
    public List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (Tensor table : lookups()) {
            parts.add(new Part(lookupName(table), 1, table.elements()));
        }
        for (Layer layer : layers) {
            for (Product product : products(layer)) {
                parts.add(new Part(product.name(), layer.count(), product.elements()));
            }
        }
        if (!extras.isEmpty()) {
            parts.add(new Part(others().name(), 1, others().elements()));
        }
        parts.add(new Part("lm_head", 1, head().elements() - (tiedEmbeddings ? vocabulary * hiddenSize : 0)));
        return parts;
    }

    /**
     * Every tensor in its place, layer by layer; a head that shares the embedding table is not listed again. Layers
     * whose positions are not told are taken as they are listed.
     */
    public List<PlacedTensor> tensors() {
        List<PlacedTensor> all = new ArrayList<>();
        lookups().forEach(table -> all.add(new PlacedTensor(lookupName(table), table, null, null)));
        int next = 0;
        for (Layer layer : layers) {
            List<Integer> positions = layer.positions();
            for (int i = 0; i < layer.count(); i++) {
                int position = positions.isEmpty() ? next + i : positions.get(i);
                for (Product product : products(layer)) {
                    product.tensors()
                            .forEach(tensor -> all.add(new PlacedTensor(product.name(), tensor, layer, position)));
                }
            }
            next += layer.count();
        }
        extras.forEach(tensor -> all.add(new PlacedTensor(others().name(), tensor, null, null)));
        for (Tensor tensor : head().tensors()) {
            if (tensor.role() != TensorRole.EMBEDDING) {
                all.add(new PlacedTensor("lm_head", tensor, null, null));
            }
        }
        return all;
    }

    /** The same model with so many more weights held beside the decoder. */
    public Model holding(long more) {
        return new Model(
                hiddenSize,
                vocabulary,
                tiedEmbeddings,
                headBias,
                norm,
                embeddingNorm,
                finalNorm,
                positionEmbeddings,
                tables,
                extras,
                aside + more,
                layers);
    }

    /** The decoder alone, as a GGUF file holds it. */
    public Model withoutAside() {
        return holding(-aside);
    }

    /**
     * Checks that it can be laid out so.
     *
     * @throws llmlatency.units.Refusal when a layer's heads cannot be divided over the devices
     */
    public void requireFits(Parallelism parallelism) {
        requireExperts(parallelism);
        if (parallelism.stages() > 1 && parallelism.stages() > layerCount()) {
            throw new Refusal(
                    parallelism.stages() + " groups of layers are more than the " + layerCount() + " layers",
                    "give --pp " + layerCount() + " at most, or fewer --gpus");
        }
        for (Layer layer : layers) {
            if (layer.attention() != null) {
                layer.attention().requireFits(parallelism);
            }
        }
    }

    private void requireExperts(Parallelism parallelism) {
        int degree = parallelism.expert();
        if (degree == 1) {
            return;
        }
        if (elementsOfExperts() == 0) {
            throw new Refusal(
                    "expert parallelism over " + degree + " needs experts; this model is dense", "leave --ep out");
        }
        if (parallelism.expertDevices() % degree != 0) {
            throw new Refusal(
                    "expert parallelism over " + degree + " does not divide the " + parallelism.expertDevices()
                            + " devices that share a layer",
                    "degrees that do: " + Pairs.divisors(parallelism.expertDevices()));
        }
        for (Layer layer : layers) {
            int experts = layer.routed().map(Routing::experts).orElse(degree);
            if (experts % degree != 0) {
                throw new Refusal(
                        "expert parallelism over " + degree + " does not divide the " + experts + " experts of a layer",
                        "degrees that do: " + Pairs.divisors(experts));
            }
        }
    }

    /** Weights of all routed experts. */
    public long elementsOfExperts() {
        long elements = 0;
        for (Layer layer : layers) {
            for (Product product : products(layer)) {
                elements += product.routing() == null ? 0 : layer.count() * product.elements();
            }
        }
        return elements;
    }

    /** How many layers there are. */
    public int layerCount() {
        return layers.stream().mapToInt(Layer::count).sum();
    }

    /**
     * The numbers of the layers of one entry of {@link #layers}, from 0; where they are not told, layers stand as they
     * are listed.
     */
    List<Integer> positions(int entry) {
        Layer layer = layers.get(entry);
        if (!layer.positions().isEmpty()) {
            return layer.positions();
        }
        int first = 0;
        for (Layer before : layers.subList(0, entry)) {
            first += before.count();
        }
        return IntStream.range(first, first + layer.count()).boxed().toList();
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
        return Product.dense(ForwardPass.HEAD, tensors);
    }

    /** Weights outside the layers that every token meets. */
    Product others() {
        return Product.dense("other parts", extras);
    }

    /** Tables of which a token reads one row each. */
    List<Tensor> lookups() {
        List<Tensor> all = new ArrayList<>();
        all.add(embedding());
        if (positionEmbeddings > 0) {
            all.add(Tensor.matrix(TensorRole.POSITION_EMBEDDING, positionEmbeddings, hiddenSize));
        }
        all.addAll(tables);
        return all;
    }

    private static String lookupName(Tensor table) {
        return switch (table.role()) {
            case EMBEDDING -> "embedding table";
            case POSITION_EMBEDDING -> "position table";
            default -> "further table";
        };
    }

    private Tensor embedding() {
        return Tensor.matrix(TensorRole.EMBEDDING, vocabulary, hiddenSize);
    }

    private long sum(ToLongFunction<Product> count) {
        long total = Math.addExact(count.applyAsLong(head()), count.applyAsLong(others()));
        for (Layer layer : layers) {
            for (Product product : products(layer)) {
                total = Math.addExact(total, Math.multiplyExact(layer.count(), count.applyAsLong(product)));
            }
        }
        return total;
    }
}
