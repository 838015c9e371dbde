package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelFitTest {
    private static final Engine SERVING =
            KernelTableTest.LIBRARY.engine("serving").value();
    private static final List<Engine> EXTENDING = KernelTableTest.LIBRARY.extending("serving").stream()
            .map(profile -> profile.value())
            .toList();
    private static final String GEMM = "gpu,backend,gemm_dtype,m,n,k,latency";
    private static final String DECODE =
            "gpu,backend,batch_size,num_heads,num_key_value_heads,head_dim,kv_cache_dtype,step,latency";
    private static final String HOPPER = "Hopper GH100";
    private static final String BLACKWELL = "Blackwell GB100";

    private static List<String> products(String gpu, String backend, String type) {
        List<String> rows = new ArrayList<>();
        for (int m : new int[] {1, 16, 128, 512, 2048, 8192}) {
            for (int n : new int[] {1024, 4096, 16384}) {
                for (int k : new int[] {1024, 8192}) {
                    rows.add(String.join(",", gpu, backend, type, "" + m, "" + n, "" + k));
                }
            }
        }
        return rows;
    }

    private static List<String> decodes(String gpu) {
        List<String> rows = new ArrayList<>();
        for (int batch : new int[] {1, 8, 64, 512}) {
            for (int heads : new int[] {1, 8, 32}) {
                for (int step : new int[] {15, 511, 4095}) {
                    rows.add(String.join(",", gpu, "vllm", "" + batch, "32", "" + heads, "128,bfloat16", "" + step));
                }
            }
        }
        return rows;
    }

    /** A table whose times are those of an engine of known parameters. */
    private static KernelTable measured(Path folder, String header, List<String> rows, Engine truth)
            throws IOException {
        KernelTable asked =
                table(folder, header, rows, rows.stream().map(row -> 1.0).toList());
        List<Double> times = KernelCase.of(List.of(asked), new EngineFamily(truth, List.of())).stream()
                .map(one -> Math.exp(one.logError(truth)))
                .toList();
        return table(folder, header, rows, times);
    }

    private static KernelTable table(Path folder, String header, List<String> rows, List<Double> milliseconds)
            throws IOException {
        StringBuilder text = new StringBuilder(header + "\n");
        for (int i = 0; i < rows.size(); i++) {
            text.append(rows.get(i)).append(',').append(milliseconds.get(i)).append('\n');
        }
        return KernelTableTest.read(Files.writeString(folder.resolve("kernels.csv"), text.toString()));
    }

    private static int rule(Engine engine, Set<Parameter> values, List<String> architectures, List<String> formats) {
        for (int i = 0; i < engine.rules().size(); i++) {
            Rule rule = engine.rules().get(i);
            Condition when = rule.when();
            boolean there = architectures.isEmpty()
                    ? when.architectures().isEmpty()
                    : when.architectures().containsAll(architectures);
            if (rule.kernels()
                    && there
                    && when.fewRows() == null
                    && when.formats().equals(formats)
                    && when.structures().isEmpty()
                    && rule.values().keySet().containsAll(values)) {
                return i;
            }
        }
        return -1;
    }

    private static Engine with(Engine engine, int rule, Map<Parameter, Double> values) {
        Engine changed = engine;
        for (Map.Entry<Parameter, Double> one : values.entrySet()) {
            changed = Synthetic.with(changed, rule, one.getKey(), one.getValue());
        }
        return changed;
    }

    private static Fit fit(List<KernelTable> tables, List<Resolved> rows, Set<Fold> leaveOut) {
        return Fit.of(SERVING, EXTENDING, rows, tables, Fit.Scope.PROFILE, leaveOut);
    }

    @Test
    void parameters_of_kernels_are_recovered(@TempDir Path folder) throws IOException {
        Map<Parameter, Double> product = Map.of(
                Parameter.WEIGHT_BANDWIDTH, 0.6,
                Parameter.MATRIX_SHARE, 0.5,
                Parameter.MATRIX_TIME, 8e-6,
                Parameter.OVERLAP, 1.5);
        Map<Parameter, Double> attention = Map.of(
                Parameter.CACHE_BANDWIDTH, 0.5,
                Parameter.SCORES_TIME, 2e-5,
                Parameter.WALK_TIME, 6e-6);
        int hopper = rule(SERVING, product.keySet(), List.of(HOPPER), List.of());
        Engine truth = with(with(SERVING, hopper, product), hopper, attention);
        List<KernelTable> tables = List.of(
                measured(folder, GEMM, products("h100_sxm", "trtllm", "bfloat16"), truth),
                measured(folder, DECODE, decodes("h100_sxm"), truth));

        Fit fit = fit(tables, List.of(), Set.of());

        assertThat(fit.kernels())
                .hasSize(2)
                .allSatisfy(error -> assertThat(error.own()).as(error.table()).isLessThan(1));
        product.forEach((parameter, value) -> assertThat(Synthetic.value(fit.after(), hopper, parameter))
                .as(parameter.key())
                .isCloseTo(value, withPercentage(4)));
        attention.forEach((parameter, value) -> assertThat(Synthetic.value(fit.after(), hopper, parameter))
                .as(parameter.key())
                .isCloseTo(value, withPercentage(4)));
    }

    private static List<Resolved> passes() {
        MeasuredCases cases = new MeasuredCases(KernelTableTest.LIBRARY);
        List<Resolved> rows = new ArrayList<>();
        for (String gpu : new String[] {"h100-sxm", "b200"}) {
            for (int batch : new int[] {1, 8, 64}) {
                rows.add(cases.resolve(Rows.row(
                        "llama-3.1-8b," + gpu + ",vllm",
                        "tpot_ms",
                        10 + batch / 8.0,
                        "batch=" + batch,
                        "prompt_tokens=1024",
                        "output_tokens=128",
                        "source=lab",
                        "weight_format=bf16")));
            }
        }
        return rows;
    }

    private static List<Rule> kernels(Engine engine) {
        return engine.rules().stream().filter(Rule::kernels).toList();
    }

    @Test
    void whole_passes_do_not_move_what_kernels_say(@TempDir Path folder) throws IOException {
        Engine together = new EngineFamily(SERVING, EXTENDING).together();
        Fit alone = fit(List.of(), passes(), Set.of());

        assertThat(kernels(alone.after())).isEqualTo(kernels(together));
        assertThat(alone.moved()).isNotEmpty();

        List<KernelTable> tables = List.of(measured(folder, GEMM, products("h100_sxm", "trtllm", "bfloat16"), SERVING));
        Fit both = fit(tables, passes(), Set.of());

        assertThat(kernels(both.after()))
                .isEqualTo(kernels(fit(tables, List.of(), Set.of()).after()))
                .isNotEqualTo(kernels(together));
        assertThat(both.after().rules()).hasSameSizeAs(together.rules());
    }

    @Test
    void without_a_generation_the_broad_rules_hold_but_what_it_alone_computes_stays(@TempDir Path folder)
            throws IOException {
        List<String> rows = new ArrayList<>(products("h100_sxm", "trtllm", "bfloat16"));
        rows.addAll(products("b200_sxm", "trtllm", "bfloat16"));
        rows.addAll(products("b200_sxm", "vllm", "nvfp4"));
        KernelTable table = measured(folder, GEMM, rows, SERVING);
        KernelFit fit = new KernelFit(KernelCase.of(List.of(table), new EngineFamily(SERVING, List.of())));

        Map<String, Engine> leftOut = fit.leftOut(fit.fitted(SERVING));

        assertThat(leftOut).containsOnlyKeys("h100", "b200");
        Set<Parameter> product = Set.of(Parameter.MATRIX_TIME);
        Set<Parameter> format = Set.of(Parameter.FORMAT_SHARE);
        Engine without = leftOut.getOrDefault("b200", SERVING);
        assertThat(rule(without, product, List.of(), List.of())).isNotNegative();
        assertThat(rule(without, product, List.of(HOPPER), List.of())).isNotNegative();
        assertThat(rule(without, product, List.of(BLACKWELL), List.of())).isNegative();
        assertThat(rule(without, format, List.of(), List.of("nvfp4"))).isNotNegative();
        assertThat(rule(leftOut.getOrDefault("h100", SERVING), product, List.of(HOPPER), List.of()))
                .isNegative();
        assertThat(fit.errors(SERVING, leftOut)).hasSize(3).allSatisfy(error -> {
            assertThat(error.own()).isLessThan(1e-6);
            assertThat(error.unseen()).isNotNull();
        });
    }

    @Test
    void a_fit_repeats_to_the_last_bit(@TempDir Path folder) throws IOException {
        List<KernelTable> tables = List.of(measured(folder, GEMM, products("h200_sxm", "trtllm", "fp8"), SERVING));

        assertThat(fit(tables, List.of(), Set.of(Fold.GPU)).after())
                .isEqualTo(fit(tables, List.of(), Set.of(Fold.GPU)).after());
    }

    @Test
    void kernels_say_nothing_of_single_devices(@TempDir Path folder) throws IOException {
        List<KernelTable> tables = List.of(measured(folder, GEMM, products("h200_sxm", "trtllm", "fp8"), SERVING));

        assertThatThrownBy(() -> Fit.of(SERVING, EXTENDING, List.of(), tables, Fit.Scope.DEVICES, Set.of()))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("--whole-profile");
    }
}
