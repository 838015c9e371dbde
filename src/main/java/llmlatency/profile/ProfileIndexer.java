package llmlatency.profile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.document.NameKey;

/** Build step: writes the index of the shipped profiles, and fails where two of them claim one name. */
public final class ProfileIndexer {
    private ProfileIndexer() {}

    /**
     * Writes {@code KIND.index} beside each kind's folder.
     *
     * @param arguments the folder that holds the kinds' folders
     */
    public static void main(String... arguments) throws IOException {
        Path root = Path.of(arguments[0]);
        for (ProfileKind kind : ProfileKind.values()) {
            Files.writeString(root.resolve(kind.folder() + ".index"), index(root.resolve(kind.folder())));
        }
    }

    private static String index(Path folder) throws IOException {
        SortedMap<String, SortedSet<String>> owners = new TreeMap<>();
        SortedMap<String, SortedSet<String>> ambiguous = new TreeMap<>();
        SortedSet<String> vendors = new TreeSet<>();
        for (Path file : files(folder)) {
            Document node = JsonReader.read(file.toString(), Files.readAllBytes(file));
            String name = name(file);
            claim(owners, name, name);
            node.list("aliases").forEach(alias -> claim(owners, alias.text(), name));
            node.list("ambiguous")
                    .forEach(word -> ambiguous
                            .computeIfAbsent(NameKey.of(word.text()), key -> new TreeSet<>())
                            .add(name));
            Document vendor = node.find("vendor");
            if (vendor != null) {
                vendors.add(NameKey.of(vendor.text()));
            }
        }
        ambiguous.forEach((key, names) -> {
            if (owners.put(key, names) != null) {
                throw new IllegalStateException("'" + key + "' is both a name and an ambiguous word");
            }
        });
        return ProfileIndex.text(List.copyOf(vendors), owners);
    }

    private static void claim(SortedMap<String, SortedSet<String>> owners, String word, String name) {
        SortedSet<String> owner = owners.computeIfAbsent(NameKey.of(word), key -> new TreeSet<>());
        owner.add(name);
        if (owner.size() > 1) {
            throw new IllegalStateException("'" + word + "' is claimed by " + String.join(" and ", owner));
        }
    }

    static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    static String name(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(0, name.length() - ".json".length());
    }
}
