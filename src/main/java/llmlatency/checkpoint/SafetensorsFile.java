package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import llmlatency.document.JsonStream;
import llmlatency.document.Quote;
import org.jspecify.annotations.Nullable;

/**
 * The header of one safetensors file: its length in 8 bytes, then JSON, then the data without gaps.
 *
 * <p>Source: huggingface/safetensors, README.md, "Format".
 */
final class SafetensorsFile {
    private static final int LENGTH_BYTES = Long.BYTES;
    /** The reference implementation stops at 100 MB. */
    private static final long LONGEST_HEADER = 100L << 20;
    /** As many as any tensor library has. */
    private static final int MOST_DIMENSIONS = 64;

    private static final int MOST_METADATA = 10_000;
    private static final long LONGEST_METADATA = 1L << 20;
    private static final String METADATA = "__metadata__";

    private final HeaderFile file;
    private final JsonStream json;
    private final TensorCollector tensors;
    private final long dataStart;
    private final Map<String, Object> metadata = new LinkedHashMap<>();
    private final Extents extents = new Extents();
    private boolean metadataSeen;
    private long metadataLength;

    private SafetensorsFile(HeaderFile file, JsonStream json, TensorCollector tensors, long dataStart) {
        this.file = file;
        this.json = json;
        this.tensors = tensors;
        this.dataStart = dataStart;
    }

    /**
     * Adds the tensors of all these files to those collected.
     *
     * @return what the {@code __metadata__} of the first says; shards repeat it
     */
    static Map<String, Object> readAll(List<Path> files, TensorCollector tensors) {
        Map<String, Object> first = new LinkedHashMap<>();
        for (int i = 0; i < files.size(); i++) {
            Map<String, Object> metadata = read(files.get(i), tensors);
            first = i == 0 ? metadata : first;
        }
        return first;
    }

    private static Map<String, Object> read(Path path, TensorCollector tensors) {
        try (HeaderFile file = HeaderFile.open(path)) {
            long length = file.int64("the length of the header");
            if (length < 0 || length > LONGEST_HEADER) {
                throw file.refuse(
                        0,
                        "the header would take " + Long.toUnsignedString(length)
                                + " bytes, more than 100 MiB: this is no safetensors file");
            }
            try (JsonStream json = JsonStream.open(path.toString(), LENGTH_BYTES, file.stream(length, "the header"))) {
                SafetensorsFile reader = new SafetensorsFile(file, json, tensors, LENGTH_BYTES + length);
                reader.header();
                reader.requireTiling();
                return reader.metadata;
            }
        }
    }

    private void header() {
        for (String name = json.nextField(); name != null; name = json.nextField()) {
            if (name.equals(METADATA)) {
                metadata();
            } else {
                tensor(name);
            }
        }
        json.end();
    }

    private void metadata() {
        if (metadataSeen) {
            throw json.refuse("'" + METADATA + "' stands twice");
        }
        metadataSeen = true;
        json.enterObject();
        for (String name = json.nextField(); name != null; name = json.nextField()) {
            String text = json.text();
            metadataLength += name.length() + text.length();
            if (metadata.put(name, text) != null) {
                throw json.refuse(Quote.of(name) + " stands twice in '" + METADATA + "'");
            }
            if (metadata.size() > MOST_METADATA || metadataLength > LONGEST_METADATA) {
                throw json.refuse("'" + METADATA + "' is larger than that of any model");
            }
        }
    }

    private void tensor(String name) {
        long at = json.offset();
        json.enterObject();
        Fields fields = new Fields();
        for (String field = json.nextField(); field != null; field = json.nextField()) {
            fields.take(field, json);
        }
        TensorType type = type(name, at, fields.dtype);
        List<Long> shape = fields.shape;
        List<Long> offsets = fields.offsets;
        if (shape == null || offsets == null || offsets.size() != 2) {
            throw refuse(name, at, "needs 'shape' and the two numbers of 'data_offsets'");
        }
        long begin = offsets.get(0);
        long end = offsets.get(1);
        long data = file.size() - dataStart;
        if (begin > end || end > data) {
            throw refuse(name, at, "takes the bytes " + begin + " to " + end + " of " + data + " bytes of data");
        }
        long bytes = tensors.add(file, at, name, type, shape);
        if (bytes != end - begin) {
            throw refuse(
                    name,
                    at,
                    "has " + (end - begin) + " bytes, but " + type.name() + " of shape " + shape + " takes " + bytes);
        }
        extents.add(dataStart + begin, dataStart + end);
    }

    private TensorType type(String name, long at, @Nullable String dtype) {
        if (dtype == null) {
            throw refuse(name, at, "lacks 'dtype'");
        }
        TensorType type = TensorTypes.shipped().safetensors(dtype);
        if (type == null) {
            throw refuse(name, at, "has the unknown dtype " + Quote.of(dtype));
        }
        return type;
    }

    /** The format forbids holes, so that nothing can hide in them, and so that a file cut short is noticed. */
    private void requireTiling() {
        OptionalLong overlap = extents.overlap();
        if (overlap.isPresent()) {
            throw file.refuse(overlap.getAsLong(), "two tensors claim the data from here");
        }
        OptionalLong gap = extents.gap(dataStart, file.size());
        if (gap.isPresent()) {
            throw file.refuse(gap.getAsLong(), "no tensor claims the data from here");
        }
    }

    private RuntimeException refuse(String name, long at, String message) {
        return file.refuse(at, "tensor " + Quote.of(name) + " " + message);
    }

    /** The fields of one tensor as they come. */
    private static final class Fields {
        private @Nullable String dtype;
        private @Nullable List<Long> shape;
        private @Nullable List<Long> offsets;

        void take(String field, JsonStream json) {
            boolean twice = false;
            switch (field) {
                case "dtype" -> {
                    twice = dtype != null;
                    dtype = json.text();
                }
                case "shape" -> {
                    twice = shape != null;
                    shape = json.counts(MOST_DIMENSIONS);
                }
                case "data_offsets" -> {
                    twice = offsets != null;
                    offsets = json.counts(2);
                }
                default -> json.skip();
            }
            if (twice) {
                throw json.refuse("'" + field + "' stands twice");
            }
        }
    }
}
