package llmlatency.calibration;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.DoubleSupplier;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.profile.ProfileLibrary;

/** Measurements that follow from an engine of known parameters, for tests of what a fit makes of them. */
final class Synthetic {
    static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of(Path.of("src/test/resources/measured/profiles")));
    static final Engine TUNED = LIBRARY.engine("tuned").value();
    static final List<String> GPUS = List.of("rtx4090", "rtx3090", "a100-sxm-80gb", "h100-sxm");
    private static final List<String> MODELS = List.of("qwen3-0.6b", "llama-3.1-8b");
    private static final String HEADER =
            "source,model,gpu,engine,weight_format,batch,prompt_tokens,output_tokens,depth,metric,value\n";
    private static final String METRIC_DECODE = "tpot_ms,1";
    private static final String METRIC_PREFILL = "prefill_tokens_per_s,1";

    private Synthetic() {}

    /** Rows about decode and prefill of two models on these devices, with nothing measured yet. */
    static List<MeasuredCase> asked(List<String> gpus) {
        StringBuilder text = new StringBuilder(HEADER);
        for (String gpu : gpus) {
            for (String model : MODELS) {
                String subject = "lab," + model + "," + gpu + ",tuned,fp16,";
                for (int depth : new int[] {0, 2048, 8192, 16384}) {
                    for (int batch : depth > 2048 ? new int[] {1} : new int[] {1, 4}) {
                        text.append(subject + batch + ",,64," + depth + "," + METRIC_DECODE + "\n");
                    }
                }
                for (int prompt : new int[] {64, 256, 512, 2048, 4096, 8192}) {
                    text.append(subject + "1," + prompt + ",,0," + METRIC_PREFILL + "\n");
                }
            }
        }
        MeasuredCases cases = new MeasuredCases(LIBRARY);
        return Rows.read(text.toString()).stream()
                .map(row -> (MeasuredCase) cases.resolve(row))
                .toList();
    }

    /** The same as an engine would have them measured, each value by a factor off. */
    static List<MeasuredCase> measured(List<MeasuredCase> asked, Engine truth, DoubleSupplier factor) {
        MeasuredCases cases = new MeasuredCases(LIBRARY);
        List<MeasuredCase> measured = new ArrayList<>();
        for (MeasuredCase row : asked) {
            Performance performance = row.performance(truth);
            if (performance == null) {
                throw new AssertionError("nothing expected of " + row.measurement());
            }
            Measurement old = row.measurement();
            double value = row.expected(performance) * factor.getAsDouble();
            measured.add((MeasuredCase) cases.resolve(
                    new Measurement(old.origin(), old.subject(), old.layout(), old.request(), old.metric(), value)));
        }
        return measured;
    }

    /** The same as measured without error. */
    static List<MeasuredCase> measured(List<MeasuredCase> asked, Engine truth) {
        return measured(asked, truth, () -> 1);
    }

    /** Factors whose logarithms are normal, from a seed. */
    static DoubleSupplier noise(long seed, double deviation) {
        Random random = new Random(seed);
        return () -> Math.exp(deviation * random.nextGaussian());
    }

    static List<FitCase> cases(List<MeasuredCase> rows, Engine engine) {
        List<FitCase> cases = new ArrayList<>();
        for (MeasuredCase row : rows) {
            FitCase one = FitCase.of(row, Set.of(engine.name()));
            if (one == null) {
                throw new AssertionError("no case: " + row.measurement());
            }
            cases.add(one);
        }
        return cases;
    }

    /** An engine with another value of a parameter in one of its rules. */
    static Engine with(Engine engine, int rule, Parameter parameter, double value) {
        List<Rule> rules = new ArrayList<>(engine.rules());
        rules.set(rule, rules.get(rule).with(parameter, value));
        return engine.with(rules);
    }

    /** An engine whose rule for everything, and for many rows, has these values. */
    static Engine with(Engine engine, Map<Parameter, Double> values) {
        Engine changed = engine;
        for (int i = 0; i < 2; i++) {
            for (Map.Entry<Parameter, Double> one : values.entrySet()) {
                if (changed.rules().get(i).values().containsKey(one.getKey())) {
                    changed = with(changed, i, one.getKey(), one.getValue());
                }
            }
        }
        return changed;
    }

    /** The value of a parameter in one of the engine's rules. */
    static double value(Engine engine, int rule, Parameter parameter) {
        Rule.Value value = engine.rules().get(rule).values().get(parameter);
        if (value == null) {
            throw new AssertionError(parameter + " in rule " + rule);
        }
        return value.value();
    }

    /** Median of the absolute errors, in percent. */
    static double median(List<FitCase> cases, Engine engine) {
        return ErrorFigures.percentile(
                cases.stream()
                        .map(one -> 100 * Math.abs(Math.expm1(one.logError(engine))))
                        .sorted()
                        .toList(),
                0.5);
    }
}
