package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlotCommandTest {
    private static final String TWO = "plot -m llama-3.1-8b -g h100-sxm,l40s ";

    private static JsonNode series(String options) {
        return Run.line("plot " + options + " --json").json().get("series");
    }

    @Test
    void the_line_is_k_x_plus_b() {
        JsonNode estimate = Run.line("estimate -m 7b -g rtx4090 -d fp16 --json").json();
        JsonNode series = series("-m 7b -g rtx4090 -d fp16");

        for (int i = 0; i < 2; i++) {
            JsonNode curve = estimate.get(List.of("floor", "expected").get(i)).get("curve");
            JsonNode points = series.get(i).get("points");
            assertThat(series.get(i).get("kind").asText())
                    .isEqualTo(List.of("floor", "expected").get(i));
            assertThat(points.at("/0/y").asDouble()).isEqualTo(curve.get("b_ms").asDouble());
            assertThat(points.at("/1/x").asDouble()).isEqualTo(127);
            assertThat(points.at("/1/y").asDouble())
                    .isCloseTo(
                            127 * curve.get("k_ms").asDouble()
                                    + curve.get("b_ms").asDouble(),
                            org.assertj.core.data.Percentage.withPercentage(1e-5));
        }
    }

    @Test
    void the_context_curve_is_the_step_of_estimate() {
        JsonNode points = series("--kind context -m llama-3.1-8b -g h100-sxm").at("/1/points");

        for (int i : new int[] {0, 10, 20, points.size() - 1}) {
            long tokens = points.get(i).get("x").asLong();
            double step = Run.line("estimate -m llama-3.1-8b -g h100-sxm -n 2 --json -p " + tokens)
                    .json()
                    .at("/expected/tpot_ms")
                    .asDouble();
            assertThat(points.get(i).get("y").asDouble()).isEqualTo(step);
            assertThat(points.get(i).get("low").asDouble()).isLessThan(step);
        }
    }

    @ParameterizedTest
    @CsvSource({"batch,-b,tpot_ms,tokens_per_second", "concurrency,--concurrency,load/tpot_ms,load/tokens_per_second"})
    void throughput_against_latency_is_that_of_estimate(String kind, String option, String x, String y) {
        JsonNode points = series("--kind " + kind + " -m llama-3.1-8b -g l40s").at("/1/points");

        assertThat(points).hasSizeGreaterThan(4);
        for (JsonNode point : points) {
            String number = point.get("label").asText().replaceAll("\\D", "");
            JsonNode expected = Run.line("estimate -m llama-3.1-8b -g l40s --json " + option + " " + number)
                    .json()
                    .get("expected");
            assertThat(point.get("x").asDouble()).isEqualTo(expected.at("/" + x).asDouble());
            assertThat(point.get("y").asDouble()).isEqualTo(expected.at("/" + y).asDouble());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m 7b -g rtx4090", "-m deepseek-v3 -g '8x h200-sxm'", "-m gpt2 -g l4 -e ideal"})
    void no_operation_lies_above_the_roof(String question) {
        JsonNode series = series("--kind roofline " + question);
        double peak = 0;
        double slope = 0;
        for (JsonNode curve : series) {
            if (curve.at("/points/1/label").asText().equals("ridge")) {
                peak = Math.max(peak, curve.at("/points/1/y").asDouble());
                slope = Math.max(
                        slope,
                        curve.at("/points/0/y").asDouble()
                                / curve.at("/points/0/x").asDouble());
            }
        }
        assertThat(peak).isPositive();
        JsonNode operations = series.get(series.size() - 1).get("points");
        assertThat(operations).isNotEmpty();
        for (JsonNode point : operations) {
            double roof = Math.min(peak, slope * point.get("x").asDouble());
            assertThat(point.get("y").asDouble()).as(point.toString()).isLessThanOrEqualTo(roof * (1 + 1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"line", "context", "batch", "concurrency", "roofline"})
    void a_picture_is_well_formed_and_needs_nothing_else(String kind) throws Exception {
        String svg = Run.line(TWO + "-f svg --kind " + kind).out();
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getElementsByTagName("circle").getLength()).isGreaterThan(3);
        assertThat(svg).contains("prefers-color-scheme:dark");

        String html = Run.line(TWO + "-f html --kind " + kind).out();
        assertThat(html).startsWith("<!DOCTYPE html>").contains("<svg").contains("<table>");
        assertThat(html.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContain("http")
                .doesNotContain("src=");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 61, 80, 133})
    void a_text_fits_the_width(int width) {
        for (String kind : List.of("line", "context", "batch", "concurrency", "roofline")) {
            for (String locale : List.of("C", "de_DE.UTF-8")) {
                Map<String, String> environment = Map.of("COLUMNS", Integer.toString(width), "LANG", locale);
                Run run = Run.in(environment, Run.words(TWO + "--kind " + kind));
                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out().lines())
                        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
                assertThat(run.out().chars().anyMatch(c -> c > 126)).isEqualTo(!locale.equals("C"));
            }
        }
        assertThat(Run.line(TWO + "--width " + width).out().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(width));
    }

    @Test
    void the_name_of_the_file_says_the_format(@TempDir Path folder) throws IOException {
        for (String format : List.of("svg", "html", "csv", "json")) {
            Path file = folder.resolve("plot." + format);
            assertThat(Run.line(TWO + "-o " + file).code()).isZero();
            assertThat(Files.readString(file))
                    .isEqualTo(Run.line(TWO + "-f " + format).out());
        }
    }

    @Test
    void names_cannot_hide_mark_up(@TempDir Path folder) throws IOException {
        Path file = Files.createDirectories(folder.resolve("gpus")).resolve("evil.json");
        Files.writeString(
                file,
                Files.readString(Path.of("profiles/gpus/l4.json"))
                        .replaceFirst("\"aliases\": \\[[^]]*]", "\"aliases\": []"));
        Path evil = folder.resolve("gpus/a<b>&.json");
        Files.move(file, evil);

        Run run = Run.of("plot", "-m", "7b", "-g", evil.toString(), "-f", "html");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).doesNotContain("<b>").contains("&#60;b&#62;&#38;");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-m 7b -g l4 --kind pie|none of line, context",
                "-m 7b -g l4 -f png|none of text, ascii, svg",
                "-m 7b -g l4 -n 1|two or more",
                "-m 7b -g l4 --kind batch -b 4|leave out",
                "-m llama-3.1-70b -g l4 --kind batch|fits in memory",
                "-m 7b -g '*'|more than 24",
                "-m 7b -g l4 --tp 3|3",
                "-m 7b -g l4 --width 3|40"
            })
    void wrong_questions(String options, String message) {
        Run run = Run.line("plot " + options);

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains(message);
    }
}
