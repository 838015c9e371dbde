package llmlatency.profile;

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
}
