package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertLoadsTest {
    private static ExpertLoads.Question question(int tokens, int perToken, int experts, int devices, String law) {
        return new ExpertLoads.Question(tokens, perToken, experts, devices, law);
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 256", "2, 8, 8", "16, 8, 256", "64, 4, 128", "8192, 8, 256", "3, 22, 512"})
    void every_pair_of_a_draw_meets_an_expert(int tokens, int perToken, int experts) {
        Random random = new Random(5);
        for (String law : new String[] {"power_law_1.01", "power_law_1.2"}) {
            int[] drawn = ExpertLoads.drawn(question(tokens, perToken, experts, 1, law), random);

            assertThat(drawn).hasSize(experts);
            assertThat(Arrays.stream(drawn).sum()).isEqualTo(tokens * perToken);
            assertThat(Arrays.stream(drawn).min().orElse(-1)).isNotNegative();
        }
    }

    @ParameterizedTest
    @CsvSource({"16, 1", "64, 4", "512, 8", "8192, 64"})
    void the_busiest_device_has_at_least_the_mean(int tokens, int devices) {
        ExpertLoads.Load load = new ExpertLoads().of(question(tokens, 8, 256, devices, "power_law_1.2"));

        assertThat(load.pairs()).isGreaterThanOrEqualTo(tokens * 8.0 / devices - 1e-9);
        assertThat(load.pairs()).isLessThanOrEqualTo(tokens * 8.0 + 1e-9);
        assertThat(load.touched()).isBetween(1.0, 256.0 / devices);
        assertThat(load.touched()).isLessThanOrEqualTo(load.pairs() + 1e-9);
    }

    @Test
    void a_steeper_law_loads_the_busiest_device_more() {
        ExpertLoads loads = new ExpertLoads();

        assertThat(loads.of(question(1024, 8, 256, 8, "power_law_1.2")).pairs())
                .isGreaterThan(
                        loads.of(question(1024, 8, 256, 8, "power_law_1.01")).pairs());
    }

    @Test
    void balanced_loads_are_computed() {
        ExpertLoads loads = new ExpertLoads();

        assertThat(loads.of(question(3, 4, 128, 8, "balanced"))).isEqualTo(new ExpertLoads.Load(1.5, 2));
        assertThat(loads.of(question(4096, 4, 128, 8, "balanced"))).isEqualTo(new ExpertLoads.Load(2048, 16));
    }

    @Test
    void the_same_question_has_the_same_answer() {
        ExpertLoads.Question question = question(320, 8, 256, 4, "power_law_1.01");

        assertThat(new ExpertLoads().of(question)).isEqualTo(new ExpertLoads().of(question));
    }

    @ParameterizedTest
    @CsvSource({"balanced, true", "power_law_1.2, true", "power_law_1, false", "power_law_1e99, false", "even, false"})
    void only_laws_that_can_be_drawn_from_are_known(String law, boolean known) {
        assertThat(ExpertLoads.knows(law)).isEqualTo(known);
    }
}
