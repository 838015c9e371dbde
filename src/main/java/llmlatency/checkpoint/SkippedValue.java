package llmlatency.checkpoint;

/**
 * Metadata that was passed over because of its length, a vocabulary for instance.
 *
 * @param type the type of its items in the words of the GGUF specification ({@code string}, {@code float32}); of a long
 *     text {@code uint8}
 * @param length how many items there are; of a text the bytes
 */
public record SkippedValue(String type, long length) {}
