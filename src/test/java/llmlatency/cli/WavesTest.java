package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A static batch of which memory holds but a part, end to end. */
class WavesTest {
    private static final String ASKED = "estimate -m llama-3.1-8b -g l4 -p 2k -n 256 --json -e ";

    @ParameterizedTest
    @ValueSource(ints = {40, 64, 111, 500})
    void waves_of_what_fits_take_their_number_of_times_one(int batch) {
        JsonNode all = Run.line(ASKED + "vllm -b " + batch).json();
        long part = all.at("/waves/batch").longValue();
        double count = all.at("/waves/count").doubleValue();
        JsonNode one = Run.line(ASKED + "vllm -b " + part).json();

        assertThat(all.at("/memory/fits").booleanValue()).isFalse();
        assertThat(one.has("waves")).isFalse();
        assertThat(Run.line(ASKED + "vllm -b " + (part + 1)).json().has("waves"))
                .isTrue();
        assertThat(count * part).isCloseTo(batch, withinPercentage(1e-6));
        for (String block : new String[] {"floor", "expected"}) {
            assertThat(all.at("/waves/" + block + "_total_ms").doubleValue())
                    .isCloseTo(count * one.at("/" + block + "/total_ms").doubleValue(), withinPercentage(1e-6));
        }
        assertThat(all.at("/waves/end_to_end_tokens_per_second").doubleValue())
                .isCloseTo(one.at("/expected/end_to_end_tokens_per_second").doubleValue(), withinPercentage(1e-4));
        assertThat(all.at("/waves/expected_total_ms").doubleValue())
                .isBetween(
                        all.at("/waves/expected_total_low_ms").doubleValue(),
                        all.at("/waves/expected_total_high_ms").doubleValue());
    }

    @Test
    void whole_waves_are_equal_and_as_many_as_needed() {
        JsonNode all = Run.line(ASKED.replace("l4", "a100-sxm-40gb") + "deepspeed-mii -b 500")
                .json();
        double count = all.at("/waves/count").doubleValue();
        long part = all.at("/waves/batch").longValue();

        assertThat(all.at("/waves/whole").booleanValue()).isTrue();
        assertThat(count).isEqualTo(Math.rint(count)).isGreaterThan(1);
        assertThat(part * count).isGreaterThanOrEqualTo(500);
        assertThat((part - 1) * count).isLessThan(500);
    }

    @Test
    void what_fits_or_never_will_or_is_no_engine_for_it_has_none() {
        assertThat(Run.line(ASKED + "vllm -b 2").json().has("waves")).isFalse();
        assertThat(Run.line(ASKED + "ideal -b 64").json().has("waves")).isFalse();
        assertThat(Run.line(ASKED + "llama.cpp -b 64").json().has("waves")).isFalse();
        assertThat(Run.line(ASKED.replace("8b", "70b") + "vllm -b 64").json().has("waves"))
                .isFalse();
        assertThat(Run.line(ASKED + "vllm --concurrency 64").json().has("waves"))
                .isFalse();
    }

    @Test
    void the_figures_of_one_batch_stay_as_they_were() {
        JsonNode all = Run.line(ASKED + "vllm -b 64").json();

        assertThat(all.at("/expected/total_ms").doubleValue())
                .isLessThan(all.at("/waves/expected_total_ms").doubleValue());
        assertThat(all.at("/assumptions").findValuesAsText("what")).contains("batch beyond memory");
        assertThat(Run.line(ASKED.replace("--json ", "") + "vllm -b 64").out())
                .contains("in waves   ")
                .contains("each place refilled");
    }
}
