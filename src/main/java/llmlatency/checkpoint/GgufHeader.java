package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import llmlatency.document.Quote;
import llmlatency.units.Refusal;

/**
 * What a GGUF file holds, from its header alone. Any part of a split file stands for the whole; the metadata is that of
 * the first part.
 *
 * <p>Source: ggml-org/llama.cpp, tools/gguf-split, for the keys of split files.
 */
public final class GgufHeader {
    private static final String SUFFIX = ".gguf";
    private static final String PARTS = "split.count";
    private static final String PART = "split.no";
    private static final String TENSORS = "split.tensors.count";

    private GgufHeader() {}

    /** Whether the name is that of a GGUF file. */
    public static boolean isAt(Path path) {
        return String.valueOf(path.getFileName()).endsWith(SUFFIX);
    }

    /**
     * Reads the header, of a split file those of all parts.
     *
     * @throws Refusal naming file and place when a file is missing, unreadable, or not a sound GGUF file
     */
    public static TensorListing read(Path path) {
        TensorCollector tensors = new TensorCollector(path);
        Map<String, Object> metadata = GgufFile.read(path, tensors);
        Object parts = metadata.getOrDefault(PARTS, 1L);
        return parts.equals(1L) || parts.equals(0L) ? tensors.listing(List.of(path), metadata) : parts(path, parts);
    }

    private static TensorListing parts(Path path, Object parts) {
        ShardName name = ShardName.of(String.valueOf(path.getFileName()), SUFFIX);
        if (name == null || !parts.equals((long) name.count())) {
            throw new Refusal(
                    path + " is one of " + parts + " files by its " + PARTS + ", which its name does not say",
                    "parts are found by their names, as in model-00001-of-00003.gguf");
        }
        List<Path> files = name.beside(path);
        TensorCollector tensors = new TensorCollector(path);
        Map<String, Object> first = Map.of();
        for (int i = 0; i < files.size(); i++) {
            Map<String, Object> metadata = GgufFile.read(files.get(i), tensors);
            require(files.get(i), metadata, PARTS, parts);
            require(files.get(i), metadata, PART, (long) i);
            first = i == 0 ? metadata : first;
        }
        if (first.containsKey(TENSORS)) {
            require(path, first, TENSORS, (long) tensors.count());
        }
        return tensors.listing(files, first);
    }

    private static void require(Path file, Map<String, Object> metadata, String key, Object expected) {
        Object found = metadata.getOrDefault(key, "absent");
        if (!found.equals(expected)) {
            throw new Refusal(file + " does not fit its set: " + key + " is " + Quote.of(String.valueOf(found))
                    + ", expected " + expected);
        }
    }
}
