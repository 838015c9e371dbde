package llmlatency.profile;

import java.util.HashMap;
import java.util.Map;
import llmlatency.checkpoint.GgufMix.BlockType;
import llmlatency.document.Document;

/** Reads the table of tensor types. */
final class TensorTypes {
    private static final int LARGEST_BLOCK = 1 << 20;

    private TensorTypes() {}

    /** The block types of GGUF files by name. */
    static Map<String, BlockType> blocks(Document table) {
        Map<String, BlockType> types = new HashMap<>();
        for (Document row : table.get("ggml").items()) {
            types.put(
                    row.get("name").text(),
                    new BlockType(
                            row.get("block").whole(1, LARGEST_BLOCK),
                            row.get("bytes_per_block").whole(1, LARGEST_BLOCK)));
        }
        return types;
    }
}
