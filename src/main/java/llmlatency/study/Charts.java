package llmlatency.study;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Load;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Rate;
import llmlatency.units.Refusal;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/** Draws charts of estimates: each of several devices, models or workloads is a group of its own. */
public enum Charts {
    /** {@code y = kx + b}: when is each token out? */
    LINE("time until a token is out", "tokens after the first", "ms", false),
    /** Time per token against what lies in the cache. */
    CONTEXT("time per token against the context", "tokens in the cache", "TPOT, ms", true),
    /** What all sequences get against what one waits, batch by batch. */
    BATCH("throughput against latency, by batch", "TPOT, ms", "tokens/s, all", true),
    /** The same for requests in flight. */
    CONCURRENCY("throughput against latency, by requests in flight", "TPOT under load, ms", "tokens/s, all", true),
    /** The device's limits, and each operation below them. */
    ROOFLINE("roofline", "FLOP per byte moved", "TFLOP/s", true);

    private static final int POINTS = 33;
    private static final long MOST_SEQUENCES = 4096;
    private static final long UNTRAINED = 131_072;
    private static final double TERA = 1e12;
    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // a record of a text and a truth value
    private final Chart.Scale x;

    @SuppressWarnings("ImmutableEnumChecker") // as above
    private final Chart.Scale y;

    Charts(String title, String x, String y, boolean logarithmic) {
        this.title = title;
        this.x = new Chart.Scale(x, logarithmic);
        this.y = new Chart.Scale(y, logarithmic && !title.startsWith("time"));
    }

    /**
     * The chart that a word names.
     *
     * @throws Refusal when none has that name
     */
    public static Charts parse(String word) {
        List<String> words = new ArrayList<>();
        for (Charts chart : values()) {
            words.add(chart.name().toLowerCase(Locale.ROOT));
            if (chart.name().toLowerCase(Locale.ROOT).equals(word)) {
                return chart;
            }
        }
        throw new Refusal("'" + word + "' is none of " + String.join(", ", words));
    }

    /**
     * The chart of some answers.
     *
     * @param estimates the answers
     * @param names what tells each from the others
     * @param subtitle what they have in common
     * @throws Refusal when there is nothing to draw
     */
    public Chart of(List<Estimate> estimates, List<String> names, String subtitle) {
        List<Chart.Series> series = new ArrayList<>();
        for (int i = 0; i < estimates.size(); i++) {
            Estimate estimate = estimates.get(i);
            String name = names.get(i);
            int group = i;
            switch (this) {
                case LINE -> line(series, estimate, name, group);
                case CONTEXT -> context(series, estimate, name, group);
                case BATCH -> sequences(series, name, group, most(estimate), n -> batch(estimate.scenario(), n));
                case CONCURRENCY ->
                    sequences(series, name, group, MOST_SEQUENCES, n -> inFlight(estimate.scenario(), n));
                case ROOFLINE -> roofline(series, estimate, name, group);
            }
        }
        Chart chart = new Chart(title, subtitle, x, y, series);
        if (chart.isEmpty()) {
            throw new Refusal("there is nothing to draw: "
                    + (this == LINE || this == CONTEXT
                            ? "a single output token has no time per token; ask for two or more (-n)"
                            : "none of these fits in memory"));
        }
        return chart;
    }

    private static void add(
            List<Chart.Series> series,
            String name,
            int group,
            Chart.Kind kind,
            boolean joined,
            List<Chart.Point> points) {
        if (!points.isEmpty()) {
            series.add(new Chart.Series(name, group, kind, joined, points));
        }
    }

    private static void line(List<Chart.Series> series, Estimate estimate, String name, int group) {
        add(series, name, group, Chart.Kind.FLOOR, true, line(estimate.floor(), null));
        if (estimate.expected() != null) {
            add(series, name, group, Chart.Kind.EXPECTED, true, line(estimate.expected(), estimate.interval()));
        }
    }

    /** Two points say a line; the interval widens from one to the other. */
    private static List<Chart.Point> line(Timings timings, @Nullable Interval interval) {
        Decode decode = timings.decode();
        if (decode == null) {
            return List.of();
        }
        double steps = Math.max(
                1, Math.rint(decode.total().value() / decode.mean().time().value()));
        Double lowFirst = interval == null ? null : ms(interval.low().ttft());
        Double highFirst = interval == null ? null : ms(interval.high().ttft());
        Double lowLast = interval == null ? null : ms(interval.low().total());
        Double highLast = interval == null ? null : ms(interval.high().total());
        return List.of(
                new Chart.Point(0, timings.prefill().time().milliseconds(), lowFirst, highFirst, "first token"),
                new Chart.Point(steps, timings.total().milliseconds(), lowLast, highLast, "last token"));
    }

    private static Double ms(Seconds time) {
        return time.milliseconds();
    }

    /** A step on so many tokens is the only one of a workload with two output tokens. */
    private static void context(List<Chart.Series> series, Estimate estimate, String name, int group) {
        Scenario scenario = estimate.scenario();
        Long trained = scenario.trainedContext();
        Long held = estimate.memory().maxContextTokens();
        long most = held != null && held > 0 ? held : trained == null ? UNTRAINED : trained;
        List<Chart.Point> floor = new ArrayList<>();
        List<Chart.Point> expected = new ArrayList<>();
        for (long tokens : spread(1, Math.max(2, most - 2))) {
            Estimate there = at(scenario.asking(
                    new Workload(tokens, 0, 2, scenario.workload().batch())));
            if (there != null) {
                step(floor, there.floor(), null, tokens);
                step(expected, there.expected(), there.interval(), tokens);
            }
        }
        add(series, name, group, Chart.Kind.FLOOR, true, floor);
        add(series, name, group, Chart.Kind.EXPECTED, true, expected);
    }

    private static void step(
            List<Chart.Point> points, @Nullable Timings timings, @Nullable Interval interval, long tokens) {
        Decode decode = timings == null ? null : timings.decode();
        if (decode != null) {
            Seconds low = interval == null ? null : interval.low().tpot();
            Seconds high = interval == null ? null : interval.high().tpot();
            points.add(new Chart.Point(
                    tokens,
                    decode.mean().time().milliseconds(),
                    low == null ? null : (Double) low.milliseconds(),
                    high == null ? null : (Double) high.milliseconds(),
                    ""));
        }
    }

    private static long most(Estimate estimate) {
        Long most = estimate.memory().maxBatch();
        return most == null ? MOST_SEQUENCES : Math.min(MOST_SEQUENCES, most);
    }

    private static Scenario batch(Scenario scenario, long batch) {
        Workload asked = scenario.workload();
        return scenario.asking(new Workload(asked.promptTokens(), asked.cachedTokens(), asked.outputTokens(), batch));
    }

    private static Scenario inFlight(Scenario scenario, long requests) {
        return scenario.asking(batch(scenario, 1).workload().under(Demand.inFlight(requests)));
    }

    private void sequences(
            List<Chart.Series> series, String name, int group, long most, LongFunction<Scenario> question) {
        List<Chart.Point> floor = new ArrayList<>();
        List<Chart.Point> expected = new ArrayList<>();
        for (long n = 1; n <= most; n *= 2) {
            Estimate there = at(question.apply(n));
            boolean waits = there != null
                    && there.floor().load() != null
                    && there.floor().load().saturated();
            if (there == null || waits || Boolean.FALSE.equals(there.memory().fits())) {
                break;
            }
            String label = (this == BATCH ? "batch " : "in flight ") + n;
            throughput(floor, there, there.floor(), label);
            if (there.expected() != null) {
                throughput(expected, there, there.expected(), label);
            }
        }
        add(series, name, group, Chart.Kind.FLOOR, true, floor);
        add(series, name, group, Chart.Kind.EXPECTED, true, expected);
    }

    private void throughput(List<Chart.Point> points, Estimate there, Timings timings, String label) {
        Load load = timings.load();
        if (load != null) {
            Seconds step = load.figures().step();
            if (step != null) {
                points.add(new Chart.Point(step.milliseconds(), load.figures().tokensPerSecond(), label));
            }
            return;
        }
        Decode decode = timings.decode();
        if (decode != null) {
            double step = decode.mean().time().value();
            points.add(new Chart.Point(step * 1e3, there.scenario().workload().batch() / step, label));
        }
    }

    /** {@code min(peak, bandwidth · intensity)}, and {@code FLOP / time} of each operation at its {@code FLOP / byte}. */
    private static void roofline(List<Chart.Series> series, Estimate estimate, String name, int group) {
        Timings shown = estimate.expected() == null ? estimate.floor() : estimate.expected();
        List<Chart.Point> operations = new ArrayList<>();
        operations(operations, shown.prefill(), "prefill");
        if (shown.decode() != null) {
            operations(operations, shown.decode().mean(), "decode");
        }
        double least = 1;
        double most = 1;
        for (Chart.Point point : operations) {
            least = Math.min(least, point.x());
            most = Math.max(most, point.x());
        }
        double bandwidth = estimate.scenario().deployment().gpu().bandwidth().value();
        Set<Rate> rates = new LinkedHashSet<>();
        rates.add(
                estimate.scenario().deployment().gpu().rate(estimate.scenario().weights()));
        rates.add(
                estimate.scenario().deployment().gpu().rate(estimate.scenario().cache()));
        for (Rate rate : rates) {
            double peak = rate.value().value();
            double ridge = peak / bandwidth;
            List<Chart.Point> roof = List.of(
                    new Chart.Point(least / 2, least / 2 * bandwidth / TERA, "memory"),
                    new Chart.Point(ridge, peak / TERA, "ridge"),
                    new Chart.Point(Math.max(most, ridge) * 2, peak / TERA, rate.label()));
            add(series, name + " " + rate.label(), group, Chart.Kind.FLOOR, true, roof);
        }
        Chart.Kind kind = estimate.expected() == null ? Chart.Kind.FLOOR : Chart.Kind.EXPECTED;
        add(series, name, group, kind, false, operations);
    }

    private static void operations(List<Chart.Point> points, Phase phase, String when) {
        for (OperationTime operation : phase.operations()) {
            boolean works = operation.flops() > 0
                    && operation.bytes() > 0
                    && operation.time().value() > 0;
            if (works) {
                points.add(new Chart.Point(
                        operation.flops() / operation.bytes(),
                        operation.flops() / operation.time().value() / TERA,
                        when + ": " + operation.name()));
            }
        }
    }

    private static @Nullable Estimate at(Scenario scenario) {
        try {
            return Estimator.estimate(scenario);
        } catch (Refusal e) {
            return null;
        }
    }

    /** Whole numbers from one to another, each the same factor after the one before. */
    private static List<Long> spread(long least, long most) {
        Set<Long> numbers = new LinkedHashSet<>();
        for (int i = 0; i < POINTS; i++) {
            numbers.add(Math.round(least * Math.pow((double) most / least, i / (POINTS - 1.0))));
        }
        return List.copyOf(numbers);
    }
}
