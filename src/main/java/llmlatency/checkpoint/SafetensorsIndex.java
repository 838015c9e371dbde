package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import llmlatency.document.JsonStream;
import llmlatency.document.Quote;
import llmlatency.units.Refusal;

/**
 * The index of a sharded checkpoint: {@code {"metadata": {…}, "weight_map": {tensor: file}}}. It is streamed twice, once
 * for the files and once to see that they hold what it says, since its names need not be held for either.
 */
final class SafetensorsIndex {
    private static final long LARGEST = 100L << 20;
    private static final int MOST_FILES = 10_000;
    private static final int MOST_METADATA = 1_000;
    private static final int LONGEST_METADATA = 1_000;
    /** Files beside the index, not elsewhere on the machine. */
    private static final Pattern FILE_NAME = Pattern.compile("[^/\\\\\\p{Cntrl}]{1,240}\\.safetensors");

    private final Path path;
    private final Map<String, Object> metadata = new LinkedHashMap<>();

    private SafetensorsIndex(Path path) {
        this.path = path;
    }

    static TensorListing read(Path path) {
        SafetensorsIndex index = new SafetensorsIndex(path);
        List<Path> files = index.files();
        TensorCollector tensors = new TensorCollector(path);
        SafetensorsFile.readAll(files, tensors).forEach(index.metadata::putIfAbsent);
        TensorListing listing = tensors.listing(files, index.metadata);
        index.requireAll(tensors.sortedNames());
        return listing;
    }

    private List<Path> files() {
        Set<String> names = new TreeSet<>();
        walk((tensor, json) -> {
            String file = json.text();
            if (!FILE_NAME.matcher(file).matches()) {
                throw json.refuse(Quote.of(file) + " is not the name of a safetensors file beside this one");
            }
            names.add(file);
            if (names.size() > MOST_FILES) {
                throw json.refuse("the index names more than " + MOST_FILES + " files");
            }
        });
        if (names.isEmpty()) {
            throw new Refusal(path + " names no file");
        }
        List<Path> files = new ArrayList<>();
        for (String name : names) {
            files.add(path.resolveSibling(name));
        }
        return files;
    }

    private void requireAll(String[] names) {
        BitSet seen = new BitSet(names.length);
        walk((tensor, json) -> {
            json.text();
            int at = Arrays.binarySearch(names, tensor);
            if (at < 0) {
                throw json.refuse("none of the files holds the tensor " + Quote.of(tensor));
            }
            if (seen.get(at)) {
                throw json.refuse(Quote.of(tensor) + " stands twice");
            }
            seen.set(at);
        });
    }

    /** Goes through the map from tensor to file, the stream standing on the file each time. */
    private void walk(BiConsumer<String, JsonStream> entry) {
        try (HeaderFile file = HeaderFile.open(path)) {
            if (file.size() > LARGEST) {
                throw file.refuse(0, "an index of more than 100 MiB is none");
            }
            try (JsonStream json = JsonStream.open(path.toString(), 0, file.stream(file.size(), "the index"))) {
                for (String section = json.nextField(); section != null; section = json.nextField()) {
                    section(section, json, entry);
                }
                json.end();
            }
        }
    }

    private void section(String section, JsonStream json, BiConsumer<String, JsonStream> entry) {
        if (section.equals("weight_map")) {
            json.enterObject();
            for (String tensor = json.nextField(); tensor != null; tensor = json.nextField()) {
                entry.accept(tensor, json);
            }
        } else if (section.equals("metadata")) {
            json.enterObject();
            for (String key = json.nextField(); key != null; key = json.nextField()) {
                Object value = json.scalar();
                boolean isShort = !(value instanceof String text) || text.length() <= LONGEST_METADATA;
                if (value != null && isShort && metadata.size() < MOST_METADATA) {
                    metadata.put(key, value);
                }
            }
        } else {
            json.skip();
        }
    }
}
