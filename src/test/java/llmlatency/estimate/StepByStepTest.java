package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import llmlatency.hardware.Roofline;
import llmlatency.model.ForwardPass;
import llmlatency.model.Routing;
import llmlatency.model.Step;
import llmlatency.work.Arithmetic;
import llmlatency.work.KernelKind;
import llmlatency.work.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The closed form of an answer against an honest loop over every step. */
class StepByStepTest {
    /** In percent: 1e-9 of the value for sums over many steps, 1e-12 where only the order of adding differs. */
    private static final double SUMMED = 1e-7;

    private static final double SAME = 1e-10;

    /** Prompts below, at and above each window; batches from 1 to 512; outputs from 1 to 20,000. */
    static Stream<Question> questions() {
        return Stream.of(
                Question.of("mistral-7b-v0.1", "rtx4090").asking(100, 0, 20_000, 1),
                Question.of("mistral-7b-v0.1", "rtx4090").asking(4095, 0, 300, 1),
                Question.of("mistral-7b-v0.1", "rtx4090").asking(4096, 1, 300, 64),
                Question.of("mistral-7b-v0.1", "m1-8").asking(6000, 5999, 300, 512),
                Question.of("gemma-2-9b-it", "a100-sxm-80gb").asking(4000, 1000, 3000, 8),
                Question.of("gemma-2-9b-it", "rtx3090").weights("q4_0").asking(3, 0, 5000, 1),
                Question.of("gpt-oss-20b", "h100-sxm").asking(1, 0, 20_000, 1),
                Question.of("gpt-oss-20b", "h100-sxm").asking(127, 64, 3, 512),
                Question.of("gpt-oss-20b", "b200").asking(128, 0, 1000, 32),
                Question.of("gpt-oss-20b", "rtx4090").asking(129, 128, 2, 2),
                Question.of("mixtral-8x7b-v0.1", "h100-sxm").asking(512, 0, 4000, 17),
                Question.of("mixtral-8x7b-v0.1", "mi300x").tensor(4).asking(100_000, 99_000, 200, 3),
                Question.of("llama-2-7b-hf", "h100-sxm").cache("fp8").asking(1, 0, 20_000, 512),
                Question.of("llama-2-7b-hf", "tpu-v5e").weights("int8").asking(2048, 0, 777, 256),
                Question.of("llama-2-7b-hf", "t4").tensor(2).asking(17, 3, 2, 1),
                // Attention of 8 FLOP a byte, less what it writes: bound by memory up to 159 tokens, by compute after.
                Question.of("llama-3.1-70b", Question.gpu(1e12, Arithmetic.BF16, 7.95e12))
                        .asking(10, 0, 500, 16));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void theTotalIsTheSumOfItsSteps(Question question) {
        double[] steps = steps(question);
        double prefill = time(question, prompt(question));
        assertThat(question.floor().prefill().time().value()).isCloseTo(prefill, withinPercentage(SAME));
        assertThat(question.decode().total().value()).isCloseTo(sum(steps), withinPercentage(SUMMED));
        assertThat(question.floor().total().value()).isCloseTo(prefill + sum(steps), withinPercentage(SUMMED));
        assertThat(question.decode().mean().time().value())
                .isCloseTo(sum(steps) / steps.length, withinPercentage(SUMMED));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void theFirstAndTheLastStepAreTheLoopsFirstAndLast(Question question) {
        double[] steps = steps(question);
        assertThat(question.decode().first().value()).isCloseTo(steps[0], withinPercentage(SUMMED));
        assertThat(question.decode().last().value()).isCloseTo(steps[steps.length - 1], withinPercentage(SUMMED));
    }

    @ParameterizedTest
    @MethodSource("questions")
    void theCurveIsNowhereFurtherFromTheLineThanStated(Question question) {
        double[] steps = steps(question);
        double k = sum(steps) / steps.length;
        double furthest = 0;
        double curve = 0;
        for (int x = 1; x <= steps.length; x++) {
            curve += steps[x - 1];
            furthest = Math.max(furthest, Math.abs(k * x - curve));
        }
        double rounding = 1e-11 * curve;
        assertThat(question.decode().maxDeviation().value())
                .isBetween(furthest * (1 - 1e-6) - rounding, furthest * (1 + 1e-6) + rounding);
    }

    @ParameterizedTest
    @MethodSource("questions")
    void operationsAddUpToTheirPhase(Question question) {
        for (Phase phase : List.of(question.floor().prefill(), question.decode().mean())) {
            double parts = phase.operations().stream()
                    .mapToDouble(operation -> operation.time().value())
                    .sum();
            assertThat(parts).isCloseTo(phase.time().value(), withinPercentage(SAME));
        }
    }

    @ParameterizedTest
    @MethodSource("questions")
    void theMeanStepMovesAndComputesTheMeanOfAllSteps(Question question) {
        List<Step> steps = decodeSteps(question);
        for (OperationTime mean : question.decode().mean().operations()) {
            double bytes = 0;
            double flops = 0;
            for (Step step : steps) {
                for (Operation operation : question.pass().operations(step)) {
                    boolean same = operation.name().equals(mean.name()) && operation.count() == mean.count();
                    bytes += same ? operation.count() * operation.bytes() / steps.size() : 0;
                    flops += same ? operation.count() * operation.flops() / steps.size() : 0;
                }
            }
            assertThat(mean.bytes()).as(mean.name()).isCloseTo(bytes, withinPercentage(SUMMED));
            assertThat(mean.flops()).as(mean.name()).isCloseTo(flops, withinPercentage(SUMMED));
        }
    }

    @ParameterizedTest
    @MethodSource("questions")
    void eachPartOfTheBreakdownIsTheTimeThatItWouldTakeAlone(Question question) {
        Roofline roofline = question.roofline();
        double bandwidth = question.gpu().bandwidth().value();
        assertBreakdown(
                question.floor().prefill().breakdown(), question, List.of(prompt(question)), bandwidth, roofline);
        assertBreakdown(question.decode().mean().breakdown(), question, decodeSteps(question), bandwidth, roofline);
    }

    private static void assertBreakdown(
            Breakdown parts, Question question, List<Step> steps, double bandwidth, Roofline roofline) {
        assertThat(parts.weights().value())
                .isCloseTo(mean(question, steps, o -> o.weightBytes() / bandwidth), withinPercentage(SUMMED));
        assertThat(parts.kvCache().value())
                .isCloseTo(mean(question, steps, o -> o.cacheBytes() / bandwidth), withinPercentage(SUMMED));
        assertThat(parts.compute().value())
                .isCloseTo(mean(question, steps, o -> roofline.compute(o).value()), withinPercentage(SUMMED));
        assertThat(parts.communication().value()).isZero();
        assertThat(parts.overhead().value()).isZero();
    }

    @ParameterizedTest
    @MethodSource("questions")
    void aPassOverManyTokensAttendsAsItsTokensOneByOne(Question question) {
        Step whole = prompt(question);
        double alone = 0;
        for (long j = 0; j < whole.newTokens(); j++) {
            alone += attention(question, new Step(1, whole.cachedTokens() + j, whole.sequences()));
        }
        assertThat(attention(question, whole)).isCloseTo(alone, withinPercentage(SUMMED));
    }

    @Test
    void attentionMayTurnFromMemoryBoundToComputeBoundOnTheWay() {
        Question turning = Question.of("llama-3.1-70b", Question.gpu(1e12, Arithmetic.BF16, 7.95e12));
        for (long context : new long[] {158, 160}) {
            Operation attention = turning.pass().operations(new Step(1, context - 1, 1)).stream()
                    .filter(operation -> operation.kind() == KernelKind.ATTENTION)
                    .findFirst()
                    .orElseThrow();
            double memory = turning.roofline().memory(attention).value();
            double compute = turning.roofline().compute(attention).value();
            assertThat(compute > memory).as("compute bound at %d", context).isEqualTo(context > 159);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3, 1, 10, 0, 12",
        "10, 0, 3, 1, 12",
        "10, -1, 3, 1, 7",
        "5, 1, 5, 2, 9",
        "1, 0, 1, 0, 4",
        "0, 3, 7, 1, 1"
    })
    void theSumOfTheLargerOfTwoLinesSplitsWhereTheyCross(double a, double up, double b, double rise, long count) {
        double sum = 0;
        for (long j = 0; j < count; j++) {
            sum += Math.max(a + up * j, b + rise * j);
        }
        assertThat(new Line(a, up).sumOfMax(new Line(b, rise), count)).isEqualTo(sum);
    }

    @Test
    void aSingleOutputTokenHasNoDecode() {
        for (String model : List.of("mistral-7b-v0.1", "gpt-oss-20b", "mixtral-8x7b-v0.1", "llama-2-7b-hf")) {
            Question question = Question.of(model, "h100-sxm").asking(100, 0, 1, 4);
            assertThat(question.floor().decode()).isNull();
            assertThat(question.floor().total())
                    .isEqualTo(question.floor().prefill().time());
            assertThat(Metric.TPOT.of(question.estimate(), question.floor())).isNull();
        }
    }

    @Test
    void twoOutputTokensHaveOneStepAndNoDeviation() {
        Decode decode =
                Question.of("mistral-7b-v0.1", "rtx4090").asking(1, 0, 2, 1).decode();
        assertThat(decode.first()).isEqualTo(decode.last()).isEqualTo(decode.total());
        assertThat(decode.maxDeviation().value()).isZero();
    }

    @ParameterizedTest(name = "{0} at batch {1}")
    @CsvSource({
        "mixtral-8x7b-v0.1, 1",
        "mixtral-8x7b-v0.1, 2",
        "mixtral-8x7b-v0.1, 100",
        "gpt-oss-20b, 8",
        "qwen3-30b-a3b, 16"
    })
    void aStepOfAMixtureReadsTheDistinctExpertsOfItsBatch(String model, long batch) {
        Question question = Question.of(model, "h100-sxm");
        Operation one = experts(question, 1);
        Operation all = experts(question, batch);
        Routing routing = question.model().layers().get(0).routed().orElseThrow();
        double untouched = 1;
        for (long i = 0; i < batch; i++) {
            untouched *= 1 - (double) routing.perToken() / routing.experts();
        }
        double distinct = routing.experts() * (1 - untouched);
        assertThat(all.bytes() / one.bytes()).isCloseTo(distinct / routing.perToken(), withinPercentage(SUMMED));
        assertThat(all.flops() / one.flops()).isCloseTo(batch, withinPercentage(SUMMED));
    }

    private static Operation experts(Question question, long batch) {
        return question.pass().operations(new Step(1, 10, batch)).stream()
                .filter(operation -> operation.kind() == KernelKind.EXPERTS)
                .findFirst()
                .orElseThrow();
    }

    private static double attention(Question question, Step step) {
        return question.pass().operations(step).stream()
                .filter(operation -> operation.kind() == KernelKind.ATTENTION)
                .mapToDouble(operation -> operation.count() * operation.flops())
                .sum();
    }

    private static Step prompt(Question question) {
        Workload asked = question.workload();
        return new Step(asked.promptTokens() - asked.cachedTokens(), asked.cachedTokens(), asked.batch());
    }

    /** Step i has the prompt and i − 1 tokens in its cache. */
    private static List<Step> decodeSteps(Question question) {
        List<Step> steps = new ArrayList<>();
        for (long i = 1; i < question.workload().outputTokens(); i++) {
            steps.add(new Step(
                    1,
                    question.workload().promptTokens() + i - 1,
                    question.workload().batch()));
        }
        return steps;
    }

    private static double[] steps(Question question) {
        return decodeSteps(question).stream()
                .mapToDouble(step -> time(question, step))
                .toArray();
    }

    /** Each operation takes the longer of moving and computing. */
    private static double time(Question question, Step step) {
        double bandwidth = question.gpu().bandwidth().value();
        double time = 0;
        for (Operation operation : question.pass().operations(step)) {
            double moving = operation.bytes() / bandwidth;
            double computing = operation.flops() == 0
                    ? 0
                    : operation.flops()
                            / question.gpu().rate(operation.format()).value().value();
            time += operation.count() * Math.max(moving, computing);
        }
        return time;
    }

    private static double mean(Question question, List<Step> steps, ToDoubleFunction<Operation> part) {
        ForwardPass pass = question.pass();
        double sum = 0;
        for (Step step : steps) {
            for (Operation operation : pass.operations(step)) {
                sum += operation.count() * part.applyAsDouble(operation);
            }
        }
        return sum / steps.size();
    }

    private static double sum(double[] values) {
        double sum = 0;
        double lost = 0;
        for (double value : values) {
            double add = value - lost;
            double next = sum + add;
            lost = next - sum - add;
            sum = next;
        }
        return sum;
    }
}
