package llmlatency.estimate;

import static llmlatency.work.Arithmetic.BF16;
import static llmlatency.work.Arithmetic.INT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.EnumMap;
import java.util.Map;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.model.Model;
import llmlatency.units.FlopsPerSecond;
import llmlatency.work.Arithmetic;
import llmlatency.work.Operation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The worked examples of jax-ml, "How to scale your model", chapters 7 and 8 (jax-ml.github.io/scaling-book), redone by
 * the program. The others stand in {@link WorkedExamplesTest}.
 */
class ScalingBookTest {
    private static final double TENTH = 0.1;
    private static final Gpu TPU_V5E = Question.gpu(8.2e11, BF16, 1.97e14);
    /** The book gives the same chip 8.1e11 B/s in other places. */
    private static final Gpu SLOWER_V5E = Question.gpu(8.1e11, BF16, 1.97e14);

    private static final Question LLAMA_13B =
            Question.of("llama-2-13b-hf", TPU_V5E).weights("bf16");
    private static final Question LLAMA_70B = Question.of("meta-llama-3-70b", TPU_V5E);

    @Test
    @DisplayName("S01: 240 tokens are bound by memory, 241 by compute")
    void theCriticalBatchOfBf16WeightsIs240() {
        for (long batch : new long[] {240, 241}) {
            Operation down = LLAMA_13B.product("down", batch);
            double ratio = LLAMA_13B.roofline().compute(down).value()
                    / LLAMA_13B.roofline().memory(down).value();
            assertThat(ratio > 1)
                    .as("compute over memory at %d: %f", batch, ratio)
                    .isEqualTo(batch > 240);
        }
    }

    @ParameterizedTest(name = "{0}: Llama 2 13B on 8 chips, batch {1}: {2} ms (book {3}), {4} tokens/s")
    @CsvSource({
        "S07, 8, 12.104, 12.13, 659.3",
        "S08, 16, 20.289, 20.3, 787.99",
        "S09, 32, 36.659, 36.65, 873.21",
        "S10, 64, 69.399, 69.33, 923.13",
        "S11, 240, 249.47, 249.09, 963.53",
    })
    void aStepTakesTheBooksTime(String id, long batch, double ours, double book, double tokensPerSecond) {
        // The book rounds to 26 GB of weights and 6.7 GB of cache; ours are the model's own.
        double step = LLAMA_13B.tensor(8).stepAt(8192, batch);
        assertThat(step).isCloseTo(ours, withinPercentage(0.02)).isCloseTo(book, withinPercentage(0.3));
        assertThat(1e3 * batch / step).isCloseTo(tokensPerSecond, withinPercentage(0.3));
    }

    @Test
    @DisplayName("S04: 30B in int8 on 16 chips, batch 256: 21.1 ms where only bf16 computes")
    void eightBitWeightsComputeInTheFastestRateListed() {
        // 30e9 weights (but for 64,000 of the head) and 100 kB of 8-bit cache a token.
        Model model = Question.decoder(4000, 16, 25, Question.attention(16, 16, 125), false, 146_000);
        Question question =
                Question.of(model, SLOWER_V5E).weights("int8").cache("int8").tensor(16);
        assertThat(question.stepAt(8192, 256)).isCloseTo(21.05, withinPercentage(TENTH));
        // Ours takes the integer rate where the device lists one: 2.44 ms of arithmetic instead of 4.87.
        assertThat(question.on(withInt8(SLOWER_V5E)).stepAt(8192, 256))
                .isCloseTo(21.05 - 4.873 + 2.443, withinPercentage(TENTH));
    }

    @Test
    @DisplayName("S18: 18,385,207,296 weights")
    void theBooksExerciseModelHas18Point4BillionWeights() {
        Model model = Question.decoder(4096, 32128, 64, Question.attention(32, 8, 256), true, 16384);
        assertThat(model.parameters()).isEqualTo(18_385_207_296L);
        assertThat(model.activeMatrixParameters()).isEqualTo(18_385_207_296L);
    }

    @Test
    @DisplayName("S20, S21: Llama 3 70B in int8 on 8 chips, batch 32")
    void llama70bInInt8TakesTheBooksStep() {
        // The book takes 70 GB and 160 kB a token (17.3 ms), prints 17 and goes on with that: 1882 tokens/s.
        Question question =
                LLAMA_70B.weights("int8").cache("int8").on(withInt8(SLOWER_V5E)).tensor(8);
        double step = question.stepAt(8192, 32);
        assertThat(step).isCloseTo(17.36, withinPercentage(0.05)).isCloseTo(17.3, withinPercentage(0.5));
        assertThat(1e3 * 32 / step).isCloseTo(1843, withinPercentage(TENTH));
    }

    @Test
    @DisplayName("S27: Llama 3 70B in bf16 on 16 chips, batch 43: 0.27 requests a second and chip")
    void sixteenChipsServeTheBooksRequests() {
        // The book spreads 8 KV heads over 16 chips by sequence, as 8 chips of twice the speed would. Tensor
        // parallelism of ours copies each head to two chips, so that every chip reads twice the cache.
        Question bf16 = LLAMA_70B.weights("bf16");
        double pairs = bf16.on(Question.gpu(16.4e11, BF16, 3.94e14)).tensor(8).stepAt(8192, 43);
        assertThat(43 / (pairs / 1e3 * 512) / 16).isCloseTo(0.27, withinPercentage(1.0));
        double copied = bf16.on(TPU_V5E)
                .tensor(16)
                .asking(8191, 0, 2, 43)
                .decode()
                .mean()
                .breakdown()
                .kvCache()
                .milliseconds();
        double twiceItsShare = 2 * 43 * 8193 * 327_680.0 / 16;
        assertThat(copied).isCloseTo(1e3 * twiceItsShare / 8.2e11, withinPercentage(1e-9));
    }

    /** A TPU v5e with its integer rate. */
    private static Gpu withInt8(Gpu gpu) {
        Map<Arithmetic, Peak> peaks = new EnumMap<>(gpu.peaks());
        peaks.put(INT8, new Peak(new FlopsPerSecond(3.93e14), null));
        return new Gpu(gpu.name(), gpu.usableMemory(), gpu.bandwidth(), peaks);
    }
}
