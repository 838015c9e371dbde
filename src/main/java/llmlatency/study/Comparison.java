package llmlatency.study;

import java.util.ArrayList;
import java.util.List;
import llmlatency.estimate.Estimate;
import org.jspecify.annotations.Nullable;

/**
 * Answers to questions that differ in a few things, best first. What fits and has a figure stands before what does not
 * fit, and that before what has no figure, and that before what is impossible. Figures that engines should reach are
 * never ranked among floors: where anything is expected of any answer, answers without come after those with.
 *
 * @param measure what they are ranked by
 * @param byFloor whether floors are ranked, because nothing is expected of any of them
 * @param axes what they differ in
 * @param rows the answers, best first
 */
public record Comparison(Measure measure, boolean byFloor, List<Axis> axes, List<Row> rows) {
    /** Lists longer than this are for {@code sweep}. */
    public static final int MOST = 10_000;

    /** Relative difference that nine printed digits cannot show. */
    private static final double EQUAL = 1e-8;

    public Comparison {
        axes = List.copyOf(axes);
        rows = List.copyOf(rows);
    }

    /**
     * One answer.
     *
     * @param answer the answer
     * @param rank its place, from 1; equal figures share one; null where it has no figure, does not fit or is impossible
     * @param factor how many times worse it is than the best; 1 for the best; null where it has no figure
     */
    public record Row(
            Answer answer, @Nullable Integer rank, @Nullable Double factor) {
        /** Whether nothing that fits is better. */
        public boolean best() {
            return rank != null && rank == 1;
        }
    }

    /** An answer and what ranks it. */
    private record Placed(Answer answer, int group, double value) {
        boolean figured() {
            return group <= 1;
        }

        /** Whether no digit that is printed tells them apart. */
        boolean isAlike(Placed other) {
            return group == other.group && Math.abs(value - other.value) <= EQUAL * Math.abs(value);
        }
    }

    /** Ranks answers. */
    public static Comparison of(List<Answer> answers, Measure measure, List<Axis> axes) {
        boolean byFloor = answers.stream()
                .noneMatch(answer -> answer.estimate() != null && measure.expected(answer.estimate()) != null);
        List<Placed> placed = new ArrayList<>();
        for (Answer answer : answers) {
            placed.add(place(answer, measure, byFloor));
        }
        placed.sort((a, b) -> a.group != b.group
                ? Integer.compare(a.group, b.group)
                : measure.lower() ? Double.compare(a.value, b.value) : Double.compare(b.value, a.value));
        List<Row> rows = new ArrayList<>();
        Double best = placed.isEmpty() || !placed.get(0).figured() ? null : (Double) placed.get(0).value;
        int rank = 0;
        for (int i = 0; i < placed.size(); i++) {
            Placed one = placed.get(i);
            boolean equal = i > 0 && one.isAlike(placed.get(i - 1));
            rank = equal ? rank : i + 1;
            rows.add(new Row(
                    one.answer,
                    one.group == 0 ? (Integer) rank : null,
                    best == null || !one.figured()
                            ? null
                            : (Double) (measure.lower() ? one.value / best : best / one.value)));
        }
        return new Comparison(measure, byFloor, axes, rows);
    }

    private static Placed place(Answer answer, Measure measure, boolean byFloor) {
        Estimate estimate = answer.estimate();
        if (estimate == null) {
            return new Placed(answer, 3, 0);
        }
        Double value = byFloor ? measure.floor(estimate) : measure.expected(estimate);
        if (value == null) {
            return new Placed(answer, 2, 0);
        }
        return new Placed(answer, Boolean.FALSE.equals(estimate.memory().fits()) ? 1 : 0, value);
    }
}
