package llmlatency.estimate;

/**
 * Sizes of the whole model, never of one device.
 *
 * @param parameters weights, each counted once
 * @param activeParameters weights that one token uses
 * @param activeMatrixParameters of these, those in matrices
 * @param weightBytes bytes of all weights
 * @param weightBytesPerToken bytes of weights that one token reads, tables looked up aside
 * @param kvBytesPerToken growth of the cache with each token of a sequence, before any window is full
 * @param kvConstantBytes state of a sequence that does not grow
 */
public record ModelFacts(
        long parameters,
        long activeParameters,
        long activeMatrixParameters,
        long weightBytes,
        double weightBytesPerToken,
        double kvBytesPerToken,
        long kvConstantBytes) {}
