package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import llmlatency.document.Quote;

/**
 * The header of one GGUF file, version 2 or 3: magic, counts, metadata, tensor infos, and where their data lies.
 *
 * <p>Source: ggml-org/ggml, docs/gguf.md, "File Structure".
 */
final class GgufFile {
    private static final int MAGIC = 'G' | 'G' << 8 | 'U' << 16 | 'F' << 24;
    private static final int OLDEST = 2;
    private static final int NEWEST = 3;
    private static final String ALIGNMENT = "general.alignment";
    private static final long DEFAULT_ALIGNMENT = 32;
    private static final int MOST_DIMENSIONS = 4;
    private static final int LONGEST_NAME = 1024;
    /** A name of one byte without dimensions. */
    private static final int LEAST_TENSOR = Long.BYTES + 1 + Integer.BYTES + Integer.BYTES + Long.BYTES;

    private final HeaderFile file;
    private final TensorCollector tensors;
    private final Extents extents = new Extents();
    /** The end of the data of the tensor that ends last, from the start of the data. */
    private long dataEnd;

    private GgufFile(HeaderFile file, TensorCollector tensors) {
        this.file = file;
        this.tensors = tensors;
    }

    /**
     * Adds the file's tensors to those collected.
     *
     * @return its metadata
     */
    static Map<String, Object> read(Path path, TensorCollector tensors) {
        try (HeaderFile file = HeaderFile.open(path)) {
            return new GgufFile(file, tensors).read();
        }
    }

    private Map<String, Object> read() {
        requireVersion();
        long at = file.position();
        long count = file.int64("the number of tensors");
        Map<String, Object> metadata = GgufMetadata.read(file, file.int64("the number of metadata keys"));
        if (count < 0 || count > file.remaining() / LEAST_TENSOR) {
            throw file.refuse(
                    at,
                    "the file is too short for the " + Long.toUnsignedString(count)
                            + " tensors that it claims to hold");
        }
        long alignment = alignment(metadata);
        for (long i = 0; i < count; i++) {
            tensor(alignment);
        }
        if (count > 0) {
            requireData(alignment);
        }
        return metadata;
    }

    private void requireVersion() {
        if (file.int32("the magic number") != MAGIC) {
            throw file.refuse(0, "this is no GGUF file: it does not begin with 'GGUF'");
        }
        long at = file.position();
        int version = file.int32("the version");
        int swapped = Integer.reverseBytes(version);
        if (swapped >= 1 && swapped <= NEWEST) {
            throw file.refuse(at, "this is a big-endian GGUF file; only little-endian ones are read");
        }
        if (version < OLDEST || version > NEWEST) {
            throw file.refuse(
                    at, "this is GGUF version " + Integer.toUnsignedString(version) + "; versions 2 and 3 are read");
        }
    }

    private long alignment(Map<String, Object> metadata) {
        Object value = metadata.getOrDefault(ALIGNMENT, DEFAULT_ALIGNMENT);
        // The largest alignment is a 32-bit number, so that sums with it stay in range.
        if (value instanceof Long alignment && alignment <= 1L << 31 && Long.bitCount(alignment) == 1) {
            return alignment;
        }
        throw file.refuse(file.position(), ALIGNMENT + " is " + Quote.of(value.toString()) + ", not a power of two");
    }

    private void tensor(long alignment) {
        long at = file.position();
        String name = GgufMetadata.text(file, LONGEST_NAME, "the name of a tensor");
        String what = "tensor " + Quote.of(name);
        List<Long> shape = shape(what);
        TensorType type = type(what);
        long row = shape.isEmpty() ? 1 : shape.get(shape.size() - 1);
        if (row % type.block() != 0) {
            throw file.refuse(
                    at, what + " has rows of " + row + ", not whole " + type.name() + " blocks of " + type.block());
        }
        long offset = file.int64(what);
        if (offset < 0 || offset % alignment != 0) {
            throw file.refuse(
                    at, what + " has the offset " + Long.toUnsignedString(offset) + ", no multiple of " + alignment);
        }
        long bytes = tensors.add(file, at, name, type, shape);
        if (bytes > file.size() - offset) {
            throw file.refuse(
                    at, what + " takes " + bytes + " bytes from offset " + offset + ", more than the file has");
        }
        extents.add(offset, offset + bytes);
        dataEnd = Math.max(dataEnd, offset + bytes);
    }

    /** The dimensions, turned round: a GGUF file names the innermost first. */
    private List<Long> shape(String what) {
        long at = file.position();
        int dimensions = file.int32(what);
        if (dimensions < 0 || dimensions > MOST_DIMENSIONS) {
            throw file.refuse(at, what + " has " + Integer.toUnsignedString(dimensions) + " dimensions, more than 4");
        }
        List<Long> shape = new ArrayList<>(dimensions);
        for (int i = 0; i < dimensions; i++) {
            long dimension = file.int64(what);
            if (dimension < 0) {
                throw file.refuse(at, what + " has a dimension of " + Long.toUnsignedString(dimension));
            }
            shape.add(dimension);
        }
        Collections.reverse(shape);
        return shape;
    }

    private TensorType type(String what) {
        long at = file.position();
        int number = file.int32(what);
        TensorType type = TensorTypes.shipped().ggml(number);
        if (type == null) {
            throw file.refuse(at, what + " has the unknown ggml type " + Integer.toUnsignedString(number));
        }
        return type;
    }

    private void requireData(long alignment) {
        long start = (file.position() + alignment - 1) / alignment * alignment;
        if (dataEnd > file.size() - start) {
            throw file.refuse(
                    file.position(),
                    "the file ends within the data of its tensors, which takes " + dataEnd + " bytes from byte "
                            + start);
        }
        OptionalLong overlap = extents.overlap();
        if (overlap.isPresent()) {
            throw file.refuse(start + overlap.getAsLong(), "two tensors claim the data from here");
        }
    }
}
