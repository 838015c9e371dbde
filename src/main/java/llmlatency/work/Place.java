package llmlatency.work;

/** Where an operation's weights and cache lie, and where it runs unless they are carried elsewhere. */
public enum Place {
    /** The accelerator and its memory. */
    DEVICE,
    /** The CPU and its memory. */
    HOST
}
