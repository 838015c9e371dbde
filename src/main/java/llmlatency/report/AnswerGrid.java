package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timings;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * The figures asked for: the floor, and beside it what is expected, where anything is. In a terminal units are as wide as
 * the widest, so that numbers stand under each other.
 */
final class AnswerGrid {
    private static final int UNIT = "tok/s".length();

    /** A longer interval goes without its unit, to fit the line. */
    private static final int WIDEST = 17;

    private static final int DIGITS = 3;
    private final Estimate estimate;
    private final @Nullable Timings expected;
    private final @Nullable Interval interval;
    private final boolean padded;
    private final List<List<String>> rows = new ArrayList<>();

    private AnswerGrid(Estimate estimate, boolean padded) {
        this.estimate = estimate;
        this.expected = estimate.expected();
        this.interval = estimate.interval();
        this.padded = padded;
    }

    /**
     * The grid of an estimate.
     *
     * @param padded whether units are made as wide as the widest
     */
    static Grid of(Estimate estimate, boolean padded) {
        AnswerGrid answer = new AnswerGrid(estimate, padded);
        answer.fill();
        List<Grid.Column> header = new ArrayList<>(List.of(Grid.text(""), Grid.number("floor")));
        if (answer.expected != null) {
            header.add(Grid.number("expected"));
        }
        if (answer.interval != null) {
            header.add(Grid.number(Decimals.fixed(100 * Interval.LEVEL, 0) + " % interval"));
        }
        header.add(Grid.text("bound by"));
        return new Grid(header, answer.rows);
    }

    private void fill() {
        Timings floor = estimate.floor();
        Timings shown = expected == null ? floor : expected;
        Interval.Ends low = interval == null ? null : interval.low();
        Interval.Ends high = interval == null ? null : interval.high();
        add(
                "first token (TTFT), b",
                Wording.duration(floor.prefill().time(), DIGITS),
                Wording.duration(shown.prefill().time(), DIGITS),
                low == null || high == null ? "" : range(low.ttft(), high.ttft()),
                shown.prefill());
        Decode least = floor.decode();
        Decode likely = shown.decode();
        if (least == null || likely == null) {
            return;
        }
        add(
                "each next (TPOT),   k",
                Wording.duration(least.mean().time(), DIGITS + 1),
                Wording.duration(likely.mean().time(), DIGITS),
                low == null || high == null ? "" : range(low.tpot(), high.tpot()),
                likely.mean());
        add(
                Decimals.whole(estimate.scenario().workload().outputTokens()) + " tokens, in all",
                Wording.duration(floor.total(), DIGITS),
                Wording.duration(shown.total(), DIGITS),
                low == null || high == null ? "" : range(low.total(), high.total()),
                null);
        long batch = estimate.scenario().workload().batch();
        rate(batch > 1 ? "decode speed, batch" : "decode speed", Metric.TOKENS_PER_SECOND, batch);
        if (batch > 1) {
            rate("decode speed, each", Metric.TOKENS_PER_SECOND_PER_SEQUENCE, 1);
        }
    }

    private void rate(String name, Metric metric, long sequences) {
        Double most = metric.of(estimate, estimate.floor());
        Double likely = expected == null ? null : metric.of(estimate, expected);
        Double slow = interval == null ? null : interval.high().rate(sequences);
        Double fast = interval == null ? null : interval.low().rate(sequences);
        add(
                name,
                most == null ? "" : Wording.rate(most),
                likely == null ? "" : Wording.rate(likely),
                slow == null || fast == null ? "" : Wording.rates(slow, fast),
                null);
    }

    private static String range(@Nullable Seconds low, @Nullable Seconds high) {
        return low == null || high == null ? "" : Wording.range(low, high, DIGITS);
    }

    private void add(String name, String floor, String likely, String range, @Nullable Phase phase) {
        List<String> row = new ArrayList<>(List.of(name, padded(floor)));
        if (expected != null) {
            row.add(padded(likely));
        }
        if (interval != null) {
            String text = padded(range);
            row.add(
                    text.length() <= WIDEST || !padded
                            ? text
                            : text.substring(0, text.indexOf(' ', text.indexOf('-') + 2)));
        }
        row.add(phase == null ? "" : phase.bound().key());
        rows.add(row);
    }

    private String padded(String value) {
        int unit = value.length() - value.lastIndexOf(' ') - 1;
        return padded && !value.isEmpty() ? value + " ".repeat(UNIT - unit) : value;
    }
}
