package llmlatency.profile;

import java.util.Locale;

/** The kinds of profile, each with a folder of its own. */
public enum ProfileKind {
    MODEL("models", "model"),
    GPU("gpus", "GPU"),
    FORMAT("formats", "format"),
    ENGINE("engines", "engine"),
    ARCHITECTURE("architectures", "architecture");

    private final String folder;
    private final String noun;

    ProfileKind(String folder, String noun) {
        this.folder = folder;
        this.noun = noun;
    }

    /** The folder's name, which {@code list} takes too. */
    public String folder() {
        return folder;
    }

    /** What one of them is called in messages. */
    public String noun() {
        return noun;
    }

    /** The word for one of them in file formats: {@code gpu}. */
    public String key() {
        return noun.toLowerCase(Locale.ROOT);
    }
}
