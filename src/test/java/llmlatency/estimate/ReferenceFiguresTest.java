package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.EnumMap;
import java.util.Map;
import llmlatency.hardware.Bound;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.model.Step;
import llmlatency.work.Arithmetic;
import llmlatency.work.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The figures that anyone can redo by hand: those that close how-it-counts.md, and those this project began from. */
class ReferenceFiguresTest {
    private static final double TENTH_OF_A_PERCENT = 0.1;
    private static final Question MISTRAL =
            Question.of("mistral-7b-v0.1", "rtx4090").weights("fp16");
    private static final Question LLAMA_2 = Question.of("llama-2-7b-hf", "rtx4090");

    @ParameterizedTest(name = "{0} on {2} x {1}: {3} ms a token")
    @CsvSource({
        "llama-3.1-8b, h100-sxm, 1, 4.531",
        "llama-3.1-8b, a100-sxm-80gb, 1, 7.444",
        "llama-3.1-70b, h100-sxm, 4, 10.405"
    })
    void aTokenTakesTheReferenceTime(String model, String gpu, int tensor, double milliseconds) {
        Decode decode =
                Question.of(model, gpu).asking(1024, 0, 512, 1).tensor(tensor).decode();
        assertThat(decode.mean().time().milliseconds()).isCloseTo(milliseconds, withinPercentage(TENTH_OF_A_PERCENT));
    }

    @Test
    void llama8bOnAnH100GivesItsFirstTokenAfter15Point05Milliseconds() {
        Question question = Question.of("llama-3.1-8b", "h100-sxm").asking(1024, 0, 512, 1);
        assertThat(question.floor().prefill().time().milliseconds())
                .isCloseTo(15.05, withinPercentage(TENTH_OF_A_PERCENT));
    }

    @Test
    void halfAccumulationHalvesTheTimeToTheFirstToken() {
        Gpu listed = MISTRAL.gpu();
        Map<Arithmetic, Peak> wideOnly = new EnumMap<>(listed.peaks());
        wideOnly.replaceAll((arithmetic, peak) -> new Peak(peak.wide(), null));
        Gpu wide = new Gpu("fp32 accumulation", listed.usableMemory(), listed.bandwidth(), wideOnly);

        assertThat(MISTRAL.floor().prefill().time().milliseconds()).isCloseTo(22.1, withinPercentage(0.3));
        assertThat(MISTRAL.on(wide).floor().prefill().time().milliseconds()).isCloseTo(43.9, withinPercentage(0.3));
    }

    @Test
    void mistral7bHasAsManyWeightsAsPublished() {
        ModelFacts facts = MISTRAL.estimate().model();
        assertThat(facts.parameters()).isEqualTo(7_241_732_096L);
        assertThat(facts.activeParameters()).isEqualTo(7_110_660_096L);
        assertThat(facts.activeMatrixParameters()).isEqualTo(7_110_393_856L);
        assertThat(facts.weightBytesPerToken()).isCloseTo(14.22e9, withinPercentage(0.05));
        assertThat(facts.weightBytesPerToken()).isEqualTo(2.0 * 7_110_660_096L);
    }

    @ParameterizedTest(name = "{0}: {1} ms")
    @CsvSource({"fp16, 14.1", "int8, 7.05", "fp8, 7.05"})
    void readingTheWeightsAloneTakesAnRtx4090(String format, double milliseconds) {
        Breakdown parts = MISTRAL.weights(format).decode().mean().breakdown();
        assertThat(parts.weights().milliseconds()).isCloseTo(milliseconds, withinPercentage(TENTH_OF_A_PERCENT));
    }

    @Test
    void theThousandthTokenOfMistral7bReads131MegabytesOfCache() {
        assertThat(MISTRAL.estimate().model().kvBytesPerToken()).isEqualTo(131_072);
        assertThat(MISTRAL.footprint().cacheBytes(1000)).isEqualTo(131_072_000L);
        // The step reads these and writes one entry of its own.
        double moved = 0;
        for (Operation operation : MISTRAL.pass().operations(new Step(1, 999, 1))) {
            moved += operation.count() * operation.cacheBytes();
        }
        assertThat(moved).isEqualTo(131_072_000 + 131_072);
    }

    @Test
    void aMatrixOf8192RowsAndColumnsTimesAVectorIsBoundByMemory() {
        // The output projection of Llama 2 70B is such a matrix: 64 heads of 128 into 8192.
        Question question = Question.of("llama-2-70b-hf", "rtx4090").weights("fp16");
        Operation matrix = question.pass().operations(new Step(1, 0, 1)).stream()
                .filter(operation -> operation.name().equals("output projection"))
                .findFirst()
                .orElseThrow();
        assertThat(matrix.flops()).isEqualTo(134_217_728);
        assertThat(matrix.bytes()).isEqualTo(134_217_728);
        assertThat(question.roofline().memory(matrix).milliseconds())
                .isCloseTo(0.133, withinPercentage(0.2))
                .isGreaterThan(question.roofline().compute(matrix).milliseconds() * 100);
        assertThat(question.decode().mean().bound()).isEqualTo(Bound.MEMORY);
    }

    @Test
    void groupedQueriesQuarterTheCache() {
        assertThat(LLAMA_2.footprint().cacheBytes(4096)).isEqualTo(2L << 30);
        assertThat(MISTRAL.footprint().cacheBytes(4096)).isEqualTo(1L << 29);
    }

    @ParameterizedTest(name = "{0} tokens on {1}: {2} entries moved, {3} pairs")
    @CsvSource({
        "1, 0, 2, 1",
        "1, 126, 128, 127",
        "1, 127, 129, 128",
        "1, 128, 129, 128",
        "1, 5000, 129, 128",
        "10, 120, 140, 1252",
        "10, 1000, 147, 1280",
        "200, 0, 400, 17472"
    })
    void aWindowOf128TokensCountsTheTokenItself(long tokens, long cached, double entries, double pairs) {
        // The windowed layers of gpt-oss 20B: 64 query and 8 key/value heads of 64, cached in bf16; 3 sequences.
        Operation attention =
                Question.of("gpt-oss-20b", "rtx4090").pass().operations(new Step(tokens, cached, 3)).stream()
                        .filter(operation -> operation.name().equals("attention, window 128"))
                        .findFirst()
                        .orElseThrow();
        assertThat(attention.bytes()).isEqualTo(3 * entries * 2 * 8 * 64 * 2);
        assertThat(attention.flops()).isEqualTo(3 * pairs * 4 * 64 * 64);
    }

    @Test
    void flatInt4TakesFourBitsAndAnEighth() {
        assertThat(Question.format("int4").bitsPerWeight()).isEqualTo(4.125);
        double matrices = 7_110_393_856.0 * 4.125 / 8;
        double norms = (7_110_660_096.0 - 7_110_393_856.0) * 2;
        assertThat(MISTRAL.weights("int4").estimate().model().weightBytesPerToken())
                .isEqualTo(matrices + norms);
    }
}
