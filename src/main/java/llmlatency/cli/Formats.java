package llmlatency.cli;

import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** What number formats may be asked for together. */
final class Formats {
    private Formats() {}

    /** Refuses a format beside weights that are stored in another. */
    static void requireSame(@Nullable String asked, ModelProfile profile, Profile<FormatProfile> found) {
        if (asked != null && !found.name().equals(profile.weightFormat())) {
            throw new Refusal(
                    "--dtype " + asked + " contradicts the weights, which are stored as " + profile.weightFormat(),
                    "leave --dtype out, or ask with the config.json alone");
        }
    }

    /**
     * The format of the KV cache: the one asked for; else that of the weights where it is fp16 or bf16, else the
     * checkpoint's own 16-bit format, as how-it-counts.md says. Refuses one that no cache is stored in.
     */
    static NumberFormat cache(
            ProfileLibrary library, @Nullable String asked, ModelProfile profile, Profile<FormatProfile> weights) {
        String usual = ModelProfile.isSixteenBit(weights.name()) ? weights.name() : profile.activationFormat();
        Profile<FormatProfile> cache = library.format(asked == null ? usual : asked);
        if (!cache.value().cache()) {
            throw new Refusal("no KV cache is stored in " + cache.name()
                    + "; give --kv-dtype another, such as fp16, fp8 or q8_0");
        }
        return cache.value().format();
    }
}
