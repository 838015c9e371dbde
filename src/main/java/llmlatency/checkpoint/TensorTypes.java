package llmlatency.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import org.jspecify.annotations.Nullable;

/** The types that tensors have in GGUF and safetensors files, from {@code profiles/tensor-types.json}. */
public final class TensorTypes {
    private static final String RESOURCE = "profiles/tensor-types.json";
    private static final int LARGEST = 1 << 20;

    private final Map<Integer, TensorType> byGgmlNumber = new HashMap<>();
    private final Map<String, TensorType> bySafetensorsName = new HashMap<>();
    private final Map<String, TensorType> byName = new HashMap<>();

    private TensorTypes(Document table) {
        table.allowOnly(List.of("title", "notes", "sources", "ggml", "safetensors"));
        for (Document row : table.get("ggml").items()) {
            row.allowOnly(List.of("name", "number", "block", "bytes_per_block", "format"));
            long block = row.get("block").whole(1, LARGEST);
            long bytes = row.get("bytes_per_block").whole(1, LARGEST);
            int number = (int) row.get("number").whole(0, LARGEST);
            byGgmlNumber.put(number, shared(row, block, bytes));
        }
        for (Document row : table.get("safetensors").items()) {
            row.allowOnly(List.of("name", "bits", "format"));
            long bits = row.get("bits").whole(1, LARGEST);
            // The fewest elements that fill whole bytes: a lone one of 4 or 6 bits cannot be stored.
            long bytes = bits / Math.min(Long.lowestOneBit(bits), Byte.SIZE);
            bySafetensorsName.put(row.get("name").text(), shared(row, bytes * Byte.SIZE / bits, bytes));
        }
    }

    /** The table that ships with the program. */
    public static TensorTypes shipped() {
        return Shipped.TABLE;
    }

    /** The type of our name ({@code q4_k}); null where there is none. */
    public @Nullable TensorType named(String name) {
        return byName.get(name);
    }

    /** The type that ggml numbers so; null where there is none. */
    @Nullable
    TensorType ggml(int number) {
        return byGgmlNumber.get(number);
    }

    /** The type that safetensors names so; null where there is none. */
    @Nullable
    TensorType safetensors(String dtype) {
        return bySafetensorsName.get(dtype);
    }

    /** The type of a row; one type where both kinds of file mean the same by a name. */
    private TensorType shared(Document row, long block, long bytes) {
        Document format = row.find("format");
        String name = row.get("name").text().toLowerCase(Locale.ROOT);
        TensorType type = new TensorType(name, block, bytes, format == null ? null : format.text());
        TensorType known = byName.putIfAbsent(name, type);
        if (known != null && !known.equals(type)) {
            throw row.refuse("the type " + name + " has two layouts");
        }
        return known == null ? type : known;
    }

    /** Read when a weight file is first met, which most commands never do. */
    private static final class Shipped {
        static final TensorTypes TABLE = read();

        private static TensorTypes read() {
            try (InputStream in = TensorTypes.class.getResourceAsStream("/" + RESOURCE)) {
                if (in == null) {
                    throw new IllegalStateException(RESOURCE + " is not packed");
                }
                return new TensorTypes(JsonReader.read(RESOURCE, in.readAllBytes()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
