package llmlatency.study;

import java.util.List;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.TokenCost;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A deployment as far as a search needs to know it; its estimate is worked out again where it is shown.
 *
 * @param number its number among the questions
 * @param gpus devices
 * @param memory bytes that all of them can hold; null where not known
 * @param price USD an hour for all of them; null where not known
 * @param latency time per token, or to the first where there is no later one, in milliseconds; null where not known
 * @param throughput tokens a second
 * @param cost USD for a million output tokens
 * @param misses what it does not reach
 * @param refusal why it is impossible; null where it is not
 */
public record Candidate(
        long number,
        int gpus,
        @Nullable Double memory,
        @Nullable Double price,
        @Nullable Double latency,
        @Nullable Double throughput,
        @Nullable Double cost,
        List<Requirements.Miss> misses,
        @Nullable Refusal refusal) {
    public Candidate {
        misses = List.copyOf(misses);
    }

    /** One of the questions. */
    static Candidate of(Questions questions, long number, Requirements requirements) {
        Answer answer = questions.answer(number);
        Estimate estimate = answer.estimate();
        if (estimate == null) {
            return new Candidate(number, 0, null, null, null, null, null, List.of(), answer.refusal());
        }
        Against against = requirements.against();
        TokenCost cost = TokenCost.of(estimate.scenario());
        Memory memory = estimate.memory();
        int gpus = estimate.scenario().deployment().gpus();
        Double step = Requirement.value(Measure.TPOT, estimate, against);
        boolean single = estimate.scenario().workload().outputTokens() == 1;
        return new Candidate(
                number,
                gpus,
                memory.capacityBytes() == null ? null : (Double) ((double) memory.capacityBytes() * gpus),
                cost == null ? null : (Double) cost.perHour(),
                single ? Requirement.value(Measure.TTFT, estimate, against) : step,
                Requirement.value(Measure.TOKENS_PER_SECOND, estimate, against),
                Requirement.value(Measure.COST, estimate, against),
                requirements.misses(estimate),
                null);
    }

    /** Whether it reaches all. */
    public boolean feasible() {
        return refusal == null && misses.isEmpty();
    }

    double priceOrMost() {
        return orMost(price);
    }

    double memoryOrMost() {
        return orMost(memory);
    }

    double latencyOrMost() {
        return orMost(latency);
    }

    /** Whether it is nowhere worse than another, and somewhere better; what is not known counts as worst. */
    boolean dominates(Candidate other) {
        double faster = orMost(other.latency) - orMost(latency);
        double more = orLeast(throughput) - orLeast(other.throughput);
        double cheaper = orMost(other.cost) - orMost(cost);
        return faster >= 0 && more >= 0 && cheaper >= 0 && (faster > 0 || more > 0 || cheaper > 0);
    }

    /** By how much the worst of its misses is missed. */
    double worst() {
        double worst = 0;
        for (Requirements.Miss miss : misses) {
            worst = Math.max(worst, miss.excess());
        }
        return worst;
    }

    private static double orMost(@Nullable Double value) {
        return value == null ? Double.MAX_VALUE : value;
    }

    private static double orLeast(@Nullable Double value) {
        return value == null ? 0 : value;
    }
}
