package llmlatency.model;

import org.jspecify.annotations.Nullable;

/**
 * A tensor with its place in a model.
 *
 * @param part the part of the model that it belongs to
 * @param tensor the tensor
 * @param layer shape of its layer; null outside the layers
 * @param position number of its layer; null outside the layers
 */
public record PlacedTensor(
        String part,
        Tensor tensor,
        @Nullable Layer layer,
        @Nullable Integer position) {}
