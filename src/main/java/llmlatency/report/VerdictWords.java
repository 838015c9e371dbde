package llmlatency.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Load;
import llmlatency.estimate.Memory;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.study.Against;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Limit;
import llmlatency.study.Remedy;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import org.jspecify.annotations.Nullable;

/** Phrases that verdicts in every format share. */
final class VerdictWords {
    private static final Set<Metric> OF_PREFILL = Set.of(
            Metric.TTFT,
            Metric.CURVE_B,
            Metric.INPUT_COST,
            Metric.PREFILL_WEIGHTS,
            Metric.PREFILL_KV_CACHE,
            Metric.PREFILL_COMPUTE,
            Metric.PREFILL_COMMUNICATION,
            Metric.PREFILL_OVERHEAD);
    private static final Set<Metric> OF_BOTH = Set.of(Metric.TOTAL, Metric.END_TO_END_TOKENS_PER_SECOND);
    private static final double SAME = 0.005;
    private static final int SHOWN_DIGITS = 8;

    private VerdictWords() {}

    /** The verdict in a line, and what was held. */
    static String headline(Judgement judgement) {
        int all = judgement.deployments().size();
        long broken = judgement.broken();
        long regressions =
                judgement.comparison() == null ? 0 : judgement.comparison().regressions();
        String text = all == 1
                ? "the deployment " + (broken == 0 ? "keeps its budget" : "breaks its budget")
                : broken == 0
                        ? "all " + all + " deployments keep their budgets"
                        : broken + " of " + all + " deployments "
                                + (broken == 1 ? "breaks its budget" : "break their budgets");
        return regressions == 0
                ? text
                : text + (broken == 0 ? ", but " : ", and ") + regressions + (regressions == 1 ? " figure" : " figures")
                        + " became worse than is allowed";
    }

    /** Which values were held. */
    static String held(Judgement judgement) {
        Against against = judgement.against();
        String level = Decimals.fixed(100 * Interval.LEVEL, 0);
        if (against == null) {
            return "values are as expected, or the floor where nothing is expected";
        }
        return switch (against) {
            case EXPECTED -> "expected values are held to it";
            case PESSIMISTIC -> "the bad end of the " + level + " % interval is held to it";
            case FLOOR -> "the floor is held to it: the best case, no engine can be faster";
        };
    }

    /** ok, ok? or FAIL. */
    static String status(Verdict verdict) {
        return verdict.kept() ? verdict.doubtful() ? "ok?" : "ok" : "FAIL";
    }

    static String status(Limit.Outcome outcome) {
        return outcome.kept() ? outcome.doubtful() ? "ok?" : "ok" : "FAIL";
    }

    /** The name of a deployment, else what it is. */
    static String name(Checked checked) {
        return checked.name() != null
                ? checked.name()
                : Wording.subject(checked.verdict().estimate());
    }

    /** Model, hardware, engine and workload in a line. */
    static String described(Estimate estimate) {
        Scenario scenario = estimate.scenario();
        Deployment deployment = scenario.deployment();
        Workload workload = scenario.workload();
        Demand demand = workload.demand();
        String layout = deployment.gpus() == 1 ? "" : " (" + Wording.layout(deployment) + ")";
        String cached = workload.cachedTokens() == 0 ? "" : " (" + Decimals.whole(workload.cachedTokens()) + " cached)";
        return scenario.modelName() + " " + scenario.weights().name() + ", " + deployment.gpus() + " x "
                + deployment.gpu().name() + layout + ", " + Wording.engine(estimate) + ", "
                + workload.promptTokens() + cached + "+" + workload.outputTokens() + ", "
                + (demand == null ? "batch " + Decimals.whole(workload.batch()) : LoadText.demanded(demand));
    }

    static String label(Metric metric) {
        return switch (metric) {
            case TTFT -> "TTFT";
            case TPOT -> "TPOT";
            case TOTAL -> "total";
            case TOKENS_PER_SECOND -> "decode speed";
            case OUTPUT_COST -> "output cost";
            case INPUT_COST -> "input cost";
            case LOAD_TTFT -> "TTFT under load";
            case LOAD_TPOT -> "TPOT under load";
            case LOAD_TOTAL -> "total under load";
            case LOAD_TOKENS_PER_SECOND -> "tokens, all users";
            case LOAD_OUTPUT_COST -> "cost under load";
            default -> metric.key();
        };
    }

    private static String unit(Metric metric) {
        String key = metric.key();
        if (metric.cost()) {
            return " USD/M";
        }
        return key.endsWith("_ms")
                ? " ms"
                : key.endsWith("_percent") ? " %" : key.endsWith("requests_per_second") ? " req/s" : " tok/s";
    }

    /** A value with its unit. */
    static String amount(Metric metric, double value) {
        return Decimals.significant(value, Math.abs(value) >= 1000 ? 4 : 3) + unit(metric);
    }

    static String value(Limit.Outcome outcome) {
        return outcome.value() == null ? "waits" : amount(outcome.limit().metric(), outcome.value());
    }

    static String limit(Limit limit) {
        return amount(limit.metric(), limit.value());
    }

    /** How the value lies to the limit. */
    static String sign(Limit.Outcome outcome) {
        return outcome.limit().upper() ? (outcome.kept() ? "<=" : ">") : (outcome.kept() ? ">=" : "<");
    }

    /** The room in words. */
    static String room(Limit.Outcome outcome) {
        Double margin = outcome.marginPercent();
        if (margin == null) {
            return "saturated";
        }
        double size = Math.abs(margin);
        String percent = (size >= 1 || size == 0 ? Decimals.fixed(size, 0) : Decimals.significant(size, 1)) + " % ";
        return percent + (outcome.kept() ? "to spare" : outcome.limit().upper() ? "over" : "under");
    }

    /** The resource that sets most of what the metric speaks of. */
    static String bound(Verdict verdict, Metric metric) {
        Timings expected = verdict.estimate().expected();
        Timings timings = verdict.against() == Against.FLOOR || expected == null
                ? verdict.estimate().floor()
                : expected;
        Load load = timings.load();
        if (metric.underLoad() && load != null && load.parts() != null) {
            return load.parts().running().bound().key();
        }
        Decode decode = timings.decode();
        Phase prefill = timings.prefill();
        boolean first = decode == null
                || OF_PREFILL.contains(metric)
                || (OF_BOTH.contains(metric)
                        && prefill.time().value() > decode.total().value());
        return (first || decode == null ? prefill : decode.mean()).bound().key();
    }

    /** What a reader should know about an outcome beyond its figures; null: nothing. */
    static @Nullable String note(Verdict verdict, Limit.Outcome outcome) {
        if (outcome.kept()) {
            return outcome.doubtful() ? interval(outcome) + " crosses the limit" : null;
        }
        if (outcome.value() == null) {
            return "more requests come than are served: how long they wait is not said";
        }
        String floor = floor(verdict, outcome);
        return "bound by " + bound(verdict, outcome.limit().metric()) + (floor == null ? "" : "; " + floor);
    }

    private static @Nullable String floor(Verdict verdict, Limit.Outcome outcome) {
        if (verdict.against() == Against.FLOOR) {
            return outcome.floorBreaks() ? "the floor is the best case: no engine can keep it" : null;
        }
        Double floor = outcome.floor();
        if (floor == null) {
            return null;
        }
        String at = "floor " + amount(outcome.limit().metric(), floor);
        if (outcome.floorBreaks()) {
            return at + " is " + (outcome.limit().upper() ? "over" : "under") + " too: no engine can keep it";
        }
        return Boolean.FALSE.equals(outcome.certain())
                ? at + ": the hardware could keep it; " + interval(outcome) + " crosses the limit"
                : at + ": the hardware could keep it, the engine does not";
    }

    private static String interval(Limit.Outcome outcome) {
        Metric metric = outcome.limit().metric();
        Metric.Range range = outcome.range();
        String level = "the " + Decimals.fixed(100 * Interval.LEVEL, 0) + " % interval";
        if (range == null) {
            return level;
        }
        String low = amount(metric, range.low());
        return level + " (" + low.substring(0, low.lastIndexOf(' ')) + " - " + amount(metric, range.high()) + ")";
    }

    /** Whether memory is part of what to say: a misfit, or an unknown size. */
    static @Nullable String memory(Verdict verdict) {
        if (Boolean.TRUE.equals(verdict.estimate().memory().fits())) {
            return null;
        }
        return Wording.fits(verdict.estimate()) + (verdict.misfitAllowed() ? " (allowed)" : "");
    }

    /** A remedy as it is typed. */
    static String typed(Remedy remedy) {
        List<String> words = new ArrayList<>();
        remedy.options().forEach((key, value) -> {
            boolean plain = value.chars().noneMatch(Character::isWhitespace);
            words.add(
                    "--" + key.replace('_', '-').toLowerCase(Locale.ROOT) + " " + (plain ? value : "'" + value + "'"));
        });
        return String.join(" ", words);
    }

    /** The figure that was broken, or the memory, as the remedy has it. */
    static Limit.@Nullable Outcome telling(Verdict broken, Remedy remedy) {
        List<Limit.Outcome> telling = new ArrayList<>();
        for (int i = 0; i < broken.outcomes().size(); i++) {
            if (!broken.outcomes().get(i).kept()) {
                telling.add(remedy.verdict().outcomes().get(i));
            }
        }
        return telling.stream().min(Comparator.comparing(VerdictWords::margin)).orElse(null);
    }

    private static double margin(Limit.Outcome outcome) {
        Double margin = outcome.marginPercent();
        return margin == null ? Double.NEGATIVE_INFINITY : margin;
    }

    /** How a remedy fits in memory. */
    static String fitting(Remedy remedy) {
        Memory memory = remedy.verdict().estimate().memory();
        Long capacity = memory.capacityBytes();
        return capacity == null
                ? "memory size unknown"
                : "fits: " + Wording.gib(memory.totalBytes(), 1) + " of " + Wording.gib(capacity, 1) + " GiB";
    }

    /** What it costs beside what was asked. */
    static String cost(Remedy remedy) {
        Double factor = remedy.costFactor();
        if (factor == null) {
            return "price unknown";
        }
        return Math.abs(factor - 1) < SAME ? "same cost" : Decimals.significant(factor, 2) + " x cost";
    }

    /** The layout that a change of devices leads to. */
    static String layout(Remedy remedy) {
        Deployment deployment = remedy.verdict().estimate().scenario().deployment();
        return remedy.kind() == Remedy.Kind.COUNT ? " (" + Wording.layout(deployment) + ")" : "";
    }

    /** What makes the verdict repeatable. */
    static String pinned(Judgement judgement) {
        return "llm-latency " + judgement.version() + ", profiles "
                + shortened(judgement.profiles().hash()) + "; pin both to keep this verdict";
    }

    /** The first digits of a checksum, which tell apart what people look at. */
    static String shortened(String hash) {
        return hash.substring(0, Math.min(hash.length(), SHOWN_DIGITS));
    }

    /** That profiles of the user's were taken instead of shipped ones; null: none. */
    static @Nullable String overridden(Judgement judgement) {
        return judgement.profiles().overriding().isEmpty()
                ? null
                : "profiles of your own replace shipped ones: "
                        + String.join(", ", judgement.profiles().overriding());
    }

    /** How a figure moved: {@code 21.6 ms -> 12.4 ms}. */
    static String moved(Shift.Move move) {
        Metric metric = move.limit().metric();
        Double before = move.before();
        Double after = move.after();
        String was = before == null ? "none" : amount(metric, before);
        boolean unit = after != null && before != null;
        return (unit ? was.substring(0, was.lastIndexOf(' ')) : was) + " -> "
                + (after == null ? "none" : amount(metric, after));
    }

    /** By how much, and which way. */
    static String change(Shift.Move move) {
        Double percent = move.percent();
        if (percent == null) {
            return move.moved() ? "" : "as before";
        }
        return percent == 0 ? "as before" : size(percent) + (move.worse(percent) ? " worse" : " better");
    }

    private static String size(double percent) {
        double size = Math.abs(percent);
        return (size >= 1 ? Decimals.fixed(size, 0) : Decimals.significant(size, 1)) + " %";
    }

    /** Which change it comes from; empty where nothing moved. */
    static String blame(Shift.Move move) {
        Double asked = move.byQuestion();
        Double estimator = move.byEstimator();
        if (!move.moved()) {
            return "";
        }
        if (asked == null || estimator == null) {
            return "by what, cannot be told";
        }
        if (estimator == 0 || asked == 0) {
            return estimator == 0 ? "by the question" : "by the estimator";
        }
        return "question " + signed(asked) + ", estimator " + signed(estimator);
    }

    private static String signed(double percent) {
        return (percent > 0 ? "+" : "-") + size(percent);
    }

    /** What was asked otherwise, a line each. */
    static List<String> edits(Shift comparison) {
        List<String> lines = new ArrayList<>();
        for (Shift.Edit edit : comparison.edits()) {
            lines.add("the question changed, " + edit.deployment() + ": " + edit.option() + " "
                    + (edit.before() == null ? "not given" : edit.before()) + " -> "
                    + (edit.after() == null ? "not given" : edit.after()));
        }
        comparison.added().forEach(name -> lines.add("new: " + name));
        comparison.gone().forEach(name -> lines.add("gone: " + name));
        return lines;
    }

    /** What changed in the estimator, in a line. */
    static String estimator(Shift comparison) {
        return comparison.estimator().isEmpty()
                ? "the estimator is the same"
                : "the estimator changed: " + String.join(", ", comparison.estimator());
    }
}
