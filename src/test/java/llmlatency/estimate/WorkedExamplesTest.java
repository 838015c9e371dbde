package llmlatency.estimate;

import static llmlatency.work.Arithmetic.FP16;
import static llmlatency.work.Arithmetic.FP32;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.stream.Stream;
import llmlatency.hardware.Gpu;
import llmlatency.model.Model;
import llmlatency.model.Routing;
import llmlatency.model.Step;
import llmlatency.work.KernelKind;
import llmlatency.work.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Figures that others worked out and published, redone by the program with the sources' own device figures. The letter of
 * an id names the source: Z zeux.io "LLM inference speed of light" (2024), N zeux/calm tools/sol.ipynb, K kipply
 * "Transformer inference arithmetic" (2022), B Baseten's guide (2023), S jax-ml "How to scale your model", L LLM-Viewer
 * (arXiv 2402.16363), M expected distinct experts; the rest of S stands in {@link ScalingBookTest}. Two of multi-head
 * latent attention (A01, A02) wait until the program knows it.
 *
 * <p>Where our conventions differ the test asserts our figure, and a comment says why the source's is another.
 */
class WorkedExamplesTest {
    private static final double TENTH = 0.1;
    private static final Gpu RTX_4090 = Question.gpu(1008e9, FP16, 83e12);
    private static final Gpu A100_PCIE = Question.gpu(1935e9, FP16, 2 * 156e12);
    private static final Gpu H100_PCIE = Question.gpu(2000e9, FP16, 2 * 758e12);

    private static final Question MISTRAL = on4090("mistral-7b-v0.1");
    private static final Question LLAMA_7B = on4090("llama-2-7b-hf");
    private static final Question LLAMA_13B = on4090("llama-2-13b-hf");
    private static final Question COMMAND_R = on4090("c4ai-command-r-v01");

    @ParameterizedTest(name = "{0}: {1} of Mistral 7B has {2} weights")
    @CsvSource({
        "Z02, QKV|output, 1342177280",
        "Z03, gate|down, 5637144576",
        "Z04, lm_head, 131072000",
    })
    void thePartsOfMistral7bHaveAsManyMatrixWeights(String id, String parts, double weights) {
        assertThat(matrices(MISTRAL, parts)).isEqualTo(weights);
    }

    @ParameterizedTest(name = "{0}: {1} has {2} weights beside norms and biases")
    @CsvSource({
        "N02, llama-2-13b-hf, 13015449600",
        "N03, llama-2-70b-hf, 68975329280",
        "N04, mistral-7b-v0.1, 7241465856",
        "N06, phi-2, 2778726400",
    })
    void aModelHasAsManyMatrixWeights(String id, String name, long weights) {
        Model model = on4090(name).model();
        assertThat(model.activeMatrixParameters() + model.vocabulary() * model.hiddenSize())
                .isEqualTo(weights);
    }

    @ParameterizedTest(name = "{0}: {1} in {2} grows by {3} bytes a token")
    @CsvSource({
        "Z07, mistral-7b-v0.1, fp16, 131072",
        "Z24, c4ai-command-r-v01, fp8, 655360",
        "B04, llama-2-7b-hf, fp16, 524288",
        "S19, meta-llama-3-70b, int8, 163840",
    })
    void theCacheGrowsBy(String id, String model, String format, double bytes) {
        assertThat(facts(on4090(model).cache(format)).kvBytesPerToken()).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}: {1} in {2} keeps {4} bytes for {3} tokens")
    @CsvSource({
        "Z22, mistral-7b-v0.1, fp16, 4096, 536870912",
        "Z23, llama-2-7b-hf, fp16, 4096, 2147483648",
        "Z26, c4ai-command-r-v01, fp16, 4096, 5368709120",
        "N07, llama-2-7b-hf, fp8, 4096, 1073741824",
        "N08, mistral-7b-v0.1, fp8, 4096, 268435456",
        "S05, llama-2-13b-hf, bf16, 8192, 6710886400",
    })
    void theCacheTakes(String id, String model, String format, long tokens, long bytes) {
        assertThat(on4090(model).cache(format).footprint().cacheBytes(tokens)).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0}: {1} B/s and {2} FLOP/s meet at {3} FLOP a byte")
    @CsvSource({
        "Z12, 1008e9, 83e12, 82.3",
        "Z13, 3350e9, 67e12, 20.0",
        "Z14, 3350e9, 494e12, 147.5",
        "B02, 600e9, 70e12, 116.7",
        "S01, 8.2e11, 1.97e14, 240.24",
    })
    void movingAndComputingTakeAlikeAt(String id, double bandwidth, double rate, double flopsPerByte) {
        Question question = MISTRAL.on(Question.gpu(bandwidth, FP32, rate));
        Operation one = new Operation("one of each", KernelKind.MATRIX, 1, 1e12, 1e12, 0, Question.format("fp32"));
        double moving = question.roofline().memory(one).value();
        double computing = question.roofline().compute(one).value();
        assertThat(moving / computing).isCloseTo(flopsPerByte, withinPercentage(TENTH));
    }

    @ParameterizedTest(name = "{0}: {1} of {2} experts, {3} tokens: {4} distinct")
    @CsvSource({
        "M01, 8, 128, 16, 82.4",
        "M02, 2, 8, 1, 2",
        "M02, 2, 8, 2, 3.5",
        "M02, 2, 8, 4, 5.469",
        "M02, 2, 8, 8, 7.199",
        "M02, 2, 8, 16, 7.920",
        "M03, 8, 256, 32, 163.3",
        "M03, 8, 256, 128, 251.6",
    })
    void tokensTouchDistinctExperts(String id, int perToken, int experts, double tokens, double distinct) {
        assertThat(new Routing(experts, perToken).distinct(tokens)).isCloseTo(distinct, withinPercentage(0.05));
    }

    @Test
    @DisplayName("Z06, Z10: 14.22 GB a token, 7.05 ms at 8 bit")
    void mistral7bReadsItsWeightsInTheArticlesTime() {
        assertThat(facts(MISTRAL).weightBytesPerToken()).isCloseTo(14.22e9, withinPercentage(0.05));
        Breakdown parts = MISTRAL.weights("int8").decode().mean().breakdown();
        assertThat(parts.weights().milliseconds()).isCloseTo(7.05, withinPercentage(TENTH));
    }

    @ParameterizedTest(name = "{0}: token {2} of {1} reads {3} bytes of cache")
    @CsvSource({"Z08, mistral-7b-v0.1, 1000, 131.072e6", "Z27, c4ai-command-r-v01, 200000, 262.144e9"})
    void aTokenReadsTheCacheAndWritesItsOwnEntry(String id, String model, long position, double read) {
        // The sources count what is read; ours writes one entry besides.
        double written = read / position;
        assertThat(cacheMoved(on4090(model), position)).isEqualTo(read + written);
    }

    @Test
    @DisplayName("Z28, Z30: Command R at 4.5 bit has 19.7 GB, and at 100,000 tokens the cache takes 76.9 % of the time")
    void aLongContextCostsMoreThanTheWeights() {
        // q4_0 has the 4.5 bits a weight that the source speaks of; our flat int4 has 4.125.
        Question question = COMMAND_R.weights("q4_0").cache("fp8").asking(99_999, 0, 2, 1);
        assertThat(facts(question).weightBytesPerToken()).isCloseTo(19.7e9, withinPercentage(0.5));
        Breakdown parts = question.decode().mean().breakdown();
        double both = parts.kvCache().value() + parts.weights().value();
        assertThat(parts.kvCache().value() / both).isCloseTo(0.769, withinPercentage(TENTH));
    }

    @Test
    @DisplayName("N10, N12, N13, N14: a step by the notebook's rule")
    void aStepTakesTheTimeOfTheNotebooksRule() {
        // The notebook leaves out norms (below 0.01 %) and the entries written (one of 512 in N13).
        assertThat(MISTRAL.stepAt(4096, 1)).isCloseTo(14.6405, withinPercentage(TENTH));
        assertThat(LLAMA_7B.on(A100_PCIE).stepAt(2048, 16)).isCloseTo(15.7075, withinPercentage(TENTH));
        assertThat(LLAMA_13B.on(A100_PCIE).stepAt(512, 64)).isCloseTo(27.156, withinPercentage(0.15));
        assertThat(MISTRAL.on(H100_PCIE).stepAt(1024, 256)).isCloseTo(24.2903, withinPercentage(TENTH));
    }

    @Test
    @DisplayName("N16: 15,544,090,624 bytes, and what our rule adds")
    void mistral7bHoldsWhatTheNotebookSaysAndNormsAndALargerReserve() {
        Memory memory = MISTRAL.asking(4095, 0, 1, 1).estimate().memory();
        long norms = 65 * 4096 * 2;
        long largerReserve = (512 - 500) * (1L << 20);
        assertThat(memory.totalBytes() - memory.activationBytes()).isEqualTo(15_544_090_624L + norms + largerReserve);
    }

    @Test
    @DisplayName("K01, K05: keys and values of a 52B model")
    void keysAndValuesOf52BCostTheArticlesFlopAndBytes() {
        Question question = Question.of(
                Question.decoder(8192, 256, 64, Question.attention(64, 64, 128), false, 4 * 8192), A100_PCIE);
        // Keys and values are two thirds of the fused projection where every head has its own.
        double flops = 2 * matrices(question, "QKV") * 2 / 3;
        assertThat(flops).isEqualTo(17_179_869_184.0);
        assertThat(facts(question).kvBytesPerToken()).isEqualTo(2_097_152);
    }

    @ParameterizedTest(name = "{0}: 350 prompt and 150 output tokens of 14 GB at {1} B/s take {3} s")
    @CsvSource({"B12, 300e9, 65e12, 7.0754", "B13, 600e9, 125e12, 3.5392", "B14, 2039e9, 312e12, 1.0456"})
    void aRequestTakesTheGuidesTime(String id, double bandwidth, double rate, double seconds) {
        // The source prints 6.98, 3.49 and 0.92 s, from times a token that it cuts to 46, 23 and 6 ms. No cache there.
        Model model = Question.decoder(10_000, 1, 1, null, false, 350_000);
        Question question = Question.of(model, Question.gpu(bandwidth, FP16, rate));
        assertThat(question.asking(350, 0, 151, 1).floor().total().value()).isCloseTo(seconds, withinPercentage(0.01));
    }

    @Test
    @DisplayName("L01, L02: a square matrix of Llama 2 7B in prefill and in decode")
    void aSquareMatrixCostsTheViewersFlop() {
        // q_proj is fused in ours; the output projection has its shape. Bytes are the weights alone: the source adds
        // activations, 67.1e6 bytes and an intensity of 1024 in prefill, 0.05 % in decode.
        Operation prefill = LLAMA_7B.product("output", 2048);
        assertThat(prefill.flops()).isCloseTo(68.7e9, withinPercentage(TENTH));
        assertThat(prefill.flops() / prefill.bytes()).isEqualTo(2048);
        Operation decode = LLAMA_7B.product("output", 1);
        assertThat(decode.flops()).isCloseTo(33.55e6, withinPercentage(TENTH));
        assertThat(decode.bytes()).isCloseTo(33.57e6, withinPercentage(TENTH));
    }

    private static Question on4090(String model) {
        return Question.of(model, RTX_4090).weights("fp16");
    }

    private static ModelFacts facts(Question question) {
        return question.estimate().model();
    }

    /** Weights in the matrices of these products: one token does two FLOP with each. */
    private static double matrices(Question question, String names) {
        return Stream.of(names.split("\\|"))
                .map(name -> question.product(name, 1))
                .mapToDouble(operation -> operation.count() * operation.flops() / 2)
                .sum();
    }

    private static double cacheMoved(Question question, long context) {
        return question.pass().operations(new Step(1, context - 1, 1)).stream()
                .mapToDouble(operation -> operation.count() * operation.cacheBytes())
                .sum();
    }
}
