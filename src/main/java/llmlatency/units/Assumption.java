package llmlatency.units;

/**
 * A figure or rule that an answer rests on although no source states it for this case.
 *
 * @param what the figure or rule
 * @param value what was assumed
 * @param why the reason
 */
public record Assumption(String what, String value, String why) {}
