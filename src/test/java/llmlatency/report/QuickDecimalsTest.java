package llmlatency.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class QuickDecimalsTest {
    @Test
    void the_quick_way_writes_the_digits_of_the_exact_one() {
        Random random = new Random(20261124);
        for (int i = 0; i < 400_000; i++) {
            double value = Math.exp(random.nextDouble() * 60 - 30) * (random.nextInt(8) == 0 ? -1 : 1);
            requireSame(value);
            // Few digits, and halves of the ninth: where rounding is in doubt.
            requireSame(Math.rint(value * 1000) / 1000);
            requireSame(Double.parseDouble(random.nextInt(1_000_000_000) + "5e-" + random.nextInt(12)));
            requireSame(Math.nextUp((double) Float.parseFloat("1e" + (random.nextInt(20) - 10))));
        }
    }

    @Test
    void whole_and_extreme_numbers_are_the_same_too() {
        for (double value : new double[] {
            0, 1, -1, 1e8, 99_999_999.99999999, 999_999_999.5, 1e-7, 9.99999999e-8, 1e300, 4.9e-324, 0x1p53, 0.1, 0.3
        }) {
            requireSame(value);
        }
    }

    private static void requireSame(double value) {
        StringBuilder text = new StringBuilder();
        Decimals.append(text, (Double) value);
        assertThat(text.toString()).isEqualTo(Decimals.machine(value).toPlainString());
    }
}
