package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Matrices that tokens are multiplied with in one go, and the vectors (norms, biases) used beside them. The one home of
 * three questions: how many weights, how many bytes read, how many FLOP.
 *
 * @param name what it is, for people
 * @param tensors the weights, norms and biases included
 * @param routing which share of them a token meets; null: all
 */
public record Product(
        String name, List<Tensor> tensors, @Nullable Routing routing) {
    public Product {
        tensors = List.copyOf(tensors);
    }

    static Product dense(String name, List<Tensor> tensors) {
        return new Product(name, tensors, null);
    }

    /** The same product with more vectors read beside it. */
    Product with(List<Tensor> more) {
        List<Tensor> all = new ArrayList<>(more);
        all.addAll(tensors);
        return new Product(name, all, routing);
    }

    /** Weights in it: the sum over its tensors. */
    public long elements() {
        return tensors.stream().mapToLong(Tensor::elements).reduce(0, Math::addExact);
    }

    /** Weights that one token uses: all, or {@code k} of {@code E} experts. */
    public long activeElements() {
        return routing == null ? elements() : elements() / routing.experts() * routing.perToken();
    }

    /** Of the weights that one token uses, those in matrices. */
    public long activeMatrixElements() {
        long matrices = tensors.stream()
                .filter(tensor -> tensor.role().matrix())
                .mapToLong(Tensor::elements)
                .reduce(0, Math::addExact);
        return routing == null ? matrices : matrices / routing.experts() * routing.perToken();
    }

    /**
     * What {@code tokens} tokens do with it on the fullest device: {@code FLOP = 2 · T · weights} (times k/E if
     * routed), {@code bytes = weights · bytes per weight} (times D(T)/E if routed), each weight read once.
     *
     * <p>Source: Kapoulkine 2024, "LLM inference speed of light"; Pope et al. 2022 (arXiv 2211.05102). Holds for: any
     * number of tokens; activations are not counted, since a fused program can avoid them (how-it-counts.md).
     */
    Operation operation(int count, double tokens, WeightScheme scheme, Parallelism parallelism) {
        double matrixElements = 0;
        double bytes = 0;
        for (Tensor tensor : tensors) {
            long elements = tensor.elements(parallelism);
            bytes += scheme.bytes(tensor, elements);
            matrixElements += tensor.role().matrix() ? elements : 0;
        }
        NumberFormat format = scheme.arithmeticFormat();
        if (routing == null) {
            return new Operation(name, KernelKind.MATRIX, count, 2 * tokens * matrixElements, bytes, 0, format);
        }
        double flops = 2 * tokens * matrixElements * routing.computeShare();
        return new Operation(name, KernelKind.EXPERTS, count, flops, bytes * routing.readShare(tokens), 0, format);
    }
}
