package llmlatency.profile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.document.NameKey;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Where profiles lie: folders of the user, in order of precedence, over those that ship with the program. */
final class ProfileStore {
    private static final long LARGEST_FILE = 4 << 20;
    private final List<Path> overlays;
    private final Map<ProfileKind, ProfileIndex> indexes = new LinkedHashMap<>();
    private final UsedProfiles used = new UsedProfiles();

    ProfileStore(List<Path> overlays) {
        this.overlays = List.copyOf(overlays);
    }

    /** What was read so far. */
    UsedProfiles used() {
        return used;
    }

    /** The names that a key fits, those of the user's profiles before the shipped ones. */
    List<String> names(ProfileKind kind, String key) {
        List<String> own = ownNames(kind, key);
        List<String> shipped = index(kind).names(key);
        if (own.isEmpty()) {
            return shipped;
        }
        if (own.size() == 1 && !shipped.isEmpty()) {
            used.overrides(kind.folder() + "/" + own.get(0));
        }
        return own;
    }

    private List<String> ownNames(ProfileKind kind, String key) {
        for (Path overlay : overlays) {
            for (Path file : files(overlay.resolve(kind.folder()))) {
                if (key.equals(NameKey.of(ProfileIndexer.name(file)))) {
                    return List.of(ProfileIndexer.name(file));
                }
            }
        }
        for (Path overlay : overlays) {
            List<String> owners = new ArrayList<>();
            for (Path file : files(overlay.resolve(kind.folder()))) {
                if (readFile(file).list("aliases").stream().anyMatch(alias -> key.equals(NameKey.of(alias.text())))) {
                    owners.add(ProfileIndexer.name(file));
                }
            }
            if (!owners.isEmpty()) {
                return owners;
            }
        }
        return List.of();
    }

    /** Words that may stand before a device's name. */
    List<String> vendors() {
        return index(ProfileKind.GPU).vendors();
    }

    /** All names, sorted. */
    SortedSet<String> all(ProfileKind kind) {
        SortedSet<String> names = new TreeSet<>(index(kind).all());
        for (Path overlay : overlays) {
            files(overlay.resolve(kind.folder())).forEach(file -> names.add(ProfileIndexer.name(file)));
        }
        return names;
    }

    /** Whether the profile of that exact name is the user's. */
    boolean isOwn(ProfileKind kind, String name) {
        for (Path overlay : overlays) {
            if (Files.isRegularFile(overlay.resolve(kind.folder()).resolve(name + ".json"))) {
                return true;
            }
        }
        return false;
    }

    /** The document of that exact name. */
    Document read(ProfileKind kind, String name) {
        for (Path overlay : overlays) {
            Path file = overlay.resolve(kind.folder()).resolve(name + ".json");
            if (Files.isRegularFile(file)) {
                return readOwn(kind, file);
            }
        }
        String resource = kind.folder() + "/" + name + ".json";
        byte[] json = resource(resource);
        if (json == null) {
            throw new IllegalStateException("the index names " + resource + ", which is not there");
        }
        used.add(kind.folder() + "/" + name, json);
        return JsonReader.read("profiles/" + resource, json);
    }

    /** A document that is not one of many: rules that hold for all. */
    Document shared(String name) {
        byte[] json = resource(name + ".json");
        if (json == null) {
            throw new IllegalStateException("profiles/" + name + ".json is not packed");
        }
        used.add(name, json);
        return JsonReader.read("profiles/" + name + ".json", json);
    }

    /** A profile in a file of the user's. */
    Document readOwn(ProfileKind kind, Path file) {
        byte[] json = bytes(file);
        used.add(kind.folder() + "/" + ProfileIndexer.name(file), json);
        return JsonReader.read(file.toString(), json);
    }

    /** The document in a file of the user's. */
    static Document readFile(Path file) {
        return JsonReader.read(file.toString(), bytes(file));
    }

    /** The config in a file of the user's. */
    static Document readConfig(Path file) {
        return JsonReader.readConfig(file.toString(), bytes(file));
    }

    /** The config that a stream holds. */
    static Document readConfig(String name, InputStream input) {
        try {
            byte[] bytes = input.readNBytes((int) LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw new Refusal(name + " is larger than 4 MiB, too large for a config");
            }
            return JsonReader.readConfig(name, bytes);
        } catch (IOException e) {
            throw new Refusal(name + " cannot be read: " + reason(e));
        }
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw new Refusal(file + " is larger than 4 MiB, too large for a profile or config");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + reason(e));
        }
    }

    /** The document of that exact name; null where there is none. */
    @Nullable
    Document find(ProfileKind kind, String word) {
        List<String> names = names(kind, NameKey.of(word));
        return names.size() == 1 ? read(kind, names.get(0)) : null;
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof NoSuchFileException ? "there is no such file" : String.valueOf(e.getMessage());
    }

    private static List<Path> files(Path folder) {
        try {
            return ProfileIndexer.files(folder);
        } catch (IOException e) {
            throw new Refusal(folder + " cannot be read: " + reason(e));
        }
    }

    private ProfileIndex index(ProfileKind kind) {
        return indexes.computeIfAbsent(kind, missing -> {
            byte[] bytes = resource(kind.folder() + ".index");
            if (bytes == null) {
                throw new IllegalStateException("the index of " + kind.folder() + " is not packed");
            }
            return ProfileIndex.read(bytes);
        });
    }

    private static byte @Nullable [] resource(String name) {
        try (InputStream in = ProfileStore.class.getResourceAsStream("/profiles/" + name)) {
            return in == null ? null : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
