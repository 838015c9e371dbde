package llmlatency.model;

import llmlatency.work.NumberFormat;

/**
 * Weights as a file stores them: the bytes of its tensors, spread over the model's weights by class, so that what is held
 * and what one token reads come out exactly.
 *
 * @param arithmeticFormat the format that decides the arithmetic
 * @param embedding bytes of a weight of the embedding table
 * @param head bytes of a weight of a head of its own
 * @param experts bytes of a weight of routed experts
 * @param rest bytes of any other weight
 */
public record StoredWeights(NumberFormat arithmeticFormat, double embedding, double head, double experts, double rest)
        implements WeightScheme {
    /** Every weight at the format's own bits. */
    public static StoredWeights flat(NumberFormat format) {
        double each = format.bytes(1);
        return new StoredWeights(format, each, each, each, each);
    }

    /** The same with experts of so many bytes a weight, and the rest of a file of {@code total} bytes spread over the rest. */
    public StoredWeights withExperts(Model model, double bytesEach, double total) {
        double held = model.elementsOfExperts() * bytesEach;
        StoredWeights fixed = new StoredWeights(arithmeticFormat, embedding, head, bytesEach, rest);
        double factor = (total - held) / (fixed.bytes(model) - held);
        return new StoredWeights(arithmeticFormat, embedding * factor, head * factor, bytesEach, rest * factor);
    }

    /** The same with so many bytes a weight outside experts, which take what a file of {@code total} bytes leaves. */
    public StoredWeights withRest(Model model, double bytesEach, double total) {
        StoredWeights fixed = new StoredWeights(arithmeticFormat, bytesEach, bytesEach, 0, bytesEach);
        double each = (total - fixed.bytes(model)) / model.elementsOfExperts();
        return new StoredWeights(arithmeticFormat, bytesEach, bytesEach, each, bytesEach);
    }

    /** The same, all larger or smaller by one factor, so that a file takes {@code total} bytes. */
    public StoredWeights ofSize(Model model, double total) {
        double factor = total / bytes(model);
        return new StoredWeights(arithmeticFormat, embedding * factor, head * factor, experts * factor, rest * factor);
    }

    private double bytes(Model model) {
        return new Footprint(model, this, arithmeticFormat, Parallelism.NONE).weightBytes();
    }

    @Override
    public double bytes(Tensor tensor, double elements) {
        return elements
                * (switch (tensor.role()) {
                    case EMBEDDING -> embedding;
                    case LM_HEAD -> head;
                    default -> tensor.copies() > 1 ? experts : rest;
                });
    }
}
