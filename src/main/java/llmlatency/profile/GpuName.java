package llmlatency.profile;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.NameKey;
import llmlatency.hardware.Gpu;
import llmlatency.units.Bytes;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A device's name as people write it: a vendor may stand before it, a memory size behind.
 *
 * @param word the name to look up
 * @param size the size behind it, in its marketed unit; null where none stands there
 */
record GpuName(String word, @Nullable Long size) {
    private static final Pattern SIZED =
            Pattern.compile("(.+?)[\\s_-]+([0-9]{1,5})\\s*(?:GB|GiB|G)", Pattern.CASE_INSENSITIVE);

    /** Takes from the word what is not part of a name that the store knows. */
    static GpuName of(String word, ProfileStore store) {
        if (known(word, store)) {
            return new GpuName(word, null);
        }
        for (String vendor : store.vendors()) {
            String bare = word.strip();
            if (bare.toLowerCase(Locale.ROOT).startsWith(vendor)) {
                GpuName rest = sized(bare.substring(vendor.length()).strip(), store);
                if (rest != null) {
                    return rest;
                }
            }
        }
        GpuName sized = sized(word, store);
        return sized == null ? new GpuName(word, null) : sized;
    }

    private static @Nullable GpuName sized(String word, ProfileStore store) {
        if (known(word, store)) {
            return new GpuName(word, null);
        }
        Matcher matcher = SIZED.matcher(word.strip());
        return matcher.matches() && known(matcher.group(1), store)
                ? new GpuName(matcher.group(1), Long.valueOf(matcher.group(2)))
                : null;
    }

    private static boolean known(String word, ProfileStore store) {
        return !store.names(ProfileKind.GPU, NameKey.of(word)).isEmpty();
    }

    /**
     * The device with the memory that the name asks for: any fitted size up to the largest where memory is unified, the
     * device's own otherwise.
     */
    Gpu fitted(GpuProfile profile) {
        if (size == null) {
            return profile.gpu();
        }
        Bytes marketed = Bytes.parse(size + " GiB");
        Bytes decimal = Bytes.parse(size + " GB");
        Bytes own = profile.memory();
        if (own != null && (own.value() == marketed.value() || own.value() == decimal.value())) {
            return profile.gpu();
        }
        if (!profile.unified()) {
            throw new Refusal(
                    profile.name() + " does not come with " + size + " GB",
                    "for a device of your own: --gpu " + profile.name() + " --memory \"" + size + " GiB\"");
        }
        if (own != null && marketed.value() > own.value()) {
            throw new Refusal(
                    profile.name() + " comes with less than " + size + " GB",
                    "for a device of your own: --gpu " + profile.name() + " --memory \"" + size + " GiB\"");
        }
        return profile.gpu(marketed);
    }
}
