package llmlatency.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The shipped profiles against published measurements: figures may not get worse than their bounds. {@code
 * -Dgolden.update=true} rewrites these; src/test/resources/measured/README.md says where rows and bounds come from.
 */
class CuratedAccuracyTest {
    private static final Path FOLDER = Path.of("src/test/resources/measured");
    private static final Path ROWS = FOLDER.resolve("curated.csv");
    private static final Path BOUNDS = FOLDER.resolve("curated-bounds.csv");
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final String HEADER = "column,value,median_at_most,p90_at_most,held_at_least";
    private static final int MANY_ROWS = 100;
    private static final Validation VALIDATION = validation();

    private static Validation validation() {
        MeasurementFiles files =
                new MeasurementFiles(Rows.LIBRARY, Given.NOTHING, new ByteArrayInputStream(new byte[0]));
        Validation.Question question =
                new Validation.Question(List.of(), false, List.of(Attribute.REGIME, Attribute.ENGINE), 1, 0);
        return Validation.of(files.read(ROWS.toString()), new MeasuredCases(Rows.LIBRARY), question);
    }

    /** The most that the errors of a regime or an engine may be, in percent; {@code held} is empty for few rows. */
    private record Bound(String column, String value, String median, String p90, String held) {
        static Bound of(Validation.Part part, ErrorFigures groups, ErrorFigures rows) {
            boolean large = part.column().equals("regime") && rows.rows() >= MANY_ROWS && rows.coverage() != null;
            return new Bound(
                    part.column(),
                    part.value(),
                    most(groups.median()),
                    most(groups.p90()),
                    large ? String.format(Locale.ROOT, "%.0f", Math.floor(Math.min(80, rows.coverage()) - 5)) : "");
        }

        private static String most(double today) {
            return new BigDecimal(today * 1.1 + 0.3)
                    .setScale(1, RoundingMode.CEILING)
                    .toPlainString();
        }

        String line() {
            return String.join(",", column, value, median, p90, held);
        }

        @Override
        public String toString() {
            return column + " " + value;
        }
    }

    static Stream<Bound> bounds() throws IOException {
        List<String> lines = UPDATE ? List.of(HEADER) : Files.readAllLines(BOUNDS);
        assertThat(lines.get(0)).isEqualTo(HEADER);
        return lines.stream().skip(1).map(line -> {
            String[] cells = line.split(",", -1);
            return new Bound(cells[0], cells[1], cells[2], cells[3], cells[4]);
        });
    }

    /** The parts of which anything is expected, as bounds of today's figures. */
    private static List<Bound> today() {
        List<Bound> today = new ArrayList<>();
        for (Validation.Part part : VALIDATION.by()) {
            ErrorFigures groups = part.accuracy().grouped();
            ErrorFigures rows = part.accuracy().expected();
            if (groups != null && rows != null) {
                today.add(Bound.of(part, groups, rows));
            }
        }
        return today;
    }

    @Test
    void every_regime_and_engine_of_which_anything_is_expected_has_a_bound() throws IOException {
        if (UPDATE) {
            List<String> lines = new ArrayList<>(List.of(HEADER));
            today().forEach(bound -> lines.add(bound.line()));
            Files.write(BOUNDS, lines);
            fail("bounds rewritten: " + BOUNDS);
        }
        assertThat(bounds().map(Bound::toString))
                .containsExactlyInAnyOrderElementsOf(
                        today().stream().map(Bound::toString).toList());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("bounds")
    void estimates_are_as_near_to_measurements_as_they_were(Bound bound) {
        Validation.Part part = VALIDATION.by().stream()
                .filter(one ->
                        one.column().equals(bound.column()) && one.value().equals(bound.value()))
                .findFirst()
                .orElseThrow();
        ErrorFigures groups = part.accuracy().grouped();
        ErrorFigures rows = part.accuracy().expected();
        if (groups == null || rows == null) {
            throw new AssertionError("nothing is expected of " + bound);
        }

        assertThat(groups.median())
                .as("median error over groups")
                .isLessThanOrEqualTo(Double.parseDouble(bound.median()));
        assertThat(groups.p90()).as("90th percentile over groups").isLessThanOrEqualTo(Double.parseDouble(bound.p90()));
        if (!bound.held().isEmpty()) {
            assertThat(rows.coverage())
                    .as("rows within their interval")
                    .isGreaterThanOrEqualTo(Double.parseDouble(bound.held()));
        }
    }

    @Test
    void every_row_says_who_published_it_where_and_is_named_once() throws IOException {
        List<Measurement> rows = VALIDATION.comparisons().stream()
                .map(one -> one.row().measurement())
                .toList();

        assertThat(rows).hasSizeBetween(400, 500).allSatisfy(row -> {
            assertThat(row.origin().source()).isNotBlank();
            assertThat(row.origin().trusted()).isTrue();
        });
        assertThat(rows.stream().map(Measurement::name)).doesNotHaveDuplicates();
        assertThat(Files.readAllLines(ROWS).stream().skip(1))
                .allMatch(line -> line.matches("[a-z0-9-]+,(\"[^\"]+\"|[^,\"]+),https://[^, ]+,.*"));
    }

    @Test
    void the_names_of_every_row_resolve() {
        assertThat(VALIDATION.skipped()).noneMatch(count -> count.what().startsWith("unknown "));
    }

    @Test
    void every_regime_has_rows() {
        Set<String> regimes = new HashSet<>();
        VALIDATION.comparisons().forEach(one -> regimes.add(Attribute.REGIME.of(one.row())));

        assertThat(regimes)
                .containsExactlyInAnyOrderElementsOf(
                        EnumSet.allOf(Regime.class).stream().map(Regime::label).toList());
    }

    @Test
    void nothing_expected_beats_its_floor() {
        assertThat(VALIDATION.comparisons()).allSatisfy(one -> {
            if (one.row() instanceof MeasuredCase asked && one.expected() != null && one.floor() != null) {
                double slack = 1 + 1e-9;
                assertThat(asked.metric().isRate() ? one.expected() / one.floor() : one.floor() / one.expected())
                        .isLessThanOrEqualTo(slack);
            }
        });
    }

    @Test
    void every_interval_holds_what_is_expected() {
        assertThat(VALIDATION.comparisons().stream().filter(one -> one.expected() != null))
                .isNotEmpty()
                .allSatisfy(one -> {
                    MeasuredCase.Interval interval = one.interval();
                    Double expected = one.expected();
                    assertThat(interval).isNotNull();
                    if (interval != null && expected != null) {
                        assertThat(expected).isBetween(interval.low() * (1 - 1e-9), interval.high() * (1 + 1e-9));
                    }
                });
    }
}
