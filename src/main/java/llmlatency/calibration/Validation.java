package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Measurements held against estimates: how accurate we are, for which of them, and what was left out.
 *
 * @param comparisons every row that was asked for, in order
 * @param headline accuracy over the rows that count
 * @param by accuracy for each value of the columns asked for, the largest first within a column
 * @param worst the groups that err most, worst first
 */
public record Validation(List<Comparison> comparisons, Accuracy headline, List<Part> by, List<Part> worst) {
    /**
     * What is asked for.
     *
     * @param where which rows to keep; all patterns must
     * @param anyTrust whether rows of low trust count too
     * @param by the columns to tell rows apart by
     * @param fewestRows groups of fewer rows are left out of all figures
     * @param worst how many of the worst groups to list
     */
    public record Question(List<RowPattern> where, boolean anyTrust, List<Attribute> by, int fewestRows, int worst) {
        public Question {
            where = List.copyOf(where);
            by = List.copyOf(by);
        }
    }

    /**
     * Accuracy over the rows that say the same in a column.
     *
     * @param column the column's name
     * @param value what they say
     * @param accuracy how accurate we are there
     */
    public record Part(String column, String value, Accuracy accuracy) {}

    /** How often something happened. */
    public record Count(String what, int count) {}

    public Validation {
        comparisons = List.copyOf(comparisons);
        by = List.copyOf(by);
        worst = List.copyOf(worst);
    }

    /** Answers and compares. */
    public static Validation of(List<Measurement> measurements, MeasuredCases cases, Question question) {
        List<Comparison> all = new ArrayList<>();
        for (Measurement measurement : measurements) {
            Resolved row = cases.resolve(measurement);
            if (question.where().stream().allMatch(pattern -> pattern.keeps(row))) {
                all.add(Comparison.of(row));
            }
        }
        return of(all, question);
    }

    /** Other figures over the same answers. */
    Validation asked(Question question) {
        return of(
                comparisons.stream()
                        .filter(row -> question.where().stream().allMatch(pattern -> pattern.keeps(row.row())))
                        .toList(),
                question);
    }

    /** The figures over rows that are answered already. */
    static Validation of(List<Comparison> all, Question question) {
        List<Comparison> counted = all.stream()
                .filter(row -> row.floor() != null
                        && (question.anyTrust()
                                || row.row().measurement().origin().trusted()))
                .toList();
        Map<Accuracy.Group, List<Comparison>> groups = parted(counted, Accuracy.Group::of);
        groups.values().removeIf(group -> group.size() < question.fewestRows());
        List<Comparison> kept = groups.values().stream().flatMap(List::stream).toList();
        return new Validation(all, Accuracy.of(kept), by(kept, question.by()), worst(groups, question.worst()));
    }

    private static <K> Map<K, List<Comparison>> parted(List<Comparison> rows, Function<Resolved, K> key) {
        Map<K, List<Comparison>> groups = new LinkedHashMap<>();
        for (Comparison row : rows) {
            groups.computeIfAbsent(key.apply(row.row()), missing -> new ArrayList<>())
                    .add(row);
        }
        return groups;
    }

    private static List<Part> by(List<Comparison> rows, List<Attribute> columns) {
        List<Part> parts = new ArrayList<>();
        for (Attribute attribute : columns) {
            parted(rows, attribute::of).entrySet().stream()
                    .map(entry -> new Part(attribute.key(), entry.getKey(), Accuracy.of(entry.getValue())))
                    .sorted(Comparator.comparingInt(
                                    (Part part) -> -part.accuracy().rows())
                            .thenComparing(Part::value))
                    .forEach(parts::add);
        }
        return parts;
    }

    private static List<Part> worst(Map<Accuracy.Group, List<Comparison>> groups, int most) {
        return groups.entrySet().stream()
                .map(entry -> new Part("group", name(entry.getKey()), Accuracy.of(entry.getValue())))
                .sorted(Comparator.comparingDouble(
                                (Part part) -> -part.accuracy().rank())
                        .thenComparing(Part::value))
                .limit(most)
                .toList();
    }

    private static String name(Accuracy.Group group) {
        return String.join(" | ", group.source(), group.gpu(), group.model(), group.format());
    }

    /** How many rows were answered beyond the floor. */
    public int used() {
        return (int) comparisons.stream().filter(row -> row.skipped() == null).count();
    }

    /** How many rows the floor was held against. */
    public int floors() {
        return (int) comparisons.stream().filter(row -> row.floor() != null).count();
    }

    /** Why others were not, the most frequent reason first. */
    public List<Count> skipped() {
        return counts(Comparison::skipped);
    }

    /** What was filled in of rows that were answered, the most frequent first. */
    public List<Count> assumed() {
        return counts(Comparison::assumed);
    }

    private List<Count> counts(Function<Comparison, @Nullable String> what) {
        Map<String, Integer> counts = new TreeMap<>();
        for (Comparison row : comparisons) {
            String text = what.apply(row);
            if (text != null) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .map(entry -> new Count(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingInt((Count count) -> -count.count()))
                .toList();
    }

    /** Names of the measurements that beat their floor. */
    public List<String> fasterThanFloor() {
        return comparisons.stream()
                .filter(Comparison::fasterThanFloor)
                .map(row -> row.row().measurement().name())
                .toList();
    }
}
