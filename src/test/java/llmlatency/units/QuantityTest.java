package llmlatency.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "24 GiB, 25769803776",
        "24 GB, 24e9",
        "24564 MiB, 25757220864",
        "1.5 TB, 1.5e12",
        "512KiB, 524288",
        "1 TiB, 1099511627776",
        "7 B, 7",
        "2 kB, 2000",
        "3 EB, 3e18",
        "1e3 MB, 1e9"
    })
    void decimalAndBinarySizesAreNeverMixed(String text, double bytes) {
        assertThat(Bytes.parse(text).value()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"1008 GB/s, 1008e9", "3.35 TB/s, 3.35e12", "100 GiB/s, 107374182400"})
    void bandwidthsReadAsOnADatasheet(String text, double rate) {
        assertThat(BytesPerSecond.parse(text).value()).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({"165.2 TFLOP/s, 165.2e12", "330TFLOPS, 330e12", "660.6 TOP/s, 660.6e12", "1.5 PFLOP/s, 1.5e15"})
    void ratesReadAsOnADatasheet(String text, double rate) {
        assertThat(FlopsPerSecond.parse(text).value()).isEqualTo(rate);
    }

    @ParameterizedTest
    @CsvSource({"300ms, 0.3", "5s, 5", "20 us, 2e-5", "1.5 s, 1.5"})
    void durationsReadWithAndWithoutASpace(String text, double seconds) {
        assertThat(Seconds.parse(text).value()).isCloseTo(seconds, within(1e-15));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "24", "GiB", "24 Gib", "-3 GB", "0 GB", "NaN GB", "1e400 GB", "1,008 GB", "24 GB/s", "..5 GB"
            })
    void whatIsNoSizeIsRefusedWithWhatWasGivenAndWhatToWrite(String text) {
        assertThatThrownBy(() -> Bytes.parse(text))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("'" + text + "'")
                .hasMessageContaining("such as 24 GiB");
    }

    @Test
    void bytesOverARateAreSeconds() {
        assertThat(new Bytes(14.22e9).at(new BytesPerSecond(1008e9)).milliseconds())
                .isEqualTo(14.22 / 1.008, within(1e-9));
    }

    @Test
    void anAmountIsFiniteAndNotNegative() {
        assertThatThrownBy(() -> new Seconds(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Bytes(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Flops(Double.POSITIVE_INFINITY)).isInstanceOf(IllegalArgumentException.class);
    }
}
