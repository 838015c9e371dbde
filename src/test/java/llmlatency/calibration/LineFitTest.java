package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import llmlatency.units.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFitTest {
    private static LineFit read(String rows) {
        String text = "tokens,milliseconds\n" + rows;
        return LineFit.read("t.csv", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void points_on_a_line_give_it_exactly() {
        LineFit line = read("0,100\n1,125\n3,175\n10,350\n");

        assertThat(line.points()).isEqualTo(4);
        assertThat(line.slope()).isCloseTo(25, within(1e-9));
        assertThat(line.intercept()).isCloseTo(100, within(1e-9));
        assertThat(line.deviation()).isCloseTo(0, within(1e-9));
    }

    /** By hand: means 1 and 2; products 1·2 + 0 + 1·1 = 3... of squares 2, so k = 3/2 and b = 1/2. */
    @Test
    void points_off_a_line_give_the_least_squares() {
        LineFit line = read("0,0\n1,3\n2,3\n");

        assertThat(line.slope()).isCloseTo(1.5, within(1e-12));
        assertThat(line.intercept()).isCloseTo(0.5, within(1e-12));
        assertThat(line.deviation()).isCloseTo(1, within(1e-12));
    }

    @Test
    void noise_is_averaged_out() {
        Random random = new Random(42);
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            rows.append(i)
                    .append(',')
                    .append(300 + 20 * i + 5 * random.nextGaussian())
                    .append('\n');
        }
        LineFit line = read(rows.toString());

        assertThat(line.slope()).isCloseTo(20, within(0.01));
        assertThat(line.intercept()).isCloseTo(300, within(1.5));
        assertThat(line.deviation()).isBetween(10.0, 25.0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,100;1|t.csv, line 3: expected tokens and milliseconds",
                "0,100;1,|t.csv, line 3: '' is not a number",
                "0,100;one,125|t.csv, line 3: 'one' is not a number of tokens or milliseconds",
                "0,100;1,NaN|t.csv, line 3: 'NaN' is not a number",
                "0,100;1,-5|t.csv, line 3: '-5' is not a number",
                "0,100;1,1e999|t.csv, line 3: '1e999' is not a number",
                "0,100|t.csv: a line needs times at two different numbers of tokens",
                "5,100;5,110|t.csv: a line needs times at two different numbers of tokens"
            })
    void a_bad_table_is_refused_by_its_line(String rows, String reason) {
        assertThatThrownBy(() -> read(rows.replace(';', '\n') + "\n"))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith(reason);
    }

    @Test
    void a_table_without_rows_has_no_line() {
        assertThatThrownBy(() -> read("")).isInstanceOf(Refusal.class).hasMessageContaining("two different numbers");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"tokens,milliseconds|true", "' tokens,milliseconds '|true", "tokens,ms|false", "model,gpu|false"})
    void a_table_of_times_is_known_by_its_header(String header, boolean known) {
        assertThat(LineFit.isHeader(header)).isEqualTo(known);
    }
}
