package llmlatency.model;

import llmlatency.units.Refusal;

/** Counting that all kinds of attention share. */
final class Pairs {
    private Pairs() {}

    /**
     * Query-key pairs of a sequence: {@code Σ_{j=1..T} min(C + j, w)}, that is {@code T·C + T(T+1)/2} without a limit.
     *
     * <p>Source: counting; how-it-counts.md. Holds for: causal masks, w counting the token itself.
     */
    static double causal(Step step, long limit) {
        double cached = step.cachedTokens();
        double growing = Math.min(step.newTokens(), Math.max(0, (double) limit - cached));
        double capped = step.newTokens() - growing;
        return growing * cached + growing * (growing + 1) / 2 + (capped == 0 ? 0 : capped * limit);
    }

    /** Refuses a tensor-parallel degree that does not divide the query heads. */
    static void requireDivides(Parallelism parallelism, long heads) {
        int tensor = parallelism.tensor();
        if (heads % tensor != 0) {
            throw new Refusal(
                    "tensor parallelism over " + tensor + " devices does not divide the " + heads + " query heads",
                    "degrees that do: " + divisors(heads));
        }
    }

    static String divisors(long number) {
        StringBuilder text = new StringBuilder();
        for (long i = 1; i <= Math.min(number, 1024); i++) {
            if (number % i == 0) {
                text.append(text.isEmpty() ? "" : ", ").append(i);
            }
        }
        return text.toString();
    }
}
