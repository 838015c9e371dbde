package llmlatency.estimate;

import llmlatency.hardware.Pace;

/** The pace of passes, which may depend on how much they take at once. */
interface Paces {
    /** The pace of a pass of so many rows, of so many sequences. */
    Pace of(double rows, double sequences);
}
