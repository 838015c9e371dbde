package llmlatency.checkpoint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmlatency.units.Refusal;

/**
 * What the safetensors files of a checkpoint hold, from their headers alone: a file, a shard (which stands for all of
 * its set), an index, or a folder with any of these.
 *
 * <p>In a folder the index is followed where there is one; else {@code model.safetensors} is read, else the only set of
 * shards, else all safetensors files.
 */
public final class SafetensorsHeader {
    private static final String SUFFIX = ".safetensors";
    private static final String INDEX_SUFFIX = SUFFIX + ".index.json";
    private static final String INDEX = "model" + INDEX_SUFFIX;
    private static final String WHOLE = "model" + SUFFIX;

    private SafetensorsHeader() {}

    /** Whether {@link #read} would find something there: a file of that name, or a folder with such files. */
    public static boolean isAt(Path path) {
        String name = String.valueOf(path.getFileName());
        if (Files.isDirectory(path)) {
            return Files.exists(path.resolve(INDEX)) || !names(path).isEmpty();
        }
        return name.endsWith(SUFFIX) || name.endsWith(INDEX_SUFFIX);
    }

    /**
     * Reads the headers.
     *
     * @throws Refusal naming file and place when a file is missing, unreadable, or not a sound safetensors file
     */
    public static TensorListing read(Path path) {
        if (Files.isDirectory(path)) {
            return folder(path);
        }
        String name = String.valueOf(path.getFileName());
        if (name.endsWith(INDEX_SUFFIX)) {
            return SafetensorsIndex.read(path);
        }
        ShardName shard = ShardName.of(name, SUFFIX);
        return files(path, shard == null ? List.of(path) : shard.beside(path));
    }

    private static TensorListing folder(Path folder) {
        if (Files.exists(folder.resolve(INDEX))) {
            return SafetensorsIndex.read(folder.resolve(INDEX));
        }
        if (Files.exists(folder.resolve(WHOLE))) {
            return files(folder, List.of(folder.resolve(WHOLE)));
        }
        List<String> names = names(folder);
        Map<String, ShardName> sets = new TreeMap<>();
        for (String name : names) {
            ShardName shard = ShardName.of(name, SUFFIX);
            if (shard != null) {
                sets.putIfAbsent(shard.set(), shard);
            }
        }
        if (sets.size() > 1) {
            throw new Refusal(folder + " holds several sets of shards: " + String.join(", ", sets.keySet()));
        }
        if (sets.size() == 1) {
            return files(folder, sets.values().iterator().next().all(folder));
        }
        if (names.isEmpty()) {
            throw new Refusal(folder + " holds no safetensors file");
        }
        return files(folder, names.stream().map(folder::resolve).toList());
    }

    private static TensorListing files(Path where, List<Path> files) {
        TensorCollector tensors = new TensorCollector(where);
        Map<String, Object> metadata = SafetensorsFile.readAll(files, tensors);
        return tensors.listing(files, metadata);
    }

    private static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            found.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            throw new Refusal(folder + " cannot be read: " + e.getMessage());
        }
        names.sort(null);
        return names;
    }
}
