package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.KernelKind;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;

/**
 * What a model has to do in any pass, on the fullest device: the same code for prefill and decode.
 *
 * @param model the model
 * @param scheme how its weights are stored
 * @param cache how its cache is stored
 * @param parallelism how it is laid out
 * @param placement which parts stay on the host
 */
public record ForwardPass(
        Model model, WeightScheme scheme, NumberFormat cache, Parallelism parallelism, Placement placement) {
    /** The operation that works once a sequence, not once a token. */
    public static final String HEAD = "lm_head";

    /** With everything on devices. */
    public ForwardPass(Model model, WeightScheme scheme, NumberFormat cache, Parallelism parallelism) {
        this(model, scheme, cache, parallelism, Placement.DEVICES);
    }

    /**
     * The operations of one pass, equal ones of different layers together: rows of the tables are looked up, every
     * layer's products meet B·T tokens of a rank, experts those of all ranks, the scores meet the cache, the head meets one row a sequence (how-it-counts.md).
     */
    public List<Operation> operations(Step step) {
        List<Operation> operations = new ArrayList<>();
        operations.add(lookup(step).at(placement.tables()));
        for (int entry = 0; entry < model.layers().size(); entry++) {
            for (Placement.Share share : placement.shares(model, entry)) {
                add(operations, model.layers().get(entry), share, step);
            }
        }
        if (!model.extras().isEmpty()) {
            operations.add(model.others()
                    .operation(1, step.tokens(), scheme, parallelism)
                    .at(placement.head()));
        }
        operations.add(
                model.head().operation(1, step.sequences(), scheme, parallelism).at(placement.head()));
        return operations;
    }

    private void add(List<Operation> operations, Layer layer, Placement.Share share, Step step) {
        int at = 0;
        for (Product product : model.products(layer)) {
            boolean routed = product.routing() != null;
            double tokens = routed ? step.tokens() * parallelism.data() : step.tokens();
            add(
                    operations,
                    product.operation(share.count(), tokens, scheme, parallelism)
                            .at(routed ? share.experts() : share.layer()));
            if (at++ == 0 && layer.attention() != null) {
                layer.attention()
                        .mixing(share.count(), step, cache, parallelism)
                        .forEach(operation -> add(operations, operation.at(share.layer())));
            }
        }
    }

    /** Cache lengths at which some layer's cost bends, because a window is full. */
    public List<Long> bends() {
        return model.layers().stream()
                .filter(layer -> layer.attention() != null)
                .flatMap(layer -> layer.attention().bends().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private Operation lookup(Step step) {
        double bytes = 0;
        for (Tensor table : model.lookups()) {
            bytes += scheme.bytes(table, step.tokens() * table.columns()) / parallelism.tensor();
        }
        return new Operation("embedding", KernelKind.LOOKUP, 1, 0, bytes, 0, scheme.arithmeticFormat());
    }

    private static void add(List<Operation> operations, Operation operation) {
        for (int i = 0; i < operations.size(); i++) {
            Operation other = operations.get(i);
            if (other.sameWork(operation)) {
                operations.set(i, other.times(other.count() + operation.count()));
                return;
            }
        }
        operations.add(operation);
    }
}
