package llmlatency.profile;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The profiles that answers rest on, each with a checksum of its text, so that a later answer can say which of them
 * changed. The checksums tell apart, they do not protect against forgery: two sums of 32 bits that start without a
 * security provider.
 */
public final class UsedProfiles {
    private final SortedMap<String, String> hashes = new TreeMap<>();
    private final SortedSet<String> overriding = new TreeSet<>();

    /** None so far. */
    public UsedProfiles() {}

    synchronized void add(String name, byte[] json) {
        if (!hashes.containsKey(name)) {
            hashes.put(name, hash(json));
        }
    }

    synchronized void overrides(String name) {
        overriding.add(name);
    }

    /** Adds those of another answer. */
    public synchronized void addAll(UsedProfiles other) {
        hashes.putAll(other.hashes());
        overriding.addAll(other.overriding());
    }

    /** Names with their folder, such as {@code gpus/l4}, and the checksum of each, sorted. */
    public synchronized Map<String, String> hashes() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(hashes));
    }

    /** Those of the user's that were taken where a shipped one has the name too, sorted. */
    public synchronized SortedSet<String> overriding() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(overriding));
    }

    /** One checksum of all. */
    public String hash() {
        StringBuilder text = new StringBuilder();
        hashes().forEach((name, hash) ->
                text.append(name).append('\t').append(hash).append('\n'));
        return hash(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] bytes) {
        return hex(new CRC32(), bytes) + hex(new CRC32C(), bytes);
    }

    private static String hex(Checksum sum, byte[] bytes) {
        sum.update(bytes);
        String hex = Long.toHexString(sum.getValue());
        return "0".repeat(8 - hex.length()) + hex;
    }
}
