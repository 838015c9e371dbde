package llmlatency.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The hardware that will do: all that was looked at, and what came of it.
 *
 * @param objective which is wanted
 * @param requirements what they must reach
 * @param looked how many deployments were looked at
 * @param possible how many of them are possible
 * @param unpriced how many would do, but have no known price, which the objective needs
 * @param feasible those that will do, the best first
 * @param front those of them that no other beats in latency, throughput and cost at once, the fastest first
 * @param runnerUp the one that would come just before the best, did it reach all; null where there is none
 * @param nearest where none will do: the one that comes nearest; null where one will
 * @param failures of those that will not, how many miss what (null: memory)
 */
public record Plan(
        Objective objective,
        Requirements requirements,
        long looked,
        long possible,
        long unpriced,
        List<Candidate> feasible,
        List<Candidate> front,
        @Nullable Candidate runnerUp,
        @Nullable Candidate nearest,
        Map<String, Long> failures) {
    /** More are for sweep. */
    public static final long MOST = 5_000_000;

    public Plan {
        feasible = List.copyOf(feasible);
        front = List.copyOf(front);
        failures = new LinkedHashMap<>(failures);
    }

    /**
     * Looks at every question.
     *
     * @throws Refusal when all are impossible, or the cheapest is wanted and no price is known
     */
    public static Plan of(Questions questions, Requirements requirements, Objective objective) {
        long size = questions.combinations().size();
        if (size > MOST) {
            throw new Refusal("these lists make " + size + " deployments, more than " + MOST, "name fewer");
        }
        List<Candidate> all = new ArrayList<>();
        Sweep.<List<Candidate>>run(
                0,
                size,
                (from, to) -> {
                    List<Candidate> block = new ArrayList<>();
                    for (long number = from; number < to; number++) {
                        block.add(Candidate.of(questions, number, requirements));
                    }
                    return block;
                },
                (block, rows) -> all.addAll(block));
        return of(all, requirements, objective);
    }

    private static Plan of(List<Candidate> all, Requirements requirements, Objective objective) {
        List<Candidate> possible =
                all.stream().filter(one -> one.refusal() == null).toList();
        if (possible.isEmpty()) {
            throw all.get(0).refusal() == null
                    ? new IllegalStateException()
                    : all.get(0).refusal();
        }
        boolean priced = objective == Objective.CHEAPEST;
        if (priced && possible.stream().allMatch(one -> one.price() == null)) {
            throw new Refusal(
                    "no price is known of any of these, so none is cheapest",
                    "say it: --price 2.50 for all, or --price GPU=2.50; or ask for --find smallest or fastest");
        }
        List<Candidate> feasible = possible.stream()
                .filter(Candidate::feasible)
                .filter(one -> !priced || one.price() != null)
                .sorted(objective.order())
                .toList();
        long unpriced = possible.stream()
                .filter(one -> priced && one.feasible() && one.price() == null)
                .count();
        return new Plan(
                objective,
                requirements,
                all.size(),
                possible.size(),
                unpriced,
                feasible,
                front(feasible),
                feasible.isEmpty() ? null : runnerUp(possible, feasible.get(0), objective),
                feasible.isEmpty() ? nearest(possible) : null,
                failures(possible));
    }

    /** The Pareto front: sorted by latency, whoever no earlier one dominates. */
    private static List<Candidate> front(List<Candidate> feasible) {
        List<Candidate> sorted = new ArrayList<>(feasible);
        sorted.sort(Comparator.comparingDouble(Candidate::latencyOrMost).thenComparingLong(Candidate::number));
        List<Candidate> front = new ArrayList<>();
        for (Candidate one : sorted) {
            if (front.stream().noneMatch(other -> other.dominates(one))) {
                front.removeIf(one::dominates);
                front.add(one);
            }
        }
        return front;
    }

    private static @Nullable Candidate runnerUp(List<Candidate> possible, Candidate best, Objective objective) {
        Candidate next = null;
        for (Candidate one : possible) {
            boolean known = objective != Objective.CHEAPEST || one.price() != null;
            if (!one.feasible() && known && objective.order().compare(one, best) < 0) {
                next = next == null || objective.order().compare(one, next) > 0 ? one : next;
            }
        }
        return next;
    }

    private static @Nullable Candidate nearest(List<Candidate> possible) {
        Candidate nearest = null;
        for (Candidate one : possible) {
            boolean closer = nearest == null
                    || one.misses().size() < nearest.misses().size()
                    || (one.misses().size() == nearest.misses().size() && one.worst() < nearest.worst());
            nearest = !one.feasible() && closer ? one : nearest;
        }
        return nearest;
    }

    private static Map<String, Long> failures(List<Candidate> possible) {
        Map<String, Long> failures = new LinkedHashMap<>();
        for (Candidate one : possible) {
            for (Requirements.Miss miss : one.misses()) {
                String what = miss.requirement() == null
                        ? "memory"
                        : miss.value() == null
                                ? "no known " + miss.requirement().measure().title()
                                : miss.requirement().measure().title();
                failures.merge(what, 1L, Long::sum);
            }
        }
        return failures;
    }
}
