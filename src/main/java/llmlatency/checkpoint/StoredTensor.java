package llmlatency.checkpoint;

import java.util.List;

/**
 * A tensor as a weight file lists it.
 *
 * @param name its name in the file
 * @param type the name of its type in {@link TensorTypes}
 * @param shape its dimensions, outermost first, as safetensors has them (GGUF's order is turned round); empty for one
 *     number
 * @param elements the product of the dimensions
 * @param bytes what it takes in the file, without padding
 */
public record StoredTensor(String name, String type, List<Long> shape, long elements, long bytes) {
    public StoredTensor {
        shape = List.copyOf(shape);
    }
}
