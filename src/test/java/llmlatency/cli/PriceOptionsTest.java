package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prices: of profiles, or given; and what tokens then cost. */
class PriceOptionsTest {
    private static final String QUESTION = "estimate -m llama-3.1-8b -p 1024 -n 512 -b 4 --json ";

    private static JsonNode answer(String options) {
        Run run = Run.line(QUESTION + options);
        assertThat(run.code()).as(run.err()).isZero();
        return run.json();
    }

    @Test
    void both_costs_together_pay_every_second_of_every_device() {
        for (String options : new String[] {"-g h100-sxm", "-g '2x h100-sxm' -e ideal", "-g l40s --price 1"}) {
            JsonNode answer = answer(options);
            double perSecond = answer.at("/price/usd_per_gpu_hour").doubleValue()
                    * answer.at("/question/gpus").intValue()
                    / 3600;
            JsonNode floor = answer.get("floor");
            double paid = (floor.get("usd_per_million_input_tokens").doubleValue() * 4 * 1024
                            + floor.get("usd_per_million_output_tokens").doubleValue() * 4 * 511)
                    / 1e6;

            assertThat(paid)
                    .as(options)
                    .isCloseTo(perSecond * floor.get("total_ms").doubleValue() / 1e3, within(1e-6 * paid));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--price 2.50, 2.5",
        "--price '2.50 USD/h', 2.5",
        "--price H100-SXM=2, 2",
        "--price l4=9, 2.95",
        "--price l4=9 --price 3, 3",
        "--price 3 --price h100-sxm=4 --price l4=9, 4",
        "'', 2.95"
    })
    void a_price_for_the_device_wins_over_one_for_all_and_that_over_its_profile(String options, double price) {
        String quoted = options.contains("USD/h") ? "--price '2.50 USD/h'" : options;

        assertThat(answer("-g h100-sxm " + quoted).at("/price/usd_per_gpu_hour").doubleValue())
                .isEqualTo(price);
    }

    @Test
    void a_price_says_where_it_comes_from() {
        assertThat(answer("-g h100-sxm").at("/price/source").textValue()).contains("SkyPilot");
        assertThat(answer("-g h100-sxm --price 2").at("/price/source").textValue())
                .isEqualTo("given on the command line");
    }

    @Test
    void without_a_price_there_is_no_cost() {
        JsonNode answer = answer("-g mi60");

        assertThat(answer.has("price")).isFalse();
        assertThat(answer.get("floor").has("usd_per_million_output_tokens")).isFalse();
        assertThat(answer("--bandwidth '1 TB/s' --peak 'bf16=90 TFLOP/s' --price 2")
                        .at("/floor/usd_per_million_output_tokens")
                        .isNumber())
                .isTrue();
    }

    @Test
    void under_load_the_output_tokens_pay_for_all() {
        JsonNode answer = Run.line("estimate -m llama-3.1-8b -g h100-sxm --concurrency 16 --json --price 3.6")
                .json();
        JsonNode load = answer.at("/floor/load");

        assertThat(load.get("usd_per_million_output_tokens").doubleValue())
                .isCloseTo(1000 / load.get("tokens_per_second").doubleValue(), within(1e-6));
    }

    @ParameterizedTest
    @CsvSource({
        "--price 0, is not a price of an hour in USD",
        "--price -1, is not a price of an hour in USD",
        "--price cheap, is not a price of an hour in USD",
        "--price rtx409=1, no GPU named 'rtx409'; did you mean rtx4090",
        "--price 1 --price 2, --price is given twice for all devices",
        "--price h100-sxm=1 --price h100-sxm=2, --price is given twice for h100-sxm"
    })
    void a_wrong_price_is_refused(String options, String message) {
        Run run = Run.line(QUESTION + "-g h100-sxm " + options);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }
}
