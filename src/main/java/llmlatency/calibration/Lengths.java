package llmlatency.calibration;

import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The lengths that a measurement's formula is about, those that it does not state filled in (validation.md).
 *
 * @param prompt P, tokens of each prompt; 0 where none is part of what was measured
 * @param newTokens of these, those that are computed
 * @param cached tokens in the cache before them, or before the first step where no prompt is part of it
 * @param output n, tokens generated for each sequence; 0 where none is part of it
 * @param assumed what was filled in, for people; null: nothing
 */
record Lengths(
        long prompt,
        long newTokens,
        long cached,
        long output,
        @Nullable String assumed) {
    private static final String ASSUMED = "assumed lengths";
    private static final long USUAL_OUTPUT = 128;
    private static final long USUAL_DEPTH = 256;
    private static final long SHORT_PROMPT = 32;

    /**
     * The lengths of a measurement.
     *
     * @throws Refusal with the reason why it cannot be answered
     */
    static Lengths of(MeasuredMetric metric, Measurement.Request request) {
        if (request.load()) {
            return endToEnd(request);
        }
        return switch (metric.span(request.includesPrefill())) {
            case DECODE -> decode(request);
            case PREFILL -> withPrompt(request, request.promptTokens(), 0, null);
            case END_TO_END -> endToEnd(request);
        };
    }

    private static Lengths decode(Measurement.Request request) {
        Long prompt = request.promptTokens();
        Long output = request.outputTokens();
        boolean nothing = prompt == null && request.depth() == null && output == null;
        long cached = request.depth() != null ? request.depth() : prompt != null ? prompt : nothing ? USUAL_DEPTH : 0;
        return new Lengths(0, 0, cached, output == null ? USUAL_OUTPUT : output, output == null ? ASSUMED : null);
    }

    private static Lengths endToEnd(Measurement.Request request) {
        Long output = request.outputTokens();
        Long prompt = request.promptTokens();
        boolean unstated = request.includesPrefill() && prompt == null;
        String assumed = output == null ? ASSUMED : unstated ? "assumed prompt of " + SHORT_PROMPT + " tokens" : null;
        return withPrompt(
                request, unstated ? (Long) SHORT_PROMPT : prompt, output == null ? USUAL_OUTPUT : output, assumed);
    }

    private static Lengths withPrompt(
            Measurement.Request request, @Nullable Long prompt, long output, @Nullable String assumed) {
        if (prompt == null || prompt == 0) {
            throw new Refusal("lengths not stated");
        }
        if (request.cachedTokens() >= prompt) {
            throw new Refusal("no token of the prompt is left to compute");
        }
        long before = request.depth() == null ? 0 : request.depth();
        long cached = request.cachedTokens();
        return new Lengths(prompt, prompt - cached, before + cached, output, assumed);
    }

    /** Tokens in the cache after the prompt. */
    long afterPrompt() {
        return cached + newTokens;
    }

    /** Length of a finished sequence. */
    long total() {
        return afterPrompt() + output;
    }
}
