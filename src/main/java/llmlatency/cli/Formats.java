package llmlatency.cli;

import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.units.Refusal;
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
}
