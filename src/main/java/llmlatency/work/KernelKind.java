package llmlatency.work;

/** What kind of program runs an operation; engines reach a different share of the peak for each. */
public enum KernelKind {
    /** Rows fetched from a table. */
    LOOKUP,
    /** Every token meets every weight of a matrix. */
    MATRIX,
    /** Queries meet the cache. */
    ATTENTION,
    /** A state of constant size is updated by each token. */
    STATE,
    /** Tokens meet the matrices of the experts that they were routed to. */
    EXPERTS
}
