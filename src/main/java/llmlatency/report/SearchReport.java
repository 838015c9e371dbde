package llmlatency.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Estimate;
import llmlatency.study.Axis;
import llmlatency.study.Measure;
import llmlatency.study.Requirements;
import llmlatency.study.Search;
import org.jspecify.annotations.Nullable;

/** How far deployments can be taken, or what they would need, in every format. */
public final class SearchReport {
    private static final double GIB = 0x1p30;
    private static final double GB = 1e9;
    private final Search search;
    private final Requirements requirements;
    private final List<Axis> axes;
    private final List<Search.Found> found;
    private final boolean load;

    /**
     * @param search what was sought
     * @param axes what the deployments differ in
     * @param found what was found, in the order of the questions
     * @param load whether requests keep coming
     */
    public SearchReport(
            Search search, Requirements requirements, List<Axis> axes, List<Search.Found> found, boolean load) {
        this.search = search;
        this.requirements = requirements;
        this.axes = axes;
        this.found = found;
        this.load = load || search == Search.CONCURRENCY;
    }

    /** The text in a format. */
    public String text(ReportFormat format) {
        return switch (format) {
            case TABLE -> people(false);
            case MARKDOWN -> people(true);
            case JSON -> JsonText.pretty(tree());
            case CSV, NDJSON -> rows(format);
        };
    }

    private String people(boolean markdown) {
        Distinctions distinctions =
                new Distinctions(axes, found.stream().map(Search.Found::answer).toList());
        StringBuilder text = new StringBuilder();
        line(text, markdown, distinctions.subject());
        line(text, markdown, distinctions.asked());
        line(
                text,
                markdown,
                title() + " with " + MissText.required(requirements) + " ("
                        + requirements.against().key() + ")");
        text.append('\n');
        List<List<String>> rows = new ArrayList<>();
        for (Search.Found one : found) {
            Estimate there = one.there();
            if (there != null) {
                rows.add(List.of(
                        distinctions.label(one.answer()),
                        value(one),
                        one.value() == null ? "-" : ms(Measure.TPOT, there),
                        one.value() == null ? "-" : ms(Measure.TTFT, there),
                        one.value() == null ? "-" : number(of(Measure.TOKENS_PER_SECOND, there))));
            }
        }
        Grid grid = new Grid(
                List.of(
                        Grid.text(distinctions.title()),
                        Grid.number(search.key()),
                        Grid.number("TPOT"),
                        Grid.number("TTFT"),
                        Grid.number("tok/s")),
                rows);
        text.append(markdown ? grid.markdown() : grid.table()).append('\n');
        for (Search.Found one : found) {
            String why = why(one, distinctions);
            if (!why.isEmpty()) {
                line(text, markdown, why);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, boolean markdown, String line) {
        text.append(markdown ? line.replace("*", "\\*") + "  \n" : Wording.wrapped(line, "  "));
    }

    private String title() {
        return switch (search) {
            case BATCH -> "the largest batch";
            case CONCURRENCY -> "the most requests in flight";
            case CONTEXT -> "the longest prompt and output together";
            case BANDWIDTH -> "the least memory bandwidth";
            case MEMORY -> "the least usable memory of a device";
        };
    }

    private String value(Search.Found one) {
        Double value = one.value();
        if (value == null) {
            return "none";
        }
        return switch (search) {
            case BANDWIDTH -> Decimals.significant(value / GB, 4) + " GB/s";
            case MEMORY -> Decimals.significant(value / GIB, 4) + " GiB";
            default -> Decimals.whole(Math.round(value));
        };
    }

    /** What ends it, or what it has already. */
    private String why(Search.Found one, Distinctions distinctions) {
        String label = distinctions.label(one.answer());
        Estimate asked = one.answer().estimate();
        if (asked == null) {
            return label + " is impossible: "
                    + (one.answer().refusal() == null
                            ? ""
                            : one.answer().refusal().message());
        }
        if (search == Search.MEMORY) {
            Double usable = asked.scenario().deployment().gpu().usableMemory() == null
                    ? null
                    : (Double)
                            asked.scenario().deployment().gpu().usableMemory().value();
            return label + " has " + (usable == null ? "an unknown size" : Wording.gib(usable, 1) + " GiB usable");
        }
        String missed = one.there() == null || one.misses().isEmpty() ? "" : MissText.missed(one.misses(), one.there());
        if (search == Search.BANDWIDTH) {
            String has = label + " has "
                    + Decimals.significant(
                            asked.scenario().deployment().gpu().bandwidth().value() / GB, 4)
                    + " GB/s";
            return one.value() == null ? has + "; no bandwidth would do: " + missed : has;
        }
        if (one.value() == null) {
            return missed.isEmpty() ? "" : label + ": not even the smallest will do: " + missed;
        }
        return missed.isEmpty()
                ? label + ": as far as " + (search == Search.CONTEXT ? "it was trained for" : "was looked")
                : label + ": one more, and " + ended(one);
    }

    /** The misses of the next larger number, in few words: its figures are not those shown. */
    private static String ended(Search.Found one) {
        List<String> words = new ArrayList<>();
        Estimate there = one.there();
        for (Requirements.Miss miss : one.misses()) {
            boolean memory = miss.requirement() == null || there == null;
            words.add(memory || there == null ? "it does not fit in memory" : MissText.missed(List.of(miss), there));
        }
        return String.join("; ", words);
    }

    private static @Nullable Double of(Measure measure, Estimate estimate) {
        return estimate.expected() == null ? measure.floor(estimate) : measure.expected(estimate);
    }

    private static String ms(Measure measure, Estimate estimate) {
        Double value = of(measure, estimate);
        return value == null ? "-" : Decimals.significant(value, value >= 1000 ? 4 : 3) + " ms";
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : Decimals.significant(value, value >= 1000 ? 4 : 3);
    }

    private String column() {
        return switch (search) {
            case BATCH -> "largest_batch";
            case CONCURRENCY -> "most_requests";
            case CONTEXT -> "longest_context_tokens";
            case BANDWIDTH -> "least_bandwidth_bytes_per_second";
            case MEMORY -> "least_memory_bytes";
        };
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("find", search.key());
        tree.put("against", requirements.against().key());
        tree.put("limits", MissText.limits(requirements, load));
        List<Object> estimates = new ArrayList<>();
        for (Search.Found one : found) {
            if (one.there() != null) {
                Map<String, Object> estimate = EstimateReport.tree(one.there(), EstimateReport.Detail.USUAL);
                Map<String, Object> plan = new LinkedHashMap<>();
                if (one.value() != null) {
                    plan.put(column(), one.value());
                }
                plan.put("ended_by", MissText.misses(one.misses(), load));
                estimate.put("plan", plan);
                estimates.add(estimate);
            }
        }
        tree.put("estimates", estimates);
        return tree;
    }

    private String rows(ReportFormat format) {
        List<Estimate> estimates = new ArrayList<>();
        for (Search.Found one : found) {
            if (one.there() != null) {
                estimates.add(one.there());
            }
        }
        EstimateRows rows = new EstimateRows(format, EstimateRows.Parts.of(estimates), List.of(), List.of(column()));
        StringBuilder text = new StringBuilder(rows.header());
        for (Search.Found one : found) {
            if (one.there() != null) {
                rows.append(text, one.there(), Arrays.<@Nullable Object>asList(one.value()));
            }
        }
        return text.toString();
    }
}
