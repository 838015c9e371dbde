package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;

class TokenEnergyTest {
    @Test
    void energy_is_board_power_times_time_over_tokens() {
        JsonNode json = Run.line("estimate -m 7b -g '2x rtx4090' -d fp16 -e vllm -b 4 -p 1000 -n 64 --json")
                .json();

        double watts = json.at("/power/board_watts").asDouble();
        assertThat(watts).isEqualTo(450);
        for (String block : new String[] {"floor", "expected"}) {
            JsonNode figures = json.get(block);
            assertThat(figures.get("joules_per_output_token").asDouble())
                    .isCloseTo(2 * watts * figures.get("tpot_ms").asDouble() / 1e3 / 4, within(1e-6));
            assertThat(figures.get("joules_per_input_token").asDouble())
                    .isCloseTo(2 * watts * figures.get("ttft_ms").asDouble() / 1e3 / 4000, within(1e-6));
        }
        assertThat(json.get("assumptions").toString()).contains("draws its board power");
    }

    @Test
    void under_load_the_output_tokens_bear_all_of_it() {
        JsonNode json =
                Run.line("estimate -m 7b -g l40s --concurrency 8 --json").json();

        double rate = json.at("/expected/load/tokens_per_second").asDouble();
        assertThat(json.at("/expected/load/joules_per_output_token").asDouble())
                .isCloseTo(json.at("/power/board_watts").asDouble() / rate, within(1e-6));
    }

    @Test
    void without_a_board_power_there_is_none() {
        JsonNode json = Run.line("estimate -m 7b --bandwidth 1TB/s --peak fp16=100TFLOP/s --memory 80GiB --json")
                .json();

        assertThat(json.has("power")).isFalse();
        assertThat(json.at("/floor/joules_per_output_token").isMissingNode()).isTrue();
    }
}
