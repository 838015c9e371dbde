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
    GATE(true),
    UP(true),
    DOWN(true),
    ROUTER(true),
    NORM(false),
    BIAS(false),
    /** A learned logit per head that takes part in the softmax (gpt-oss). */
    SINK(false);

    private final boolean matrix;

    TensorRole(boolean matrix) {
        this.matrix = matrix;
    }

    /** Whether it multiplies (and is quantised); vectors stay at 16 or 32 bit (DESIGN 8.2). */
    public boolean matrix() {
        return matrix;
    }
}
