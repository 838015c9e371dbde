package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.study.Answer;
import llmlatency.study.Axis;

/** In what some questions differ, and what they have in common, in few words and with names in full. */
final class Distinctions {
    private static final Map<String, Part> PARTS = parts();
    private final List<Axis> axes;
    private final List<Integer> varying = new ArrayList<>();
    private final List<Estimate> estimates = new ArrayList<>();

    /** A part of a question in words. */
    private record Part(String name, Function<Estimate, String> text) {}

    Distinctions(List<Axis> axes, List<Answer> answers) {
        this.axes = axes;
        for (int i = 0; i < axes.size(); i++) {
            if (axes.get(i).values().size() > 1) {
                varying.add(i);
            }
        }
        for (Answer answer : answers) {
            if (answer.estimate() != null) {
                estimates.add(answer.estimate());
            }
        }
    }

    private static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("--model", new Part("model", e -> e.scenario().modelName()));
        parts.put("--dtype", new Part("format", e -> e.scenario().weights().name()));
        parts.put(
                "--kv-dtype",
                new Part("KV cache", e -> "KV " + e.scenario().cache().name()));
        Part device = new Part("gpu", Distinctions::device);
        for (String option : List.of("gpu", "gpus", "tp", "pp", "dp", "ep", "moe-tp", "replicas", "split")) {
            parts.put("--" + option, device);
        }
        parts.put("--engine", new Part("engine", Wording::engine));
        parts.put(
                "--prompt-tokens",
                new Part("prompt", e -> "prompt " + Decimals.whole(workload(e).promptTokens())));
        parts.put(
                "--cached-tokens",
                new Part("cached", e -> Decimals.whole(workload(e).cachedTokens()) + " cached"));
        parts.put(
                "--output-tokens",
                new Part("output", e -> "output " + Decimals.whole(workload(e).outputTokens())));
        Part demand = new Part("load", Distinctions::demand);
        parts.put("--batch", new Part("batch", Distinctions::demand));
        parts.put("--concurrency", demand);
        parts.put("--request-rate", demand);
        return parts;
    }

    private boolean varies(String option) {
        return varying.stream().anyMatch(i -> axes.get(i).option().equals(option));
    }

    /** The names of what they differ in: {@code model, gpu}; {@code gpu} where they do not differ. */
    String title() {
        Set<String> names = new LinkedHashSet<>();
        for (int i : varying) {
            String option = axes.get(i).option();
            Part part = PARTS.get(option);
            names.add(part == null ? option.substring(2).replace('-', ' ') : part.name);
        }
        return names.isEmpty() ? "gpu" : String.join(", ", names);
    }

    /** What tells one from the others. */
    String label(Answer answer) {
        Set<String> words = new LinkedHashSet<>();
        Estimate estimate = answer.estimate();
        for (int i : varying) {
            Part part = PARTS.get(axes.get(i).option());
            words.add(
                    part == null || estimate == null
                            ? axes.get(i).option() + " " + answer.values().get(i)
                            : part.text.apply(estimate));
        }
        if (words.isEmpty()) {
            return estimate == null ? "" : device(estimate);
        }
        return String.join(estimate == null ? " " : ", ", words);
    }

    /** Model, format and hardware that all have in common. */
    String subject() {
        Estimate first = estimates.get(0);
        Scenario scenario = first.scenario();
        List<String> words = new ArrayList<>();
        if (!varies("--model")) {
            words.add(scenario.modelName()
                    + (scenario.modelAsked().equals(scenario.modelName()) ? "" : " (" + scenario.modelAsked() + ")"));
        }
        String own = scenario.weightsByDefault() ? " (its own)" : "";
        if (!varies("--dtype") && areAlike(e -> e.scenario().weights().name())) {
            words.add(scenario.weights().name() + own);
        } else if (!varies("--dtype")) {
            words.add("each in its own format");
        }
        if (areAlike(Distinctions::device)) {
            words.add("on " + device(first));
        }
        return words.isEmpty() ? "models, formats and devices" : String.join(", ", words);
    }

    /** What is asked of all of them, and the engine that they have in common. */
    String asked() {
        Estimate first = estimates.get(0);
        List<String> words = new ArrayList<>();
        for (String option : List.of("--prompt-tokens", "--cached-tokens", "--output-tokens")) {
            boolean none = option.equals("--cached-tokens") && workload(first).cachedTokens() == 0;
            Part part = PARTS.get(option);
            if (!varies(option) && !none && part != null) {
                words.add(part.text.apply(first));
            }
        }
        if (areAlike(Distinctions::demand)) {
            words.add(demand(first));
        }
        if (!varies("--kv-dtype")
                && areAlike(e -> e.scenario().cache().name())
                && !first.scenario().cache().is(first.scenario().weights())) {
            words.add("KV cache " + first.scenario().cache().name());
        }
        boolean automatic = first.scenario().deployment().automatic();
        if (!varies("--engine")) {
            words.add("engine "
                    + (areAlike(Wording::engine) ? Wording.engine(first) + (automatic ? " (auto)" : "") : "auto"));
        }
        return String.join(", ", words);
    }

    private boolean areAlike(Function<Estimate, String> text) {
        String first = text.apply(estimates.get(0));
        return estimates.stream().allMatch(estimate -> text.apply(estimate).equals(first));
    }

    private static Workload workload(Estimate estimate) {
        return estimate.scenario().workload();
    }

    /** Devices and their layout, where it is not the plain one. */
    static String device(Estimate estimate) {
        Deployment deployment = estimate.scenario().deployment();
        String name = deployment.gpu().name();
        if (deployment.gpus() == 1) {
            return name;
        }
        String layout = Wording.layout(deployment);
        return deployment.gpus() + "x " + name + (layout.equals("TP " + deployment.gpus()) ? "" : ", " + layout);
    }

    private static String demand(Estimate estimate) {
        Demand demand = workload(estimate).demand();
        return demand == null ? "batch " + Decimals.whole(workload(estimate).batch()) : LoadText.demanded(demand);
    }
}
