package llmlatency.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.NearestNames;
import llmlatency.estimate.Metric;
import llmlatency.study.Limit;
import llmlatency.units.Refusal;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The worst that is allowed. */
final class LimitOptions {
    private static final String MILLISECONDS = "_ms";

    @Option(names = "--max-ttft", paramLabel = "TIME", description = "Longest time to the first token: 300ms.")
    @Nullable
    String maxTtft;

    @Option(names = "--max-tpot", paramLabel = "TIME", description = "Longest mean time of each later token: 20ms.")
    @Nullable
    String maxTpot;

    @Option(names = "--max-total", paramLabel = "TIME", description = "Longest time to the last token: 5s.")
    @Nullable
    String maxTotal;

    @Option(
            names = "--min-tokens-per-second",
            paramLabel = "RATE",
            description = "Slowest decode speed of the batch, or tokens of all users under load: 50.")
    @Nullable
    String minTokensPerSecond;

    @Option(
            names = "--max-cost",
            paramLabel = "USD",
            description = "Highest cost of a million output tokens in USD: 2.50.")
    @Nullable
    String maxCost;

    @Option(
            names = "--max",
            paramLabel = "METRIC=VALUE",
            description = "Highest value of any figure of the floor or expected block of JSON: tpot_last_ms=25."
                    + " May repeat.")
    Map<String, String> most = new LinkedHashMap<>();

    @Option(
            names = "--min",
            paramLabel = "METRIC=VALUE",
            description = "Lowest value of any figure: end_to_end_tokens_per_second=40. May repeat.")
    Map<String, String> least = new LinkedHashMap<>();

    /**
     * The limits.
     *
     * @param load whether they hold for requests that keep coming, not for a batch alone
     * @throws Refusal when there is none, or one cannot be read
     */
    List<Limit> list(boolean load) {
        List<Limit> list = new ArrayList<>();
        time(list, load ? Metric.LOAD_TTFT : Metric.TTFT, "--max-ttft", maxTtft);
        time(list, load ? Metric.LOAD_TPOT : Metric.TPOT, "--max-tpot", maxTpot);
        time(list, load ? Metric.LOAD_TOTAL : Metric.TOTAL, "--max-total", maxTotal);
        if (minTokensPerSecond != null) {
            Metric metric = load ? Metric.LOAD_TOKENS_PER_SECOND : Metric.TOKENS_PER_SECOND;
            list.add(new Limit(
                    metric, OptionValue.positive("--min-tokens-per-second", minTokensPerSecond, "50"), false));
        }
        if (maxCost != null) {
            Metric metric = load ? Metric.LOAD_OUTPUT_COST : Metric.OUTPUT_COST;
            list.add(new Limit(metric, OptionValue.positive("--max-cost", maxCost, "2.50"), true));
        }
        most.forEach((metric, value) -> list.add(any("--max", metric, value, true)));
        least.forEach((metric, value) -> list.add(any("--min", metric, value, false)));
        if (list.isEmpty()) {
            throw new Refusal("check what? give at least one limit, such as --max-tpot 20ms, --max-ttft 300ms,"
                    + " --max-total 5s or --min-tokens-per-second 50");
        }
        return list;
    }

    private static void time(List<Limit> list, Metric metric, String option, @Nullable String text) {
        Seconds limit = OptionValue.optional(option, text, Seconds::parse);
        if (limit != null) {
            list.add(new Limit(metric, limit.milliseconds(), true));
        }
    }

    private static Limit any(String option, String name, String text, boolean upper) {
        Metric metric = metric(option, name.strip());
        String value = text.strip();
        boolean unit = metric.key().endsWith(MILLISECONDS) && value.endsWith("s");
        return new Limit(
                metric,
                unit
                        ? OptionValue.of(option + " " + metric.key(), value, Seconds::parse)
                                .milliseconds()
                        : OptionValue.positive(option + " " + metric.key(), value, "50"),
                upper);
    }

    private static Metric metric(String option, String name) {
        List<String> keys = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (metric.key().equals(name) || metric.key().equals(name + MILLISECONDS)) {
                return metric;
            }
            keys.add(metric.key());
        }
        List<String> near = NearestNames.among(keys, name);
        throw new Refusal(
                option + ": there is no figure '" + name + "'" + NearestNames.question(near),
                "all figures: the keys of floor and expected in estimate --json, such as load.tpot_ms");
    }
}
