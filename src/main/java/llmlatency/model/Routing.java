package llmlatency.model;

/**
 * How a mixture of experts sends tokens to experts.
 *
 * @param experts routed experts of a layer, E
 * @param perToken experts that one token uses, k
 */
public record Routing(int experts, int perToken) {
    public Routing {
        if (perToken < 1 || perToken > experts) {
            throw new IllegalArgumentException(perToken + " experts per token of " + experts);
        }
    }

    /**
     * Distinct experts that T tokens touch: {@code D(T) = E · (1 − (1 − k/E)^T)}, computed so that D(1) is exactly k.
     *
     * <p>Source: balls in bins: each token picks its experts by itself. Holds for:
     * independent uniform routing, an assumption that real routers undercut by 10 to 30 %.
     */
    public double distinct(double tokens) {
        if (tokens <= 1 || perToken == experts) {
            return perToken;
        }
        double missed = Math.exp(tokens * Math.log1p(-(double) perToken / experts));
        return Math.max(perToken, experts * (1 - missed));
    }

    /** Share of the experts' weights that T tokens read: {@code D(T) / E}. */
    double readShare(double tokens) {
        return distinct(tokens) / experts;
    }

    /** Share of the experts' weights that each token computes with: {@code k / E}. */
    double computeShare() {
        return (double) perToken / experts;
    }
}
