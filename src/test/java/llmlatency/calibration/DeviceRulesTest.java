package llmlatency.calibration;

import static llmlatency.calibration.Synthetic.TUNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ten rows of one card are enough for rules of its own. */
class DeviceRulesTest {
    private static List<FitCase> curated(String gpu, Engine engine) {
        MeasurementFiles files =
                new MeasurementFiles(Rows.LIBRARY, Given.NOTHING, new ByteArrayInputStream(new byte[0]));
        MeasuredCases cases = new MeasuredCases(Rows.LIBRARY);
        List<FitCase> found = new ArrayList<>();
        for (Measurement row : files.read("src/test/resources/measured/curated.csv")) {
            Resolved resolved = cases.resolve(row);
            FitCase one =
                    resolved instanceof MeasuredCase answered ? FitCase.of(answered, Set.of(engine.name())) : null;
            if (one != null && one.device().equals(gpu)) {
                found.add(one);
            }
        }
        return found;
    }

    /** An engine that takes a device for one of 60 % of its speed. */
    private static Engine wrongAbout(String gpu, Engine engine, FitCase row) {
        List<Rule> rules = new ArrayList<>(engine.rules());
        for (boolean few : new boolean[] {true, false}) {
            Performance now = row.performance(engine);
            Map<Parameter, Rule.Value> values = new EnumMap<>(Parameter.class);
            now.inForce(few ? 1 : Double.MAX_VALUE).values().forEach((parameter, value) -> {
                if (Set.of(Parameter.WEIGHT_BANDWIDTH, Parameter.EXPERT_BANDWIDTH, Parameter.MATRIX_SHARE)
                        .contains(parameter)) {
                    values.put(parameter, new Rule.Value(0.6 * value.value(), false, null, null, "a wrong profile"));
                }
            });
            rules.add(new Rule(Condition.onDevice(row.backend(), gpu, few), values, Map.of(), null));
        }
        return engine.with(rules);
    }

    /** Ten rows by chance, the same at every run, or all the others. */
    private static List<FitCase> part(List<FitCase> rows, long seed, boolean ten) {
        List<FitCase> shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(seed));
        return ten ? shuffled.subList(0, 10) : shuffled.subList(10, rows.size());
    }

    /** Median error of the rows beyond ten that an engine was fitted to, over several choices of the ten. */
    private static double beyondTen(List<FitCase> rows, Engine engine) {
        List<Double> errors = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            Engine fitted = new DeviceRules(engine).fitted(part(rows, seed, true));
            part(rows, seed, false).forEach(row -> errors.add(100 * Math.abs(Math.expm1(row.logError(fitted)))));
        }
        errors.sort(null);
        return ErrorFigures.percentile(errors, 0.5);
    }

    @ParameterizedTest
    @CsvSource({"arc-pro-b70, sycl", "ryzen-ai-max-395, vulkan", "ryzen-ai-max-395, rocm"})
    void ten_published_rows_of_a_card_predict_the_others_of_it(String gpu, String backend) {
        Engine shipped = Rows.LIBRARY.engine("llama.cpp").value();
        List<FitCase> rows = curated(gpu, shipped).stream()
                .filter(row -> backend.equals(row.backend())
                        && row.measured().measurement().request().batch() == 1)
                .toList();
        Engine wrong = wrongAbout(gpu, shipped, rows.get(0));

        assertThat(rows).hasSizeGreaterThanOrEqualTo(16);
        assertThat(beyondTen(rows, wrong)).isLessThan(Synthetic.median(rows, wrong) / 2);
    }

    @Test
    void ten_rows_of_a_card_bring_it_near_though_its_class_is_40_percent_off() {
        List<MeasuredCase> asked = Synthetic.asked(List.of("rtx4090"));
        Engine truth = Synthetic.with(
                TUNED,
                Map.of(
                        Parameter.WEIGHT_BANDWIDTH, 0.42,
                        Parameter.LAYER_TIME, 5e-5,
                        Parameter.MATRIX_SHARE, 0.36,
                        Parameter.ATTENTION_SHARE, 0.24));
        List<FitCase> rows = Synthetic.cases(Synthetic.measured(asked, truth, Synthetic.noise(23, 0.03)), TUNED);
        Engine fitted = new DeviceRules(TUNED).fitted(part(rows, 7, true));

        assertThat(Synthetic.median(part(rows, 7, false), TUNED)).isGreaterThan(25);
        assertThat(Synthetic.median(part(rows, 7, false), fitted)).isLessThan(6);
    }

    @Test
    void the_profile_stays_and_other_devices_are_as_before() {
        List<FitCase> rows =
                Synthetic.cases(Synthetic.measured(Synthetic.asked(List.of("rtx4090")), TUNED, () -> 1.3), TUNED);
        List<FitCase> others = Synthetic.cases(Synthetic.measured(Synthetic.asked(List.of("rtx3090")), TUNED), TUNED);
        Engine fitted = new DeviceRules(TUNED).fitted(rows);

        assertThat(fitted.rules()).startsWith(TUNED.rules().toArray(Rule[]::new));
        assertThat(others).allSatisfy(row -> assertThat(row.logError(fitted)).isEqualTo(row.logError(TUNED)));
        assertThat(fitted.rules().subList(TUNED.rules().size(), fitted.rules().size()))
                .allSatisfy(rule -> assertThat(rule.when().devices()).containsExactly("rtx4090"));
    }

    @Test
    void what_the_profile_tells_apart_stays_apart() {
        Engine apart = TUNED.with(
                Stream.concat(TUNED.rules().stream(), Stream.of(ofFormat("fp16", 0.35), ofFormat("q8_0", 0.7)))
                        .toList());
        List<FitCase> rows = Synthetic.cases(
                Synthetic.measured(
                        Synthetic.asked(List.of("rtx4090")),
                        Synthetic.with(apart, 4, Parameter.WEIGHT_BANDWIDTH, 0.25)),
                apart);
        List<Rule> own = new DeviceRules(apart).fitted(part(rows, 7, true)).rules();

        assertThat(own.subList(apart.rules().size(), own.size()))
                .filteredOn(rule -> rule.when().fewRows() == Boolean.TRUE
                        && !rule.when().formats().isEmpty())
                .hasSize(2)
                .satisfies(rule -> assertThat(bandwidth(rule)).isCloseTo(0.25, withinPercentage(8)), Index.atIndex(0))
                .satisfies(rule -> assertThat(bandwidth(rule)).isCloseTo(0.5, withinPercentage(8)), Index.atIndex(1));
    }

    private static Rule ofFormat(String format, double bandwidth) {
        List<String> any = List.of();
        Rule.Value value = new Rule.Value(bandwidth, true, null, null, "a test");
        return new Rule(
                new Condition(any, any, any, any, any, any, null, List.of(format), null, null, null, any),
                Map.of(Parameter.WEIGHT_BANDWIDTH, value),
                Map.of(),
                null);
    }

    private static double bandwidth(Rule rule) {
        Rule.Value value = rule.values().get(Parameter.WEIGHT_BANDWIDTH);
        return value == null ? 0 : value.value();
    }
}
