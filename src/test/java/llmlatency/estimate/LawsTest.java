package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.FlopsPerSecond;
import llmlatency.units.Refusal;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import org.junit.jupiter.api.Test;

/**
 * What no answer may break, whatever the model, the device and the format. Every model meets every device in its own
 * format; the laws that compare two answers take questions drawn from all of them, and a failure prints its question.
 */
class LawsTest {
    private static final double ROUNDING = 1e-9;

    @Test
    void everyModelOnEveryDeviceKeepsToPhysicsOrLacksARate() {
        long answered = 0;
        for (Question model : Draw.MODELS) {
            for (Gpu gpu : Draw.GPUS) {
                answered += keepsToPhysics(model.on(gpu)) ? 1 : 0;
            }
        }
        long asked = (long) Draw.MODELS.size() * Draw.GPUS.size();
        assertThat(answered).as("questions answered of %d", asked).isGreaterThan(asked * 95 / 100);
    }

    @Test
    void drawnQuestionsKeepToPhysicsOrLackARate() {
        long answered = Draw.ALL.stream().filter(LawsTest::keepsToPhysics).count();
        assertThat(answered).isGreaterThan(Draw.ALL.size() * 9 / 10);
    }

    /** Whether it was answered; asserts that the answer is possible, or that the refusal says what is missing. */
    private static boolean keepsToPhysics(Question question) {
        Estimate estimate;
        try {
            estimate = question.estimate();
        } catch (Refusal refusal) {
            assertThat(refusal.message()).as("%s", question).contains("lists no rate at least as wide as");
            assertThat(refusal.hints()).as("%s", question).anyMatch(hint -> hint.contains("--peak"));
            return false;
        }
        Timings floor = estimate.floor();
        assertPossible(question, floor.prefill());
        Decode decode = floor.decode();
        if (decode != null) {
            double mean = seconds(decode.mean());
            assertPossible(question, decode.mean());
            assertAtMost(question, "first step and mean", decode.first().value(), mean);
            assertAtMost(question, "mean step and last", mean, decode.last().value());
        }
        return true;
    }

    private static void assertPossible(Question question, Phase phase) {
        double bandwidth = question.gpu().bandwidth().value();
        double moving = 0;
        double time = 0;
        for (OperationTime operation : phase.operations()) {
            double alone = operation.bytes() / bandwidth;
            assertAtMost(question, operation.name(), alone, operation.time().value());
            moving += alone;
            time += operation.time().value();
        }
        Breakdown parts = phase.breakdown();
        double computing = parts.compute().value();
        assertAlike(question, "operations and phase", time, seconds(phase));
        assertAlike(
                question,
                "weights and cache",
                parts.weights().value() + parts.kvCache().value(),
                moving);
        assertAtMost(question, "moving", moving, seconds(phase));
        assertAtMost(question, "computing", computing, seconds(phase));
        assertAtMost(question, "time without overlap", seconds(phase), moving + computing);
    }

    @Test
    void moreBandwidthIsNeverSlower() {
        neverSlower(question -> {
            Gpu gpu = question.gpu();
            BytesPerSecond more = new BytesPerSecond(gpu.bandwidth().value() * 1.7);
            return question.on(new Gpu(gpu.name(), gpu.usableMemory(), more, gpu.peaks()));
        });
    }

    @Test
    void aHigherPeakIsNeverSlower() {
        neverSlower(question -> {
            Map<Arithmetic, Peak> peaks = new EnumMap<>(question.gpu().peaks());
            peaks.replaceAll((arithmetic, peak) -> {
                FlopsPerSecond narrow = peak.narrow();
                return new Peak(
                        new FlopsPerSecond(peak.wide().value() * 1.7),
                        narrow == null ? null : new FlopsPerSecond(narrow.value() * 1.7));
            });
            return question.on(
                    new Gpu(question.gpu().name(), null, question.gpu().bandwidth(), peaks));
        });
    }

    @Test
    void aShorterPromptIsNeverSlower() {
        neverSlower(question -> question.asking(
                shorter(question),
                Math.min(question.workload().cachedTokens(), shorter(question) - 1),
                question.workload().outputTokens(),
                question.workload().batch()));
    }

    private static long shorter(Question question) {
        return Math.max(1, question.workload().promptTokens() / 2);
    }

    @Test
    void aCachedPromptIsNeverSlower() {
        neverSlower(question -> question.asking(
                question.workload().promptTokens(),
                question.workload().promptTokens() - 1,
                question.workload().outputTokens(),
                question.workload().batch()));
    }

    private static void neverSlower(UnaryOperator<Question> better) {
        for (Question question : Draw.ANSWERED) {
            assertNoLater(question, better.apply(question).floor(), question.floor(), 1);
        }
    }

    /** The first token and the mean step of one answer take no longer than so many times those of the other. */
    private static void assertNoLater(Question question, Timings one, Timings other, double times) {
        assertAtMost(question, "prefill", seconds(one.prefill()), times * seconds(other.prefill()));
        assertAtMost(question, "mean step", seconds(step(one)), times * seconds(step(other)));
    }

    @Test
    void aLargerBatchNeverShortensAPassAndNeverLowersThroughput() {
        for (Question question : Draw.ANSWERED) {
            long batch = question.workload().batch();
            long larger = batch + 1 + batch / 3;
            Timings few = question.floor();
            Timings many = question.batch(larger).floor();
            assertNoLater(question, few, many, 1);
            assertNoLater(question, many, few, (double) larger / batch);
        }
    }

    @Test
    void fewerBitsNeverReadMore() {
        List<NumberFormat> formats = Draw.FORMATS.stream()
                .sorted(Comparator.comparingDouble(NumberFormat::bitsPerWeight))
                .toList();
        for (Question model : Draw.MODELS) {
            double fewer = 0;
            for (NumberFormat format : formats) {
                Question question = model.weights(format);
                double bytes = question.estimate().model().weightBytesPerToken();
                assertAtMost(question, "bytes read with fewer bits", fewer, bytes);
                fewer = bytes;
            }
        }
    }

    @Test
    void tensorParallelismIsNeverSlowerThanOneDeviceAndNeverMoreThanItsDegreeFaster() {
        for (Question question : Draw.ANSWERED) {
            Timings whole = question.floor();
            double bytes = question.footprint().weightBytes();
            for (int degree = 2; degree <= 16; degree *= 2) {
                Question divided = question.tensor(degree);
                if (!Draw.refuses(divided)) {
                    Timings part = divided.floor();
                    assertNoLater(divided, part, whole, 1);
                    assertNoLater(divided, whole, part, degree);
                    double share = divided.footprint().weightBytes();
                    assertAtMost(divided, "bytes held of all", share, bytes);
                    assertAtMost(divided, "all bytes, of those held together", bytes, (share + 0.5) * degree);
                }
            }
        }
    }

    @Test
    void aDeviceWithoutAWideEnoughRateRefusesAndNamesPeak() {
        for (String tpu : List.of("tpu-v4", "tpu-v5e", "tpu-v6e")) {
            Question question = Question.of("llama-3.1-8b", tpu).weights("fp32");
            assertThat(Draw.refuses(question)).as("%s", question).isTrue();
            assertThat(keepsToPhysics(question)).isFalse();
        }
    }

    private static double seconds(Phase phase) {
        return phase.time().value();
    }

    private static Phase step(Timings timings) {
        Decode decode = timings.decode();
        if (decode == null) {
            throw new AssertionError("every drawn question asks for two tokens or more");
        }
        return decode.mean();
    }

    private static void assertAtMost(Question question, String what, double smaller, double larger) {
        if (!(smaller <= larger * (1 + ROUNDING))) {
            throw new AssertionError(what + ": " + smaller + " > " + larger + " for " + question);
        }
    }

    private static void assertAlike(Question question, String what, double one, double other) {
        assertAtMost(question, what, one, other);
        assertAtMost(question, what, other, one);
    }
}
