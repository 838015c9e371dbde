package llmlatency.study;

import java.util.List;
import java.util.function.LongFunction;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Estimator;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** How far a deployment can be taken while it reaches all that it must, or what it would need to do so. */
public enum Search {
    /** The most sequences in one batch. */
    BATCH("batch"),
    /** The most requests in flight that all have a place. */
    CONCURRENCY("concurrency"),
    /** The longest prompt and output together; the prompt is lengthened. */
    CONTEXT("context"),
    /** The least memory bandwidth. */
    BANDWIDTH("bandwidth"),
    /** The least usable memory of a device. */
    MEMORY("memory");

    private static final long MOST = 1 << 20;
    private static final double LEAST_BANDWIDTH = 1e8;
    private static final double MOST_BANDWIDTH = 1e16;
    private static final double PRECISION = 1e-9;
    private final String key;

    Search(String key) {
        this.key = key;
    }

    /** The word for it. */
    public String key() {
        return key;
    }

    /**
     * What was found.
     *
     * @param answer the deployment
     * @param value batch, requests, tokens, bytes a second or bytes; null where none will do
     * @param there the estimate at that value; where none will do, that of the question
     * @param misses what ends it: what the next larger number misses, or what cannot be reached at all
     */
    public record Found(
            Answer answer, @Nullable Double value, @Nullable Estimate there, List<Requirements.Miss> misses) {
        public Found {
            misses = List.copyOf(misses);
        }
    }

    /** Searches one of the questions. */
    public Found found(Questions questions, long number, Requirements requirements) {
        Answer answer = questions.answer(number);
        Estimate estimate = answer.estimate();
        if (estimate == null) {
            return new Found(answer, null, null, List.of());
        }
        Scenario scenario = estimate.scenario();
        return switch (this) {
            case BATCH -> largest(answer, bound(estimate.memory().maxBatch()), n -> batch(scenario, n), requirements);
            case CONCURRENCY -> largest(answer, MOST, n -> inFlight(scenario, n), requirements);
            case CONTEXT -> context(answer, estimate, requirements);
            case BANDWIDTH -> bandwidth(answer, estimate, requirements);
            case MEMORY -> memory(answer, estimate);
        };
    }

    private static long bound(@Nullable Long most) {
        return most == null ? MOST : Math.min(MOST, most);
    }

    private static Scenario batch(Scenario scenario, long batch) {
        Workload asked = scenario.workload();
        return scenario.asking(new Workload(asked.promptTokens(), asked.cachedTokens(), asked.outputTokens(), batch));
    }

    private static Scenario inFlight(Scenario scenario, long requests) {
        return scenario.asking(batch(scenario, 1).workload().under(Demand.inFlight(requests)));
    }

    private static Scenario prompt(Scenario scenario, long tokens) {
        Workload asked = scenario.workload();
        Workload longer = new Workload(tokens, asked.cachedTokens(), asked.outputTokens(), asked.batch());
        return scenario.asking(asked.demand() == null ? longer : longer.under(asked.demand()));
    }

    private static Found largest(Answer answer, long bound, LongFunction<Scenario> at, Requirements requirements) {
        long value = Largest.of(bound, n -> works(at.apply(n), requirements));
        Estimate there = estimate(at.apply(Math.max(1, value)));
        Estimate beyond = estimate(at.apply(value + 1));
        return new Found(
                answer,
                value == 0 ? null : (Double) (double) value,
                there,
                beyond == null ? List.of() : misses(beyond, requirements));
    }

    private static Found context(Answer answer, Estimate estimate, Requirements requirements) {
        Scenario scenario = estimate.scenario();
        long output = scenario.workload().outputTokens();
        Long trained = scenario.trainedContext();
        long bound = (trained == null ? MOST : trained) - output;
        Found prompt = bound < 1
                ? new Found(answer, null, estimate, List.of())
                : largest(answer, bound, n -> prompt(scenario, Math.max(n, least(scenario))), requirements);
        return new Found(
                answer,
                prompt.value() == null ? null : (Double) (prompt.value() + output),
                prompt.there(),
                prompt.value() != null && prompt.value() == bound ? List.of() : prompt.misses());
    }

    /** A prompt holds one token more than are cached. */
    private static long least(Scenario scenario) {
        return scenario.workload().cachedTokens() + 1;
    }

    private static boolean works(Scenario scenario, Requirements requirements) {
        Estimate estimate = estimate(scenario);
        return estimate != null && misses(estimate, requirements).isEmpty();
    }

    /** A closed loop in which some wait for a place is beyond what was asked for. */
    private static List<Requirements.Miss> misses(Estimate estimate, Requirements requirements) {
        List<Requirements.Miss> misses = requirements.misses(estimate);
        boolean waits =
                estimate.floor().load() != null && estimate.floor().load().saturated();
        return waits && misses.isEmpty() ? List.of(new Requirements.Miss(null, null)) : misses;
    }

    private static @Nullable Estimate estimate(Scenario scenario) {
        try {
            return Estimator.estimate(scenario);
        } catch (Refusal e) {
            return null;
        }
    }

    /** The least bandwidth, found by halving on a logarithmic scale: no time grows with the bandwidth. */
    private static Found bandwidth(Answer answer, Estimate estimate, Requirements requirements) {
        Scenario scenario = estimate.scenario();
        Requirements times = new Requirements(requirements.list(), requirements.against());
        if (!reached(scenario, MOST_BANDWIDTH, times)) {
            Estimate best = estimate(at(scenario, MOST_BANDWIDTH));
            return new Found(answer, null, estimate, best == null ? List.of() : timed(best, times));
        }
        double low = LEAST_BANDWIDTH;
        double high = MOST_BANDWIDTH;
        while (high / low > 1 + PRECISION) {
            double middle = Math.sqrt(low * high);
            if (reached(scenario, middle, times)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return new Found(answer, high, estimate(at(scenario, high)), List.of());
    }

    private static boolean reached(Scenario scenario, double bandwidth, Requirements requirements) {
        Estimate estimate = estimate(at(scenario, bandwidth));
        return estimate != null && timed(estimate, requirements).isEmpty();
    }

    /** What is missed, memory aside. */
    private static List<Requirements.Miss> timed(Estimate estimate, Requirements requirements) {
        return requirements.misses(estimate).stream()
                .filter(miss -> miss.requirement() != null)
                .toList();
    }

    private static Scenario at(Scenario scenario, double bandwidth) {
        Deployment on = scenario.deployment();
        Gpu gpu = on.gpu();
        return scenario.on(new Deployment(
                new Gpu(
                        gpu.name(),
                        gpu.usableMemory(),
                        new BytesPerSecond(bandwidth),
                        gpu.peaks(),
                        gpu.build(),
                        gpu.price()),
                on.gpus(),
                on.parallelism(),
                on.setup(),
                on.automatic(),
                on.engineSources(),
                on.splitsLayers()));
    }

    /** {@code total / utilisation}: the engine takes that share of what is usable. */
    private static Found memory(Answer answer, Estimate estimate) {
        double share = estimate.scenario().deployment().engine().memoryUtilisation();
        return new Found(answer, Math.ceil(estimate.memory().totalBytes() / share), estimate, List.of());
    }
}
