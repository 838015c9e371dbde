package llmlatency.study;

import java.util.List;

/**
 * One thing that questions differ in.
 *
 * @param option the option that says it, such as {@code --gpu}
 * @param values what it is set to, one after the other
 */
public record Axis(String option, List<String> values) {
    public Axis {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no values of " + option);
        }
    }
}
