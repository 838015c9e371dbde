package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import llmlatency.work.Shape;
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
     * Values that a row takes in and gives out on a device: {@code in + Σ out / tp}, or {@code in / tp + out} where the
     * product adds up over devices.
     *
     * <p>Source: Shoeybi et al. 2019, "Megatron-LM" (arXiv 1909.08053). Holds for: matrices that share their input.
     */
    private double widths(Parallelism parallelism) {
        double in = 0;
        double out = 0;
        boolean addsUp = false;
        for (Tensor tensor : tensors) {
            if (tensor.role().matrix()) {
                in = Math.max(in, tensor.columns());
                out += tensor.rows();
                addsUp |= tensor.role() == TensorRole.ATTENTION_OUTPUT || tensor.role() == TensorRole.DOWN;
            }
        }
        double tensor = parallelism.tensor();
        return addsUp ? in / tensor + out : in + out / tensor;
    }

    /** The format of its matrices; of several the first one's. */
    private NumberFormat format(WeightScheme scheme) {
        for (Tensor tensor : tensors) {
            if (tensor.role().matrix()) {
                return scheme.format(tensor);
            }
        }
        return scheme.arithmeticFormat();
    }

    /**
     * What {@code tokens} tokens do with it on the fullest device: {@code FLOP = 2 · T · weights} (times k/E if
     * routed), {@code bytes = weights · bytes per weight} (times D(T)/E if routed), each weight read once.
     *
     * <p>Source: Kapoulkine 2024, "LLM inference speed of light"; Pope et al. 2022 (arXiv 2211.05102). Holds for: any
     * number of tokens; activations are not counted, since a fused program can avoid them (how-it-counts.md).
     */
    Operation operation(int count, double tokens, WeightScheme scheme, Parallelism parallelism) {
        List<Shape.Matrix> matrices = new ArrayList<>(tensors.size());
        double bytes = 0;
        for (Tensor tensor : tensors) {
            long elements = tensor.elements(parallelism);
            bytes += scheme.bytes(tensor, elements);
            if (tensor.role().matrix()) {
                matrices.add(new Shape.Matrix(tensor.rows(), elements));
            }
        }
        NumberFormat format = format(scheme);
        Shape.Matrices all = new Shape.Matrices(tokens, matrices, widths(parallelism));
        double flops = 2 * tokens * all.elements();
        if (routing == null) {
            return new Operation(name, KernelKind.MATRIX, count, flops, bytes, 0, format, all);
        }
        double read = routing.readShare(tokens);
        double pairs = tokens * routing.perToken();
        double slice = (double) tensors.get(0).rows() / parallelism.expertTensor();
        double widths = slice + tensors.get(tensors.size() - 1).rows();
        Shape experts = new Shape.Experts(
                tokens * routing.computeShare(),
                all.elements() * read,
                pairs / parallelism.expert(),
                pairs,
                slice,
                widths);
        return new Operation(
                name, KernelKind.EXPERTS, count, flops * routing.computeShare(), bytes * read, 0, format, experts);
    }
}
