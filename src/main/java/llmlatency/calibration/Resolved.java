package llmlatency.calibration;

/** What becomes of a measurement: a case that can be answered, or one that is left out. */
public sealed interface Resolved permits MeasuredCase, Resolved.Skipped {
    /** The measurement. */
    Measurement measurement();

    /** What was measured, by the names of profiles. */
    Identity identity();

    /**
     * A measurement that cannot be answered.
     *
     * @param measurement the measurement
     * @param identity what was measured
     * @param reason why, in words that others with the same reason share
     */
    record Skipped(Measurement measurement, Identity identity, String reason) implements Resolved {}
}
