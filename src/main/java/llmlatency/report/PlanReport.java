package llmlatency.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Timings;
import llmlatency.study.Answer;
import llmlatency.study.Axis;
import llmlatency.study.Candidate;
import llmlatency.study.Measure;
import llmlatency.study.Plan;
import org.jspecify.annotations.Nullable;

/** Which hardware will do, in every format. */
public final class PlanReport {
    private static final double GIB = 0x1p30;
    private static final int LONGEST_FRONT = 8;
    private static final int MOST_IN_JSON = 100;
    private static final int LONGEST_LABEL = 34;
    private final Plan plan;
    private final List<Axis> axes;
    private final Function<Candidate, Answer> answers;
    private final List<Candidate> top;
    private final boolean load;

    /**
     * @param axes what the deployments differ in
     * @param answers works out a deployment again
     * @param count how many of the best are shown
     * @param load whether requests keep coming
     */
    public PlanReport(Plan plan, List<Axis> axes, Function<Candidate, Answer> answers, int count, boolean load) {
        this.plan = plan;
        this.axes = axes;
        this.answers = answers;
        this.load = load;
        this.top = plan.feasible().subList(0, Math.min(count, plan.feasible().size()));
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
        List<Candidate> front =
                plan.front().subList(0, Math.min(LONGEST_FRONT, plan.front().size()));
        List<Candidate> shown = new ArrayList<>(top);
        shown.addAll(front);
        if (shown.isEmpty() && plan.nearest() != null) {
            shown.add(plan.nearest());
        }
        Distinctions distinctions =
                new Distinctions(axes, shown.stream().map(answers).toList());
        StringBuilder text = new StringBuilder();
        line(text, markdown, "", distinctions.subject());
        line(text, markdown, "", distinctions.asked());
        line(text, markdown, "", sought());
        text.append('\n');
        if (top.isEmpty()) {
            none(text, markdown, distinctions);
            return text.toString();
        }
        text.append(grid(top, distinctions, markdown)).append('\n');
        next(text, markdown, distinctions);
        if (plan.front().size() > 1) {
            line(
                    text,
                    markdown,
                    "",
                    "no other beats these in latency, throughput and cost of tokens at once (Pareto front, "
                            + plan.front().size() + "):");
            text.append('\n').append(grid(front, distinctions, markdown)).append('\n');
        }
        notes(text, markdown);
        return text.toString();
    }

    private static void line(StringBuilder text, boolean markdown, String bullet, String line) {
        if (markdown) {
            text.append(bullet).append(line.replace("*", "\\*")).append(bullet.isEmpty() ? "  \n" : "\n");
        } else {
            text.append(Wording.wrapped(line, "  "));
        }
    }

    private String sought() {
        return "the " + key() + " of " + Decimals.whole(plan.looked()) + " deployments with "
                + MissText.required(plan.requirements()) + " ("
                + plan.requirements().against().key() + ")";
    }

    private String key() {
        return plan.objective().name().toLowerCase(Locale.ROOT);
    }

    private void none(StringBuilder text, boolean markdown, Distinctions distinctions) {
        line(text, markdown, "", "none of them does");
        Candidate nearest = plan.nearest();
        if (nearest != null) {
            Answer answer = answers.apply(nearest);
            if (answer.estimate() != null) {
                line(
                        text,
                        markdown,
                        "- ",
                        "nearest: " + distinctions.label(answer) + ": "
                                + MissText.missed(nearest.misses(), answer.estimate()));
            }
        }
        List<String> words = new ArrayList<>();
        plan.failures().forEach((what, count) -> words.add(what + " (" + Decimals.whole(count) + ")"));
        line(text, markdown, "- ", "they fail by: " + String.join(", ", words));
        line(text, markdown, "- ", "what one would need: --find bandwidth or --find memory");
    }

    private void next(StringBuilder text, boolean markdown, Distinctions distinctions) {
        Candidate next = plan.runnerUp();
        Answer answer = next == null ? null : answers.apply(next);
        if (next == null || answer == null || answer.estimate() == null) {
            return;
        }
        String price = next.price() == null ? "" : " at " + money(next.price()) + " USD/h";
        line(
                text,
                markdown,
                "",
                "the next " + comparative() + ", " + distinctions.label(answer) + price + ", fails: "
                        + MissText.missed(next.misses(), answer.estimate()));
        text.append('\n');
    }

    private String comparative() {
        return switch (plan.objective()) {
            case CHEAPEST -> "cheaper";
            case SMALLEST -> "smaller";
            case FASTEST -> "faster";
        };
    }

    private void notes(StringBuilder text, boolean markdown) {
        List<String> failed = new ArrayList<>();
        plan.failures().forEach((what, count) -> failed.add(what + " (" + Decimals.whole(count) + ")"));
        line(
                text,
                markdown,
                "- ",
                Decimals.whole(plan.feasible().size() + plan.unpriced()) + " will do"
                        + (plan.unpriced() > 0
                                ? ", " + Decimals.whole(plan.unpriced())
                                        + " of them without a known price and left out: --price GPU=USD"
                                : "")
                        + (failed.isEmpty() ? "" : "; others fail by " + String.join(", ", failed)));
        long impossible = plan.looked() - plan.possible();
        if (impossible > 0) {
            line(text, markdown, "- ", Decimals.whole(impossible) + " are impossible as laid out");
        }
        if (!markdown) {
            text.append("--top shows more of the best; -f json and -f csv feed scripts.\n");
        }
    }

    private String grid(List<Candidate> candidates, Distinctions distinctions, boolean markdown) {
        List<Grid.Column> header = List.of(
                Grid.text(distinctions.title()),
                Grid.number("USD/h"),
                Grid.number("TPOT"),
                Grid.number("TTFT"),
                Grid.number("tok/s"),
                Grid.number("GiB"),
                Grid.number("$/M"));
        List<List<String>> rows = new ArrayList<>();
        for (Candidate candidate : candidates) {
            Answer answer = answers.apply(candidate);
            Estimate estimate = answer.estimate();
            if (estimate != null) {
                String label = distinctions.label(answer);
                rows.add(List.of(
                        markdown ? label : cut(label),
                        candidate.price() == null ? "-" : money(candidate.price()),
                        ms(Measure.TPOT, estimate),
                        ms(Measure.TTFT, estimate),
                        number(of(Measure.TOKENS_PER_SECOND, estimate)),
                        memory(estimate.memory()),
                        number(of(Measure.COST, estimate))));
            }
        }
        Grid grid = new Grid(header, rows);
        return markdown ? grid.markdown() : grid.table();
    }

    private static String cut(String text) {
        int half = LONGEST_LABEL / 2 - 1;
        return text.length() <= LONGEST_LABEL
                ? text
                : text.substring(0, half) + ".." + text.substring(text.length() - half);
    }

    private static String money(double value) {
        return Decimals.fixed(value, 2);
    }

    private @Nullable Double of(Measure measure, Estimate estimate) {
        Timings expected = estimate.expected();
        return expected == null ? measure.floor(estimate) : measure.expected(estimate);
    }

    private String ms(Measure measure, Estimate estimate) {
        Double value = of(measure, estimate);
        return value == null ? "-" : Decimals.significant(value, 3) + " ms";
    }

    private static String number(@Nullable Double value) {
        return value == null ? "-" : Decimals.significant(value, value >= 1000 ? 4 : 3);
    }

    private static String memory(Memory memory) {
        Long capacity = memory.capacityBytes();
        return Decimals.fixed(memory.totalBytes() / GIB, 0) + " of "
                + (capacity == null ? "?" : Decimals.fixed(capacity / GIB, 0));
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("find", key());
        tree.put("against", plan.requirements().against().key());
        tree.put("limits", MissText.limits(plan.requirements(), load));
        tree.put("looked", plan.looked());
        tree.put("possible", plan.possible());
        tree.put("feasible", plan.feasible().size() + plan.unpriced());
        tree.put("unpriced", plan.unpriced());
        List<Object> estimates = new ArrayList<>();
        for (int i = 0; i < top.size(); i++) {
            Estimate estimate = answers.apply(top.get(i)).estimate();
            if (estimate != null) {
                Map<String, Object> one = EstimateReport.tree(estimate, EstimateReport.Detail.USUAL);
                Map<String, Object> place = new LinkedHashMap<>();
                place.put("rank", i + 1);
                put(place, "price_usd_per_hour", top.get(i).price());
                one.put("plan", place);
                estimates.add(one);
            }
        }
        tree.put("estimates", estimates);
        List<Object> front = new ArrayList<>();
        plan.front().stream().limit(MOST_IN_JSON).forEach(one -> front.add(brief(one)));
        tree.put("pareto", front);
        if (plan.runnerUp() != null) {
            tree.put("next_fails", brief(plan.runnerUp()));
        }
        if (plan.nearest() != null) {
            tree.put("nearest", brief(plan.nearest()));
        }
        tree.put("failures", plan.failures());
        return tree;
    }

    private Map<String, Object> brief(Candidate candidate) {
        Map<String, Object> brief = new LinkedHashMap<>();
        Estimate estimate = answers.apply(candidate).estimate();
        if (estimate != null) {
            brief.put("question", Fields.nested(estimate).getOrDefault("question", Map.of()));
        }
        put(brief, "price_usd_per_hour", candidate.price());
        put(brief, "latency_ms", candidate.latency());
        put(brief, "tokens_per_second", candidate.throughput());
        put(brief, "usd_per_million_output_tokens", candidate.cost());
        if (!candidate.misses().isEmpty()) {
            brief.put("misses", MissText.misses(candidate.misses(), load));
        }
        return brief;
    }

    private static void put(Map<String, Object> tree, String key, @Nullable Object value) {
        if (value != null) {
            tree.put(key, value);
        }
    }

    private String rows(ReportFormat format) {
        List<Estimate> estimates = new ArrayList<>();
        for (Candidate candidate : top) {
            Estimate estimate = answers.apply(candidate).estimate();
            if (estimate != null) {
                estimates.add(estimate);
            }
        }
        EstimateRows rows = new EstimateRows(
                format, EstimateRows.Parts.of(estimates), List.of(), List.of("rank", "price_usd_per_hour"));
        StringBuilder text = new StringBuilder(rows.header());
        for (int i = 0; i < estimates.size(); i++) {
            rows.append(
                    text,
                    estimates.get(i),
                    Arrays.<@Nullable Object>asList(i + 1, top.get(i).price()));
        }
        return text.toString();
    }
}
