package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Metric;
import llmlatency.estimate.TokenCost;
import llmlatency.study.Against;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Limit;
import llmlatency.study.Remedy;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import org.jspecify.annotations.Nullable;

/** The JSON object of {@code check}, which {@code verdict.schema.json} describes. */
final class VerdictTree {
    private VerdictTree() {}

    static Map<String, Object> of(Judgement judgement) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("version", judgement.version());
        tree.put("profiles_hash", judgement.profiles().hash());
        Against against = judgement.against();
        tree.put("against", against == null ? "mixed" : against.key());
        tree.put("kept", judgement.kept());
        tree.put(
                "deployments",
                judgement.deployments().stream().map(VerdictTree::deployment).toList());
        tree.put("overridden_profiles", List.copyOf(judgement.profiles().overriding()));
        List<Object> profiles = new ArrayList<>();
        judgement
                .profiles()
                .hashes()
                .forEach((name, hash) -> profiles.add(EstimateReport.ordered("name", name, "hash", hash)));
        tree.put("profiles", profiles);
        Shift comparison = judgement.comparison();
        if (comparison != null) {
            tree.put("baseline", baseline(comparison));
            tree.put(
                    "changes",
                    comparison.moves().stream().map(VerdictTree::move).toList());
        }
        return tree;
    }

    private static Map<String, Object> deployment(Checked checked) {
        Verdict verdict = checked.verdict();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", VerdictWords.name(checked));
        tree.put("kept", verdict.kept());
        put(tree, "fits", verdict.estimate().memory().fits());
        if (verdict.misfitAllowed()) {
            tree.put("misfit_allowed", true);
        }
        tree.put("against", verdict.against().key());
        List<Object> limits = new ArrayList<>();
        verdict.outcomes().forEach(outcome -> limits.add(limit(verdict, outcome)));
        tree.put("limits", limits);
        tree.put(
                "remedies", checked.remedies().stream().map(VerdictTree::remedy).toList());
        tree.put("asked", checked.asked());
        tree.put("estimate", EstimateReport.tree(verdict.estimate(), EstimateReport.Detail.USUAL));
        return tree;
    }

    private static Map<String, Object> limit(Verdict verdict, Limit.Outcome outcome) {
        Metric metric = outcome.limit().metric();
        Map<String, Object> tree = EstimateReport.ordered("metric", metric.key());
        tree.put("direction", outcome.limit().upper() ? "max" : "min");
        tree.put("limit", outcome.limit().value());
        put(tree, "value", outcome.value());
        Metric.Range range = outcome.range();
        if (range != null) {
            tree.put("low", range.low());
            tree.put("high", range.high());
        }
        put(tree, "floor", outcome.floor());
        tree.put("kept", outcome.kept());
        put(tree, "certain", outcome.certain());
        put(tree, "margin_percent", outcome.marginPercent());
        if (!outcome.kept()) {
            tree.put("bound", VerdictWords.bound(verdict, metric));
            tree.put("floor_breaks", outcome.floorBreaks());
        }
        return tree;
    }

    private static Map<String, Object> remedy(Remedy remedy) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("change", remedy.options());
        tree.put("options", VerdictWords.typed(remedy));
        List<Object> limits = new ArrayList<>();
        remedy.verdict().outcomes().forEach(outcome -> limits.add(limit(remedy.verdict(), outcome)));
        tree.put("limits", limits);
        put(tree, "fits", remedy.verdict().estimate().memory().fits());
        put(tree, "cost_factor", remedy.costFactor());
        TokenCost cost = TokenCost.of(remedy.verdict().estimate().scenario());
        put(tree, "usd_per_hour", cost == null ? null : (Double) cost.perHour());
        return tree;
    }

    private static Map<String, Object> baseline(Shift comparison) {
        Map<String, Object> tree = EstimateReport.ordered(
                "version",
                comparison.baseline().version(),
                "profiles_hash",
                comparison.baseline().hash());
        tree.put("estimator", comparison.estimator());
        List<Object> question = new ArrayList<>();
        for (Shift.Edit edit : comparison.edits()) {
            Map<String, Object> one = EstimateReport.ordered("deployment", edit.deployment(), "option", edit.option());
            put(one, "before", edit.before());
            put(one, "after", edit.after());
            question.add(one);
        }
        tree.put("question", question);
        tree.put("added", comparison.added());
        tree.put("gone", comparison.gone());
        return tree;
    }

    private static Map<String, Object> move(Shift.Move move) {
        Map<String, Object> tree = EstimateReport.ordered(
                "deployment", move.deployment(), "metric", move.limit().metric().key());
        put(tree, "before", move.before());
        put(tree, "after", move.after());
        put(tree, "change_percent", move.percent());
        put(tree, "by_question_percent", move.byQuestion());
        put(tree, "by_estimator_percent", move.byEstimator());
        tree.put("regression", move.regression());
        return tree;
    }

    private static void put(Map<String, Object> tree, String key, @Nullable Object value) {
        if (value != null) {
            tree.put(key, value);
        }
    }
}
