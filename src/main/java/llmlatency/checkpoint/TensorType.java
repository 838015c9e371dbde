package llmlatency.checkpoint;

import org.jspecify.annotations.Nullable;

/**
 * How a file stores the numbers of a tensor.
 *
 * @param name our name for it, in lower case ({@code bf16}, {@code q4_k})
 * @param block numbers that are stored together
 * @param bytesPerBlock bytes that they take, scales included
 * @param format the number format in {@code profiles/formats} with the same layout; null where none has it
 */
public record TensorType(
        String name,
        long block,
        long bytesPerBlock,
        @Nullable String format) {
    /**
     * Bytes of that many numbers, which must be whole blocks.
     *
     * @throws ArithmeticException when they are more than a long can count
     */
    long bytes(long elements) {
        return Math.multiplyExact(elements / block, bytesPerBlock);
    }
}
