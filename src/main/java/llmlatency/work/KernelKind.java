package llmlatency.work;

/** What kind of program runs an operation; engines reach a different share of the peak for each. */
public enum KernelKind {
    /** Rows fetched from a table. */
    LOOKUP,
    /** Every token meets every weight of a matrix. */
    MATRIX,
    /** Queries meet the cache. */
    ATTENTION,
    /** Tokens meet the matrices of the experts that they were routed to. */
    EXPERTS
}
