package llmlatency.model;

/** What a weight tensor is for; number formats are chosen by role. */
public enum TensorRole {
    EMBEDDING(true),
    POSITION_EMBEDDING(true),
    LM_HEAD(true),
    QUERY(true),
    KEY(true),
    VALUE(true),
    ATTENTION_GATE(true),
    ATTENTION_OUTPUT(true),
    /** Projections into and out of a compressed query or cache. */
    LATENT(true),
    /** Projections of a sparse attention's indexer or compressor. */
    INDEX(true),
    /** Projections of a recurrent layer. */
    STATE(true),
    /** A short convolution over the last tokens. */
    CONVOLUTION(true),
    /** Any other matrix of a layer that every token meets. */
    OTHER(true),
    GATE(true),
    UP(true),
    DOWN(true),
    ROUTER(true),
    NORM(false),
    BIAS(false),
    /** A learned logit per head that takes part in the softmax (gpt-oss). */
    SINK(false),
    /** Any other vector of a layer: decays, scales. */
    OTHER_VECTOR(false);

    private final boolean matrix;

    TensorRole(boolean matrix) {
        this.matrix = matrix;
    }

    /** Whether it multiplies (and is quantised); vectors stay at 16 or 32 bit (how-it-counts.md). */
    public boolean matrix() {
        return matrix;
    }
}
