package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.estimate.Scenario;
import llmlatency.hardware.Pace;
import llmlatency.hardware.Roofline;
import llmlatency.model.Footprint;
import llmlatency.model.ForwardPass;
import llmlatency.model.Parallelism;
import llmlatency.model.Step;
import llmlatency.units.Bytes;
import llmlatency.work.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each metric's formula against a loop over the passes that it is about, written from validation.md. */
class MeasuredCaseTest {
    private static final double SAME = 1e-7;

    /** Seconds of one pass. */
    private static double pass(MeasuredCase asked, long newTokens, long cached) {
        return pass(asked, new Roofline(asked.scenario().deployment().gpu()), newTokens, cached);
    }

    private static double pass(MeasuredCase asked, Pace pace, long newTokens, long cached) {
        double time = pace.overhead() + pace.communication();
        for (Operation operation : operations(asked, newTokens, cached)) {
            time += operation.count() * pace.cost(operation).total();
        }
        return time;
    }

    private static List<Operation> operations(MeasuredCase asked, long newTokens, long cached) {
        Scenario scenario = asked.scenario();
        ForwardPass pass = new ForwardPass(
                scenario.model(),
                scenario.scheme(),
                scenario.cache(),
                scenario.deployment().parallelism());
        return pass.operations(
                new Step(newTokens, cached, asked.measurement().request().batch()));
    }

    /** Seconds of so many steps, the first of which reads {@code cached} + 1 entries. */
    private static double steps(MeasuredCase asked, long cached, long steps) {
        double time = 0;
        for (long i = 0; i < steps; i++) {
            time += pass(asked, 1, cached + i);
        }
        return time;
    }

    @ParameterizedTest
    @CsvSource({
        "depth=0 output_tokens=128, 0, 128, 1",
        "depth=4096 output_tokens=32, 4096, 32, 1",
        "prompt_tokens=512 output_tokens=100, 512, 100, 1",
        "prompt_tokens=512 depth=7 output_tokens=100, 7, 100, 1",
        "output_tokens=64, 0, 64, 1",
        "prompt_tokens=100, 100, 128, 1",
        "depth=100, 100, 128, 1",
        "batch=1, 256, 128, 1",
        "batch=8 prompt_tokens=100 output_tokens=10, 100, 10, 8"
    })
    void a_decode_figure_is_about_the_mean_of_n_steps_after_c_tokens(String row, long cached, long steps, long batch) {
        String[] cells = row.split(" ");
        MeasuredCase tpot = Rows.answered(Rows.row("tpot_ms", 15, cells));
        double mean = steps(tpot, cached, steps) / steps;

        assertThat(tpot.floor()).isCloseTo(1000 * mean, withinPercentage(SAME));
        assertThat(Rows.answered(Rows.row("decode_tokens_per_s_per_seq", 15, cells))
                        .floor())
                .isCloseTo(1 / mean, withinPercentage(SAME));
        assertThat(Rows.answered(Rows.row("decode_tokens_per_s_total", 15, cells))
                        .floor())
                .isCloseTo(batch / mean, withinPercentage(SAME));
    }

    @ParameterizedTest
    @CsvSource({
        "prompt_tokens=512, 512, 512, 0, 1",
        "prompt_tokens=512 batch=4, 512, 512, 0, 4",
        "prompt_tokens=512 depth=4096, 512, 512, 4096, 1",
        "prompt_tokens=512 cached_tokens=500, 512, 12, 500, 1",
        "prompt_tokens=512 cached_tokens=500 depth=100, 512, 12, 600, 1"
    })
    void a_prefill_figure_is_about_the_pass_of_the_prompts_on_what_is_cached(
            String row, long prompt, long newTokens, long cached, long batch) {
        String[] cells = row.split(" ");
        MeasuredCase ttft = Rows.answered(Rows.row("ttft_ms", 15, cells));
        double time = pass(ttft, newTokens, cached);

        assertThat(ttft.floor()).isCloseTo(1000 * time, withinPercentage(SAME));
        assertThat(Rows.answered(Rows.row("prefill_tokens_per_s", 15, cells)).floor())
                .isCloseTo(batch * prompt / time, withinPercentage(SAME));
    }

    @ParameterizedTest
    @CsvSource({
        "prompt_tokens=512 output_tokens=1, 512, 1, 1",
        "prompt_tokens=512 output_tokens=2, 512, 2, 1",
        "prompt_tokens=512 output_tokens=100 batch=3, 512, 100, 3",
        "prompt_tokens=64, 64, 128, 1"
    })
    void an_end_to_end_figure_is_about_the_prompts_pass_and_all_steps_but_one(
            String row, long prompt, long output, long batch) {
        String[] cells = row.split(" ");
        MeasuredCase whole = Rows.answered(Rows.row("e2e_latency_ms", 15, cells));
        double time = pass(whole, prompt, 0) + steps(whole, prompt, output - 1);

        assertThat(whole.floor()).isCloseTo(1000 * time, withinPercentage(SAME));
        assertThat(including("decode_tokens_per_s_total", row))
                .isCloseTo(batch * output / time, withinPercentage(SAME));
        assertThat(including("decode_tokens_per_s_per_seq", row)).isCloseTo(output / time, withinPercentage(SAME));
        assertThat(including("tpot_ms", row)).isCloseTo(1000 * time / output, withinPercentage(SAME));
    }

    private static double including(String metric, String row) {
        return Rows.answered(Rows.row(metric, 15, (row + " includes_prefill=yes").split(" ")))
                .floor();
    }

    @Test
    void a_rate_over_the_whole_time_without_a_prompt_has_a_short_one() {
        MeasuredCase rate =
                Rows.answered(Rows.row("decode_tokens_per_s_total", 15, "includes_prefill=yes", "output_tokens=10"));

        assertThat(rate.floor()).isCloseTo(10 / (pass(rate, 32, 0) + steps(rate, 32, 9)), withinPercentage(SAME));
        assertThat(rate.assumed()).isEqualTo("assumed prompt of 32 tokens");
    }

    @Test
    void bandwidth_is_what_the_steps_move_over_their_time() {
        MeasuredCase bandwidth = Rows.answered(Rows.row("achieved_bandwidth_gbs", 900, "depth=100", "output_tokens=9"));
        double bytes = 0;
        for (int i = 0; i < 9; i++) {
            for (Operation operation : operations(bandwidth, 1, 100 + i)) {
                bytes += operation.count() * operation.bytes();
            }
        }

        assertThat(bandwidth.floor()).isCloseTo(bytes / steps(bandwidth, 100, 9) / 1e9, withinPercentage(SAME));
    }

    @ParameterizedTest
    @CsvSource({
        "tpot_ms, depth=1, assumed lengths",
        "tpot_ms, output_tokens=5, ",
        "e2e_latency_ms, prompt_tokens=5, assumed lengths",
        "prefill_tokens_per_s, prompt_tokens=5, "
    })
    void lengths_that_are_filled_in_are_told(String metric, String cell, String assumed) {
        assertThat(Rows.answered(Rows.row(metric, 15, cell)).assumed()).isEqualTo(assumed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7b,rtx4090,ideal|watts||unknown metric: watts",
                "nothing-like-it,rtx4090,ideal|tpot_ms||unknown model: nothing-like-it",
                "-,rtx4090,ideal|tpot_ms||unknown model: -",
                "7b,2x rtx4090,ideal|tpot_ms||unknown gpu: 2x rtx4090",
                "7b,a100,ideal|tpot_ms||unknown gpu: a100",
                "7b,rtx4090,ideal|tpot_ms|weight_format=q9|unknown format: q9",
                "7b,rtx4090,ideal|tpot_ms|kv_format=q9|unknown format: q9",
                "7b,rtx4090,ideal|ttft_ms||lengths not stated",
                "7b,rtx4090,ideal|prefill_tokens_per_s|output_tokens=5|lengths not stated",
                "7b,rtx4090,ideal|e2e_latency_ms|output_tokens=5|lengths not stated",
                "7b,rtx4090,ideal|ttft_ms|prompt_tokens=5 cached_tokens=5|no token of the prompt is left to compute",
                "7b,rtx4090,ideal|tpot_ms|n_gpus=4 tp=2|layout does not match",
                "7b,rtx4090,ideal|tpot_ms|n_gpus=4 split=rows|layout not supported yet: split rows",
                "7b,rtx4090,ideal|tpot_ms|n_gpus=4 replicas=4|layout not supported yet: replicas",
                "7b,rtx4090,ideal|tpot_ms|n_gpus=4 ep=4|expert parallelism over 4 needs experts",
                "7b,rtx4090,ideal|tpot_ms|n_gpus=4 moe_tp=2|layout does not match",
                "7b,rtx4090,ideal|tpot_ms|load=yes|lengths not stated",
                "7b,rtx4090,ideal|ttft_ms|load=yes batch=9 prompt_tokens=5 output_tokens=5|queueing",
                "llama-3.1-70b,rtx4090,ideal|tpot_ms|load=yes prompt_tokens=5 output_tokens=5|does not fit",
                "7b,tpu-v5e,ideal|tpot_ms|weight_format=fp32|tpu-v5e lists no rate at least as wide as fp32"
            })
    void a_row_that_cannot_be_answered_says_why(String subject, String metric, String cells, String reason) {
        String[] more = cells == null ? new String[0] : cells.split(" ");

        assertThat(Rows.skipped(Rows.row(subject, metric, 15, more))).startsWith(reason);
    }

    @Test
    void a_batch_that_memory_holds_but_a_part_of_runs_in_waves() {
        String[] cells = {"batch=64", "prompt_tokens=2000", "output_tokens=100"};
        MeasuredCase waves = Rows.answered(Rows.row("7b,rtx4090,vllm", "e2e_latency_ms", 15, cells));
        MeasuredCase one = Rows.answered(Rows.row(
                "7b,rtx4090,vllm", "e2e_latency_ms", 15, "batch=1", "prompt_tokens=2000", "output_tokens=100"));

        assertThat(waves.regime()).isEqualTo(Regime.WAVES);
        assertThat(waves.assumed()).isEqualTo("runs in waves");
        assertThat(waves.scenario().workload().batch()).isBetween(2L, 63L);
        assertThat(waves.floor()).isGreaterThan(2 * one.floor());
    }

    @Test
    void a_layer_split_over_one_device_is_none() {
        assertThat(Rows.answered(Rows.row("tpot_ms", 15, "split=layer"))).isNotNull();
    }

    @Test
    void an_unknown_engine_leaves_the_floor_and_says_that_nothing_is_expected() {
        MeasuredCase unknown = Rows.answered(Rows.row("7b,rtx4090,nothing-like-it/cuda", "tpot_ms", 15));

        assertThat(unknown.unexpected()).isEqualTo("engine nothing-like-it unknown");
        assertThat(unknown.performance()).isNull();
        assertThat(unknown.floor())
                .isEqualTo(Rows.answered(Rows.row("tpot_ms", 15)).floor());
    }

    @Test
    void the_ideal_program_is_expected_to_do_nothing_beyond_the_floor() {
        assertThat(Rows.answered(Rows.row("tpot_ms", 15)).unexpected()).isEqualTo("engine ideal is the floor itself");
    }

    @Test
    void a_stated_file_size_decides_the_bytes_and_the_format_the_arithmetic() {
        MeasuredCase sized = Rows.answered(Rows.row(
                "gemma-3-4b-it,rtx4090,ideal", "tpot_ms", 15, "weight_format=q4_k_m", "weight_bytes=2489894976"));
        Scenario scenario = sized.scenario();
        Footprint held = new Footprint(scenario.model(), scenario.scheme(), scenario.cache(), Parallelism.NONE);

        assertThat(held.weightBytes()).isEqualTo(2489894976L);
        assertThat(scenario.scheme().arithmeticFormat().name()).isEqualTo("q4_k_m");
        assertThat(scenario.model().aside()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "decode_tokens_per_s_per_seq, batch=1, batch-1 decode",
        "achieved_bandwidth_gbs, batch=1, batch-1 decode",
        "tpot_ms, batch=2, batched decode",
        "ttft_ms, batch=1, batch-1 prefill",
        "ttft_ms, batch=2, batched prefill",
        "prefill_tokens_per_s, batch=2, batched prefill",
        "e2e_latency_ms, batch=1, static batch end to end",
        "e2e_latency_ms, batch=2, static batch end to end",
        "decode_tokens_per_s_total, includes_prefill=yes, static batch end to end",
        "tpot_ms, load=yes, serving TPOT",
        "ttft_ms, load=yes, serving TTFT",
        "decode_tokens_per_s_total, load=yes, serving throughput",
        "e2e_latency_ms, load=yes, serving throughput"
    })
    void every_row_belongs_to_a_regime(String metric, String cell, String regime) {
        Measurement row = Rows.row(metric, 15, cell);

        assertThat(Regime.of(MeasuredMetric.valueOf(named(metric)), row.request())
                        .label())
                .isEqualTo(regime);
    }

    private static String named(String metric) {
        MeasuredMetric found = MeasuredMetric.named(metric);
        if (found == null) {
            throw new AssertionError(metric);
        }
        return found.name();
    }

    /** An engine at half the bandwidth and 40 % of the FLOP, a millisecond a pass, that is right to a factor of 1.25. */
    private static Engine engine() {
        Condition always = new Condition(
                List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null, List.of(), null, null, null,
                List.of());
        Map<Parameter, Rule.Value> values = Map.of(
                Parameter.WEIGHT_BANDWIDTH, value(0.5),
                Parameter.MATRIX_SHARE, value(0.4),
                Parameter.PASS_TIME, value(0.001),
                Parameter.INTERVAL, value(Math.log(1.25)));
        return new Engine(
                "half",
                1,
                new Bytes(0),
                1,
                1,
                64,
                false,
                Map.of(),
                List.of(),
                List.of(new Rule(always, values, Map.of(), null)),
                0);
    }

    private static Rule.Value value(double value) {
        return new Rule.Value(value, false, null, null, "a test");
    }

    private static MeasuredCase expecting(String metric, String... cells) {
        List<String> all = new ArrayList<>(List.of(cells));
        return Rows.answered(Rows.row("7b,rtx4090,ideal", metric, 15, all.toArray(String[]::new)))
                .with(engine());
    }

    private static Performance performance(MeasuredCase asked) {
        Performance performance = asked.performance();
        if (performance == null) {
            throw new AssertionError("nothing expected");
        }
        return performance;
    }

    @Test
    void the_expected_figure_follows_the_formula_of_the_floor() {
        MeasuredCase tpot = expecting("tpot_ms", "depth=10", "output_tokens=5");
        Performance performance = performance(tpot);
        double time = 0;
        for (int i = 0; i < 5; i++) {
            time += pass(tpot, performance.pace(1, 1), 1, 10 + i);
        }

        assertThat(tpot.expected(performance)).isCloseTo(1000 * time / 5, withinPercentage(SAME));
        assertThat(tpot.expected(performance)).isGreaterThan(2 * tpot.floor());
    }

    @ParameterizedTest
    @CsvSource({"512, prompt_tokens=2000", "100, prompt_tokens=200 prefill_chunk=100"})
    void a_prompt_is_taken_in_the_parts_measured_with_else_in_the_engines_own(long chunk, String row) {
        MeasuredCase ttft = Rows.answered(Rows.row("7b,rtx4090,llama.cpp", "ttft_ms", 15, row.split(" ")))
                .with(engine());
        Performance performance = performance(ttft);

        assertThat(ttft.chunk(performance)).isEqualTo(chunk);
        assertThat(ttft.expected(performance)).isGreaterThan(ttft.floor());
    }

    /** The figures under load come from one step and one first token, whatever the metric. */
    @Test
    void figures_under_load_follow_one_step_and_one_first_token() {
        String[] asked = {
            "load=yes", "batch=6", "n_gpus=4", "tp=1", "replicas=4", "prompt_tokens=300", "output_tokens=9"
        };
        double tpot = expecting("tpot_ms", asked).floor();
        double ttft = expecting("ttft_ms", asked).floor();
        double whole = ttft + 8 * tpot;

        assertThat(expecting("e2e_latency_ms", asked).floor()).isCloseTo(whole, withinPercentage(SAME));
        assertThat(expecting("decode_tokens_per_s_total", asked).floor())
                .isCloseTo(6 * 9 / whole * 1000, withinPercentage(SAME));
        asked[1] = "batch=8";
        assertThat(expecting("tpot_ms", asked).floor())
                .as("two on each of four")
                .isCloseTo(tpot, withinPercentage(SAME));
    }

    @Test
    void the_interval_of_a_rate_has_its_slow_end_low() {
        MeasuredCase rate = expecting("decode_tokens_per_s_per_seq", "depth=10", "output_tokens=5");
        Performance performance = performance(rate);
        double expected = rate.expected(performance);

        assertThat(rate.interval(performance)).satisfies(interval -> {
            assertThat(interval.low()).isCloseTo(expected / 1.25, withinPercentage(SAME));
            assertThat(interval.high()).isCloseTo(expected * 1.25, withinPercentage(SAME));
        });
    }

    @Test
    void the_interval_of_a_time_has_its_fast_end_low() {
        MeasuredCase time = expecting("tpot_ms", "depth=10", "output_tokens=5");
        Performance performance = performance(time);
        double expected = time.expected(performance);

        assertThat(time.interval(performance)).satisfies(interval -> {
            assertThat(interval.low()).isCloseTo(expected / 1.25, withinPercentage(SAME));
            assertThat(interval.high()).isCloseTo(expected * 1.25, withinPercentage(SAME));
        });
    }
}
