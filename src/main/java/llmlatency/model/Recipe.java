package llmlatency.model;

import java.util.Set;
import llmlatency.work.NumberFormat;

/**
 * Weights as a recipe of a format stores them: some parts stay in a wider one, because they suffer most.
 *
 * @param arithmeticFormat the format
 * @param wide the format of what stays wider
 * @param wider what does; experts never do
 */
public record Recipe(NumberFormat arithmeticFormat, NumberFormat wide, Set<TensorRole> wider) implements WeightScheme {
    public Recipe {
        wider = Set.copyOf(wider);
    }

    @Override
    public NumberFormat format(Tensor tensor) {
        return tensor.copies() == 1 && wider.contains(tensor.role()) ? wide : arithmeticFormat;
    }

    @Override
    public double bytes(Tensor tensor, double elements) {
        return tensor.role().matrix() ? format(tensor).bytes(elements) : arithmeticFormat.vectorBytes(elements);
    }
}
