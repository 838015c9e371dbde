package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an estimate runs on: a named device, one described by hand, or a named one with figures replaced. */
class DeviceOptionsTest {
    private static final String USUAL = "estimate --model 7b --gpu rtx4090 --dtype fp16 -e ideal";
    private static final String BY_HAND = "estimate -m 7b -d fp16 --bandwidth '1008 GB/s' --peak 'fp16=330.3 TFLOP/s'";

    private static JsonNode json(String commandLine) {
        Run run = Run.line(commandLine + " --json");
        assertThat(run.code()).as(run.err()).isZero();
        return run.json();
    }

    private static double number(JsonNode answer, String pointer) {
        return answer.at(pointer).doubleValue();
    }

    @Test
    void a_device_by_hand_with_the_figures_of_a_named_one_is_as_fast() {
        JsonNode named = json(USUAL);
        JsonNode byHand = json(BY_HAND + " --memory 24GiB");

        assertThat(byHand.at("/floor/ttft_ms")).isEqualTo(named.at("/floor/ttft_ms"));
        assertThat(byHand.at("/floor/tpot_ms")).isEqualTo(named.at("/floor/tpot_ms"));
        assertThat(byHand.at("/question/gpu").textValue()).isEqualTo("custom");
        assertThat(byHand.at("/memory/capacity_bytes").longValue()).isEqualTo(24L << 30);
    }

    @Test
    void twice_the_bandwidth_halves_the_time_of_a_token_and_leaves_the_name() {
        JsonNode twice = json(USUAL + " --bandwidth '2016 GB/s'");

        assertThat(number(twice, "/floor/tpot_ms")).isCloseTo(number(json(USUAL), "/floor/tpot_ms") / 2, within(1e-5));
        assertThat(twice.at("/question/gpu").textValue()).isEqualTo("rtx4090");
    }

    @Test
    void memory_is_taken_as_given_over_a_named_device() {
        JsonNode small = json(USUAL + " --memory '10 GiB'");

        assertThat(small.at("/memory/capacity_bytes").longValue()).isEqualTo(10L << 30);
        assertThat(small.at("/memory/fits").booleanValue()).isFalse();
        assertThat(small.at("/floor")).isEqualTo(json(USUAL).at("/floor"));
    }

    @Test
    void a_given_memory_takes_the_assumed_share_of_it_out_of_the_assumptions() {
        assertThat(json("estimate -m 7b -g m4-max-40 -e ideal")
                        .at("/assumptions")
                        .findValuesAsText("what"))
                .contains("usable_share");
        assertThat(json("estimate -m 7b -g m4-max-40 --memory 64GiB")
                        .at("/assumptions")
                        .findValuesAsText("what"))
                .contains("memory")
                .doesNotContain("usable_share");
    }

    @Test
    void a_given_peak_replaces_both_accumulation_rates() {
        double fast = number(json(USUAL), "/floor/breakdown/prefill/compute_ms");

        JsonNode slow = json(USUAL + " --peak 'fp16=165.15 TFLOP/s'");

        assertThat(number(slow, "/floor/breakdown/prefill/compute_ms")).isCloseTo(2 * fast, within(1e-4));
        assertThat(slow.at("/assumptions").findValuesAsText("what")).contains("fp16 peak");
    }

    @Test
    void peaks_of_several_formats_stand_beside_each_other() {
        JsonNode both = json(
                "estimate -m 7b -d fp8 --bandwidth '1 TB/s' --peak 'fp16=100 TFLOP/s'" + " --peak 'fp8=200 TFLOP/s'");
        JsonNode one = json("estimate -m 7b -d fp8 --bandwidth '1 TB/s' --peak 'fp16=100 TFLOP/s'");

        assertThat(number(both, "/floor/ttft_ms")).isLessThan(0.6 * number(one, "/floor/ttft_ms"));
    }

    @Test
    void an_unknown_memory_size_leaves_fits_out_and_says_so() {
        JsonNode memory = json(BY_HAND).get("memory");

        assertThat(memory.has("fits")).isFalse();
        assertThat(memory.has("capacity_bytes")).isFalse();
        assertThat(memory.get("total_bytes").longValue()).isPositive();
        assertThat(Run.line(BY_HAND).out()).contains("no memory size is known, give --memory");
        assertThat(json("estimate -m 7b -g ryzen-7950x").at("/memory/fits").isMissingNode())
                .isTrue();
        assertThat(json("estimate -m 7b -g ryzen-7950x --memory 64GiB")
                        .at("/memory/fits")
                        .booleanValue())
                .isTrue();
    }

    @Test
    void a_misfit_is_an_answer_of_estimate() {
        Run run = Run.line("estimate -m llama-3.1-70b -g rtx4090 -e ideal");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("does not fit: needs 132.").contains("of 24.0 GiB");
        assertThat(json("estimate -m llama-3.1-70b -g rtx4090 -e ideal")
                        .at("/memory/fits")
                        .booleanValue())
                .isFalse();
    }

    @Test
    void tensor_parallelism_divides_the_weights_that_each_device_holds() {
        JsonNode four = json("estimate -m llama-3.1-70b -g '4x h100-sxm'");
        JsonNode one = json("estimate -m llama-3.1-70b -g h100-sxm");

        double share = number(four, "/memory/weight_bytes") / number(one, "/memory/weight_bytes");
        assertThat(share).isBetween(0.25, 0.2501);
        assertThat(four.get("model")).isEqualTo(one.get("model"));
        assertThat(four.at("/memory/fits").booleanValue()).isTrue();
        assertThat(Run.line("estimate -m llama-3.1-70b -g '4x h100-sxm'").out())
                .startsWith("llama-3.1-70b, bf16")
                .contains(", on 4 x h100-sxm, TP 4\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RTX 4090", "rtx-4090", "4090", "NVIDIA GeForce RTX 4090", "  rtx4090 ", "1x rtx4090"})
    void a_device_is_found_as_people_write_it(String gpu) {
        assertThat(json("estimate -m 7b -g '" + gpu + "'").at("/question/gpu").textValue())
                .isEqualTo("rtx4090");
    }

    @Test
    void a_size_behind_the_name_sets_the_fitted_memory_where_it_is_unified() {
        JsonNode own = json("estimate -m 7b -g m4-max-40 -e ideal");
        JsonNode fitted = json("estimate -m 7b -g 'm4-max-40 64GB' -e ideal");

        assertThat(fitted.at("/memory/capacity_bytes").longValue()).isEqualTo((long) (0.75 * 64) << 30);
        assertThat(number(own, "/memory/capacity_bytes")).isGreaterThan(number(fitted, "/memory/capacity_bytes"));
        assertThat(fitted.get("floor")).isEqualTo(own.get("floor"));
        assertThat(json("estimate -m 7b -g '2x m4-max-40 64GB'")
                        .at("/question/gpus")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void a_size_behind_the_name_that_the_device_does_not_come_with_is_refused() {
        assertThat(Run.line("estimate -m 7b -g 'rtx4090 24GB'").code()).isZero();
        assertThat(Run.line("estimate -m 7b -g 'rtx4090 48GB'").code()).isEqualTo(2);
        assertThat(Run.line("estimate -m 7b -g 'rtx4090 48GB'").err()).contains("--gpu rtx4090 --memory \"48 GiB\"");
    }

    @Test
    void cached_tokens_shorten_the_prefill_and_leave_decode_as_it_is() {
        JsonNode whole = json(USUAL + " -p 2048");
        JsonNode rest = json(USUAL + " -p 2048 --cached-tokens 1536");

        assertThat(rest.at("/question/cached_tokens").intValue()).isEqualTo(1536);
        assertThat(number(rest, "/floor/ttft_ms")).isLessThan(0.4 * number(whole, "/floor/ttft_ms"));
        assertThat(rest.at("/floor/tpot_ms")).isEqualTo(whole.at("/floor/tpot_ms"));
        assertThat(rest.at("/memory/kv_cache_bytes")).isEqualTo(whole.at("/memory/kv_cache_bytes"));
    }

    @Test
    void a_question_beyond_the_trained_context_is_answered_with_a_warning_on_stderr() {
        Run run = Run.line("estimate -m 7b -g rtx4090 -p 40000 --json");

        assertThat(run.code()).isZero();
        assertThat(run.err())
                .startsWith("llm-latency: warning: ")
                .contains("40128", "32768")
                .containsOnlyOnce("\n");
        assertThat(run.json().get("warnings")).hasSize(1);
        assertThat(Run.line("estimate -m 7b -g rtx4090 -p 32640").err()).isEmpty();
        assertThat(Run.line("estimate -m 7b -g rtx4090 -p 32641").err()).isNotEmpty();
    }

    @Test
    void quiet_leaves_out_all_below_the_memory_lines_and_nothing_else() {
        String brief = Run.line(USUAL + " -q").out();

        assertThat(Run.line(USUAL).out()).startsWith(brief).hasSizeGreaterThan(brief.length());
        assertThat(brief).contains("largest batch").doesNotContain("Sources", "one decode step", "--explain");
    }

    @Test
    void explain_adds_the_arithmetic_to_the_table_and_to_json() {
        String explained = Run.line(USUAL + " --explain").out();

        assertThat(explained).startsWith(Run.line(USUAL + " -q").out());
        assertThat(explained)
                .contains("Parameters, each weight once", "in all 7,241,732,096", "k = ", "total = b + 127 k");
        assertThat(json(USUAL + " --explain").get("explanation")).isNotEmpty();
        assertThat(json(USUAL).has("explanation")).isFalse();
        assertThat(json(USUAL + " --explain").get("floor"))
                .isEqualTo(json(USUAL).get("floor"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " -f json"})
    void json_is_short_for_format_json(String alsoSaid) {
        assertThat(Run.line(USUAL + " --json" + alsoSaid).out())
                .isEqualTo(Run.line(USUAL + " -f json").out());
    }
}
