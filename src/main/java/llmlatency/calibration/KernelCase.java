package llmlatency.calibration;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.engine.Setup;
import llmlatency.model.Parallelism;
import llmlatency.work.Arithmetic;
import org.jspecify.annotations.Nullable;

/** A kernel's time that an engine is fitted to. */
final class KernelCase implements FitRow {
    private static final String BACKEND = "cuda";
    private static final String TENSORRT = "trtllm";
    private static final String VLLM = "vllm";

    /** Alone, a kernel follows no other, and no rank waits for another. */
    private static final Map<Parameter, Double> ALONE = Map.of(
            Parameter.KERNEL_SHARE, 1.0,
            Parameter.BACK_TO_BACK, 1.0,
            Parameter.EXPERT_BACK_TO_BACK, 1.0,
            Parameter.RANK_WAIT, 0.0);

    private final KernelTiming timing;
    private final Context context;
    private final String group;

    private KernelCase(KernelTiming timing, Context context) {
        this.timing = timing;
        this.context = context;
        this.group = String.join(" ", label(), timing.gpu().name(), format(), context.engine.name());
    }

    /** What many kernels have in common; what the engine's rules make of it is worked out once for all of them. */
    private static final class Context {
        private final Engine engine;
        private final KernelTiming example;
        private volatile @Nullable Known known;

        private record Known(List<Rule> rules, Performance performance) {}

        Context(Engine engine, KernelTiming example) {
            this.engine = engine;
            this.example = example;
        }

        Performance performance(Engine now) {
            Known last = known;
            if (last != null && last.rules == now.rules()) {
                return last.performance;
            }
            // No era: its rules are about whole passes of some versions.
            Setup setup = new Setup(engine.with(alone(now.rules())), BACKEND, null, null, ALONE);
            Performance performance =
                    Performance.of(setup, example.gpu(), example.weights(), example.structure(), Parallelism.NONE);
            if (performance == null) {
                throw new IllegalStateException("nothing is expected of " + engine.name());
            }
            known = new Known(now.rules(), performance);
            return performance;
        }

        /** What rules about whole passes say of kernels holds among others; alone, they are as the rules of kernels say. */
        private static List<Rule> alone(List<Rule> rules) {
            Set<Parameter> ofKernels = EnumSet.noneOf(Parameter.class);
            rules.stream()
                    .filter(Rule::kernels)
                    .forEach(rule -> ofKernels.addAll(rule.values().keySet()));
            return rules.stream()
                    .map(rule -> rule.kernels() ? rule : rule.without(ofKernels))
                    .toList();
        }
    }

    /**
     * The cases that kernels' times are for a family of engines. Kernels are those of the base that all extend, but
     * for experts: engines that have rules of their own for those run vLLM's. Where TensorRT-LLM's experts were not
     * measured, vLLM's stand in for all. Passes of few rows and of many have parameters of their own; decode kernels with
     * as many rows as prompts have, and the other way round, are left out.
     */
    static List<KernelCase> of(List<KernelTable> tables, EngineFamily family) {
        List<KernelTiming> timings =
                tables.stream().flatMap(table -> table.timings().stream()).toList();
        Set<List<String>> measured = new HashSet<>();
        for (KernelTiming timing : timings) {
            if (timing.engine().equals(TENSORRT)) {
                measured.add(experts(timing));
            }
        }
        Map<List<Object>, Context> contexts = new HashMap<>();
        List<KernelCase> cases = new ArrayList<>();
        for (KernelTiming timing : timings) {
            boolean own = timing.kind() == KernelTable.Kind.EXPERTS
                    && timing.engine().equals(VLLM)
                    && measured.contains(experts(timing));
            List<Engine> engines = own
                    ? family.members().stream().filter(KernelCase::hasExperts).toList()
                    : List.of(family.base());
            for (Engine engine : engines) {
                if (isOfItsPass(timing, engine)) {
                    List<Object> key = List.of(
                            engine.name(), timing.gpu().name(), timing.weights().name(), timing.structure());
                    cases.add(new KernelCase(
                            timing, contexts.computeIfAbsent(key, missing -> new Context(engine, timing))));
                }
            }
        }
        return cases;
    }

    /** Whether an engine's profile has rules of its own for experts' kernels: those are vLLM's. */
    private static boolean hasExperts(Engine member) {
        return member.ownRules().stream()
                .anyMatch(rule -> rule.kernels() && rule.values().containsKey(Parameter.EXPERT_TIME));
    }

    private static List<String> experts(KernelTiming timing) {
        return List.of(
                timing.kind().name(), timing.gpu().name(), timing.format().name());
    }

    private static boolean isOfItsPass(KernelTiming timing, Engine engine) {
        boolean few = timing.rows() <= engine.fewRows();
        return switch (timing.kind()) {
            case ATTENTION_DECODE, MLA_DECODE -> few;
            case ATTENTION_PREFILL, MLA_PREFILL -> !few;
            case GEMM, EXPERTS, ALL_REDUCE, STATE -> true;
        };
    }

    /** The kind of table that it is from. */
    String label() {
        return timing.kind().label();
    }

    String device() {
        return timing.gpu().name();
    }

    String format() {
        return timing.kind() == KernelTable.Kind.ALL_REDUCE
                ? ""
                : timing.format().name();
    }

    String engine() {
        return context.engine.name();
    }

    /** The arithmetic that the device has for its weights. */
    Arithmetic arithmetic() {
        return timing.gpu().rate(timing.weights()).arithmetic();
    }

    @Override
    public String group() {
        return group;
    }

    @Override
    public Performance performance(Engine engine) {
        return context.performance(engine);
    }

    @Override
    public List<Object> alike() {
        return List.of(context);
    }

    @Override
    public double logError(Performance performance) {
        return Math.log(timing.time().applyAsDouble(performance) / timing.seconds());
    }

    @Override
    public boolean has(boolean few, Engine engine) {
        return few == (timing.rows() <= engine.fewRows());
    }

    @Override
    public boolean feels(Parameter parameter) {
        return timing.kind().feels(parameter);
    }
}
