package llmlatency.cli;

import llmlatency.profile.ProfileKind;
import llmlatency.units.Refusal;

/** Reads kinds of profile as people type them: {@code gpu} or {@code gpus}. */
final class Kinds {
    private Kinds() {}

    static ProfileKind parse(String word) {
        for (ProfileKind kind : ProfileKind.values()) {
            String folder = kind.folder();
            if (folder.equalsIgnoreCase(word)
                    || folder.substring(0, folder.length() - 1).equalsIgnoreCase(word)) {
                return kind;
            }
        }
        throw new Refusal("'" + word + "' is none of models, gpus, formats, engines, architectures");
    }
}
