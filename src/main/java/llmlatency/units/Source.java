package llmlatency.units;

import org.jspecify.annotations.Nullable;

/**
 * Where a figure comes from.
 *
 * @param title what to look for: a datasheet, a repository, a page
 * @param url where it was, if it has an address
 * @param kind how much it can be trusted
 */
public record Source(String title, @Nullable String url, Kind kind) {
    /** How a figure came about, from vendor statements to assumptions. */
    public enum Kind {
        /** The vendor's own statement, or a table that copies it. */
        DATASHEET,
        /** Published with the model or format itself: a config, a paper, a source file. */
        PUBLISHED,
        /** Somebody measured it. */
        MEASURED,
        /** Computed from other figures by a rule that is named. */
        DERIVED,
        /** Nobody stated it; we chose it and say so. */
        ASSUMED
    }
}
