package llmlatency.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import llmlatency.document.Quote;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Finds models that were downloaded from the Hugging Face Hub before. Reads the cache only; never the network.
 *
 * <p>Source: huggingface_hub, docs "Understand caching" and "Environment variables".
 */
public final class HubCache {
    private static final Pattern ID = Pattern.compile("[\\w-][\\w.-]*(/[\\w-][\\w.-]*)?");
    private static final Pattern COMMIT = Pattern.compile("[\\w-]{1,128}");
    private static final int LONGEST_REF = 4096;

    private HubCache() {}

    /**
     * The folder of the model's snapshot: the one that {@code refs/main} names, or the only one.
     *
     * @param id what the Hub calls it ({@code meta-llama/Llama-3.1-8B})
     * @param environment the environment variables
     * @return null where the model is not in the cache
     * @throws Refusal when the cache holds it in a state that does not say which snapshot is meant
     */
    public static @Nullable Path find(String id, Map<String, String> environment) {
        Path cache = cache(environment);
        if (cache == null || !ID.matcher(id).matches()) {
            return null;
        }
        Path model = cache.resolve("models--" + id.replace("/", "--"));
        Path snapshots = model.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return null;
        }
        Path ref = model.resolve("refs").resolve("main");
        return Files.isRegularFile(ref) ? named(ref, snapshots) : only(snapshots);
    }

    private static @Nullable Path cache(Map<String, String> environment) {
        for (String variable : List.of("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")) {
            Path cache = folder(environment, variable);
            if (cache != null) {
                return cache;
            }
        }
        Path home = folder(environment, "HF_HOME");
        if (home != null) {
            return home.resolve("hub");
        }
        Path caches = folder(environment, "XDG_CACHE_HOME");
        Path user = folder(environment, "HOME");
        if (caches == null && user != null) {
            caches = user.resolve(".cache");
        }
        return caches == null ? null : caches.resolve("huggingface").resolve("hub");
    }

    private static @Nullable Path folder(Map<String, String> environment, String variable) {
        String value = environment.get(variable);
        if (value == null || value.isEmpty()) {
            return null;
        }
        String home = environment.get("HOME");
        boolean atHome = home != null && (value.equals("~") || value.startsWith("~/"));
        try {
            return Path.of(atHome ? home + value.substring(1) : value);
        } catch (IllegalArgumentException e) {
            throw new Refusal(variable + " is no path: " + Quote.of(value));
        }
    }

    private static Path named(Path ref, Path snapshots) {
        String commit;
        try (InputStream in = Files.newInputStream(ref)) {
            commit = new String(in.readNBytes(LONGEST_REF), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new Refusal(ref + " cannot be read: " + e.getMessage());
        }
        if (!COMMIT.matcher(commit).matches()) {
            throw new Refusal(ref + " names no commit: " + Quote.of(commit));
        }
        Path snapshot = snapshots.resolve(commit);
        if (!Files.isDirectory(snapshot)) {
            throw new Refusal(ref + " names the snapshot " + commit + ", which is not in the cache");
        }
        return snapshot;
    }

    private static @Nullable Path only(Path snapshots) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(snapshots, Files::isDirectory)) {
            folders.forEach(found::add);
        } catch (IOException e) {
            throw new Refusal(snapshots + " cannot be read: " + e.getMessage());
        }
        if (found.size() > 1) {
            throw new Refusal(snapshots + " holds " + found.size() + " snapshots and no refs/main says which is meant");
        }
        return found.isEmpty() ? null : found.get(0);
    }
}
