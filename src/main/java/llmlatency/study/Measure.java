package llmlatency.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Timings;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** What answers are ranked by. */
public enum Measure {
    TTFT(Metric.TTFT, Metric.LOAD_TTFT, "TTFT"),
    TPOT(Metric.TPOT, Metric.LOAD_TPOT, "TPOT"),
    TOTAL(Metric.TOTAL, Metric.LOAD_TOTAL, "total time"),
    TOKENS_PER_SECOND(Metric.TOKENS_PER_SECOND, Metric.LOAD_TOKENS_PER_SECOND, "tokens per second"),
    COST(Metric.OUTPUT_COST, Metric.LOAD_OUTPUT_COST, "cost of output tokens"),
    ENERGY(Metric.OUTPUT_ENERGY, Metric.LOAD_OUTPUT_ENERGY, "energy of output tokens"),
    MEMORY(null, null, "memory of a device");

    private final @Nullable Metric alone;
    private final @Nullable Metric load;
    private final String title;

    Measure(@Nullable Metric alone, @Nullable Metric load, String title) {
        this.alone = alone;
        this.load = load;
        this.title = title;
    }

    /**
     * The measure that a word names.
     *
     * @throws Refusal when none has that name
     */
    public static Measure parse(String word) {
        List<String> words = new ArrayList<>();
        for (Measure measure : values()) {
            words.add(measure.key());
            if (measure.key().equals(word)) {
                return measure;
            }
        }
        throw new Refusal("'" + word + "' is none of " + String.join(", ", words));
    }

    /** The word for it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it is, for people. */
    public String title() {
        return title;
    }

    /** The figure that it is; null where it is none about time. */
    public @Nullable Metric metric(boolean underLoad) {
        return underLoad ? load : alone;
    }

    /** Whether less is better. */
    public boolean lower() {
        return alone == null || alone.better() == Metric.Better.LOWER;
    }

    /** Its value as expected; null where nothing is. */
    public @Nullable Double expected(Estimate estimate) {
        Timings expected = estimate.expected();
        return this == MEMORY ? floor(estimate) : expected == null ? null : of(estimate, expected);
    }

    /** Its value at best; null where there is none. */
    public @Nullable Double floor(Estimate estimate) {
        return this == MEMORY ? (Double) (double) estimate.memory().totalBytes() : of(estimate, estimate.floor());
    }

    private @Nullable Double of(Estimate estimate, Timings timings) {
        Metric metric = metric(estimate.scenario().workload().demand() != null);
        return metric == null ? null : metric.of(estimate, timings);
    }
}
