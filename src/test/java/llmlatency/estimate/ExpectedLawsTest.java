package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What no expected time may break, whatever the engine's parameters. Every engine that ships, and one of the tests, on
 * the backends of a device and in its oldest and newest era, meets one device of each class and models of every structure.
 */
class ExpectedLawsTest {
    private static final double ROUNDING = 1e-9;
    private static final String OF_THE_TESTS = "an engine of the tests";
    private static final ProfileLibrary OVERLAY = new ProfileLibrary(List.of(Path.of("src/test/resources/overlay")));
    private static final List<String> MODELS =
            List.of("mistral-7b-v0.1", "llama-3.1-70b", "mixtral-8x7b-v0.1", "gemma-2-9b", "deepseek-v3", "jamba-v0.1");
    private static final List<String> FORMATS = List.of("fp16", "q4_k_m", "fp8");
    private static final List<Workload> WORKLOADS =
            List.of(new Workload(512, 0, 128, 1), new Workload(3000, 1000, 300, 12), new Workload(7, 0, 2, 64));
    private static final Map<String, Engine> ENGINES = engines();
    private static final List<Gpu> GPUS = oneOfEachClass();

    private static Map<String, Engine> engines() {
        Map<String, Engine> engines = new TreeMap<>();
        for (String name : Question.SHIPPED.names(ProfileKind.ENGINE)) {
            engines.put(name, Question.SHIPPED.engine(name).value());
        }
        engines.put(OF_THE_TESTS, OVERLAY.engine("llama.cpp").value());
        return engines;
    }

    private static List<Gpu> oneOfEachClass() {
        Map<String, Gpu> byClass = new TreeMap<>();
        for (Gpu gpu : Draw.GPUS) {
            byClass.putIfAbsent(String.valueOf(gpu.build().kind()), gpu);
        }
        return List.copyOf(byClass.values());
    }

    static List<String> names() {
        return List.copyOf(ENGINES.keySet());
    }

    /** The ways in which an engine may be run on a device: on backends that are made for its kind, or for any. */
    private static List<Setup> setups(String name, Gpu gpu) {
        Engine engine =
                ENGINES.getOrDefault(name, Question.SHIPPED.engine("ideal").value());
        List<String> backends = new ArrayList<>();
        engine.backends().forEach((backend, kinds) -> {
            if (kinds.isEmpty() || kinds.contains(String.valueOf(gpu.build().kind()))) {
                backends.add(backend);
            }
        });
        List<Setup> setups = new ArrayList<>();
        for (String backend : engine.backends().isEmpty() ? Collections.<String>singletonList(null) : backends) {
            List<Era> eras = engine.eras();
            for (Era era : eras.isEmpty()
                    ? Collections.<Era>singletonList(null)
                    : List.of(eras.get(0), eras.get(eras.size() - 1))) {
                setups.add(new Setup(engine, backend, era, null, Map.of()));
            }
        }
        return setups;
    }

    /** Questions to an engine with their answers; those that cannot be answered or expect nothing are left out. */
    private static List<Answer> answers(String engine) {
        List<Answer> answers = new ArrayList<>();
        for (Gpu gpu : GPUS) {
            for (Setup setup : setups(engine, gpu)) {
                int at = 0;
                for (String model : MODELS) {
                    Question question = Question.of(model, gpu)
                            .weights(FORMATS.get(at % FORMATS.size()))
                            .tensor(at % 2 == 0 ? 1 : 2);
                    Workload asked = WORKLOADS.get(at++ % WORKLOADS.size());
                    add(
                            answers,
                            question.asking(
                                    asked.promptTokens(), asked.cachedTokens(), asked.outputTokens(), asked.batch()),
                            setup);
                }
            }
        }
        return answers;
    }

    private static void add(List<Answer> answers, Question question, Setup setup) {
        if (!Draw.refuses(question)) {
            Estimate estimate = question.estimate(setup);
            if (estimate.expected() != null) {
                answers.add(new Answer(question, setup, estimate, estimate.expected()));
            }
        }
    }

    private record Answer(Question question, Setup setup, Estimate estimate, Timings expected) {
        void atMost(String what, double smaller, double larger) {
            if (!(smaller <= larger * (1 + ROUNDING))) {
                throw new AssertionError(what + ": " + smaller + " > " + larger + " for "
                        + setup.engine().name() + "/" + setup.backend() + " of " + setup.era() + ", " + question);
            }
        }

        Timings with(long prompt, long output, long batch) {
            Timings other = question.asking(prompt, question.workload().cachedTokens(), output, batch)
                    .estimate(setup)
                    .expected();
            if (other == null) {
                throw new AssertionError("something is expected of the one and nothing of the other: " + question);
            }
            return other;
        }
    }

    @Test
    void theEngineOfTheTestsAnswersOnMostDevicesAndTheIdealOneExpectsNothing() {
        assertThat(answers(OF_THE_TESTS)).hasSizeGreaterThan(150);
        assertThat(answers("ideal")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void nothingBeatsTheFloor(String engine) {
        for (Answer answer : answers(engine)) {
            Timings floor = answer.estimate().floor();
            answer.atMost(
                    "prefill",
                    seconds(floor.prefill()),
                    seconds(answer.expected().prefill()));
            Decode least = step(floor);
            Decode real = step(answer.expected());
            answer.atMost("mean step", seconds(least.mean()), seconds(real.mean()));
            answer.atMost("first step", least.first().value(), real.first().value());
            answer.atMost("last step", least.last().value(), real.last().value());
            answer.atMost(
                    "total", floor.total().value(), answer.expected().total().value());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void anIntervalHoldsWhatIsExpectedAndBeginsAtTheFloorAtTheEarliest(String engine) {
        for (Answer answer : answers(engine)) {
            Interval interval = answer.estimate().interval();
            if (interval != null) {
                inside(answer, "floor", answer.estimate().floor(), interval.low());
                inside(answer, "fast end", interval.low(), answer.expected());
                inside(answer, "slow end", answer.expected(), interval.high());
            }
        }
    }

    private static void inside(Answer answer, String what, Object earlier, Object later) {
        Interval.Ends one = ends(earlier);
        Interval.Ends other = ends(later);
        answer.atMost(what + ", first token", one.ttft().value(), other.ttft().value());
        answer.atMost(what + ", total", one.total().value(), other.total().value());
        if (one.tpot() == null || other.tpot() == null) {
            throw new AssertionError(what + " has no time of a token");
        }
        answer.atMost(what + ", each token", one.tpot().value(), other.tpot().value());
    }

    private static Interval.Ends ends(Object of) {
        return of instanceof Timings timings ? Interval.Ends.of(timings) : (Interval.Ends) of;
    }

    @ParameterizedTest
    @MethodSource("names")
    void operationsOverheadAndCommunicationAddUpToThePhase(String engine) {
        for (Answer answer : answers(engine)) {
            addsUp(answer, answer.expected().prefill());
            addsUp(answer, step(answer.expected()).mean());
        }
    }

    private static void addsUp(Answer answer, Phase phase) {
        double sum = phase.breakdown().overhead().value()
                + phase.breakdown().communication().value();
        double moving = 0;
        double computing = 0;
        for (OperationTime operation : phase.operations()) {
            sum += operation.time().value();
            moving += operation.moving().value();
            computing += operation.computing().value();
        }
        answer.atMost("parts and whole", sum, seconds(phase));
        answer.atMost("whole and parts", seconds(phase), sum);
        Breakdown alone = phase.breakdown();
        assertThat(moving).isCloseTo(alone.weights().value() + alone.kvCache().value(), within(moving * 1e-9));
        assertThat(computing).isCloseTo(alone.compute().value(), within(computing * 1e-9));
    }

    @ParameterizedTest
    @MethodSource("names")
    void moreTokensOrMoreSequencesNeverTakeLessTime(String engine) {
        for (Answer answer : answers(engine)) {
            Workload asked = answer.question().workload();
            long prompt = asked.promptTokens();
            long output = asked.outputTokens();
            long batch = asked.batch();
            longer(answer, "output", answer.with(prompt, 2 * output, batch));
            longer(answer, "prompt", answer.with(2 * prompt, output, batch));
            longer(answer, "batch", answer.with(prompt, output, 2 * batch));
        }
    }

    private static void longer(Answer answer, String what, Timings more) {
        answer.atMost(
                "twice the " + what + ", prefill", seconds(answer.expected().prefill()), seconds(more.prefill()));
        answer.atMost(
                "twice the " + what + ", step",
                seconds(step(answer.expected()).mean()),
                seconds(step(more).mean()));
    }

    @Test
    void aTimeBetweenDevicesCountsOnlyWhereThereAreSeveral() {
        Setup setup = Setup.of(OVERLAY.engine("llama.cpp").value());
        Question one = Question.of("llama-3.1-70b", "h100-sxm");
        Estimate alone = one.estimate(setup);
        Estimate four = one.tensor(4).estimate(setup);
        if (alone.expected() == null || four.expected() == null) {
            throw new AssertionError("the engine has parameters for all devices");
        }
        assertThat(alone.expected().prefill().breakdown().communication().value())
                .isZero();
        assertThat(step(four.expected()).mean().breakdown().communication().value())
                .isCloseTo(2 * 80 * 20e-6, within(1e-9));
    }

    private static double seconds(Phase phase) {
        return phase.time().value();
    }

    private static Decode step(Timings timings) {
        Decode decode = timings.decode();
        if (decode == null) {
            throw new AssertionError("every question asks for two tokens or more");
        }
        return decode;
    }
}
