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
