package llmlatency.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where profiles come from. */
class ProfileOptions {
    @Option(
            names = "--profiles",
            paramLabel = "DIR",
            description = "A folder with profiles of your own (models, gpus, formats, engines); they win over the"
                    + " shipped ones. May repeat.")
    List<String> folders = new ArrayList<>();

    /** The library over the folders asked for, then {@code LLM_LATENCY_PROFILES}, then the user's own folder. */
    final ProfileLibrary library(Console console) {
        return new ProfileLibrary(overlays(console.environment()), console.environment(), console.in());
    }

    /** The folders with profiles of the user's, those that win first. */
    List<Path> overlays(Map<String, String> environment) {
        List<Path> overlays = asked();
        String listed = environment.getOrDefault("LLM_LATENCY_PROFILES", "");
        for (String folder : listed.split(":", -1)) {
            if (!folder.isEmpty()) {
                overlays.add(folder("LLM_LATENCY_PROFILES", folder));
            }
        }
        Path own = own(environment);
        if (own != null && Files.isDirectory(own)) {
            overlays.add(own);
        }
        return overlays;
    }

    /** The folders that the command line names. */
    final List<Path> asked() {
        List<Path> asked = new ArrayList<>();
        for (String folder : folders) {
            asked.add(folder("--profiles", folder));
        }
        return asked;
    }

    private static Path folder(String origin, String name) {
        try {
            Path folder = Path.of(name);
            if (Files.isDirectory(folder)) {
                return folder;
            }
        } catch (InvalidPathException e) {
            throw new Refusal(origin + ": '" + name + "' cannot be the name of a folder");
        }
        throw new Refusal(origin + ": there is no folder " + name);
    }

    /** The user's own folder; null where there is no home. */
    static @Nullable Path own(Map<String, String> environment) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        if (config.isEmpty() && home.isEmpty()) {
            return null;
        }
        Path base = config.isEmpty() ? Path.of(home, ".config") : Path.of(config);
        return base.resolve("llm-latency").resolve("profiles");
    }
}
