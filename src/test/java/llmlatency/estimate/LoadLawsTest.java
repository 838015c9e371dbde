package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Setup;
import llmlatency.model.Parallelism;
import llmlatency.model.WeightScheme;
import llmlatency.units.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no answer under load may break, of the floor and of what serving engines are expected to reach. */
class LoadLawsTest {
    private static final double ROUNDING = 1e-9;

    /** Prompts that come in many at a time find less of a pass that reads the weights anyway. */
    private static final double TOGETHER = 0.05;

    /** Steps of more rows run other kernels, which a profile may hold for slower. */
    private static final long ONE_KIND_OF_KERNEL = 1024;

    private static final List<String> ENGINES = List.of("ideal", "vllm", "sglang", "tensorrt-llm", "llama.cpp");
    private static final List<Workload> WORKLOADS = List.of(
            new Workload(512, 0, 128, 1),
            new Workload(3000, 1000, 300, 1),
            new Workload(7, 0, 900, 1),
            new Workload(2000, 0, 2, 1));
    private static final List<Scenario> ASKED = asked();

    private static List<Scenario> asked() {
        List<Scenario> asked = new ArrayList<>();
        for (String engine : ENGINES) {
            Setup setup = Setup.of(Question.SHIPPED.engine(engine).value());
            for (Workload workload : WORKLOADS) {
                asked.add(scenario("llama-3.1-8b", 1, new Parallelism(1), setup, workload));
                asked.add(scenario("llama-3.1-70b", 8, new Parallelism(4), setup, workload));
                asked.add(scenario("deepseek-v3", 16, new Parallelism(1, 1, 16, 16), setup, workload));
                asked.add(scenario("mixtral-8x7b-v0.1", 8, new Parallelism(2, 2, 2, 4), setup, workload));
            }
        }
        return asked;
    }

    private static Scenario scenario(String model, int gpus, Parallelism layout, Setup setup, Workload workload) {
        Question question = Question.of(model, "h100-sxm").weights("fp8");
        return new Scenario(
                model,
                model,
                question.model(),
                null,
                question.weights(),
                WeightScheme.flat(question.weights()),
                false,
                question.cache(),
                new Deployment(question.gpu(), gpus, layout, setup),
                workload,
                List.of(),
                List.of());
    }

    private static List<Load> loads(Scenario scenario, Demand demand) {
        Estimate estimate =
                Estimator.estimate(scenario.asking(scenario.workload().under(demand)));
        List<Load> loads = new ArrayList<>();
        for (Timings timings : new Timings[] {estimate.floor(), estimate.expected()}) {
            if (timings != null) {
                assertThat(timings.load()).isNotNull();
                loads.add(timings.load());
            }
        }
        return loads;
    }

    private static String name(Scenario scenario) {
        return scenario.modelName() + " on " + scenario.deployment().parallelism() + ", "
                + scenario.deployment().engine().name() + ", " + scenario.workload();
    }

    @Test
    void more_users_never_raise_the_rate_of_one_and_never_lower_that_of_all() {
        for (Scenario scenario : ASKED) {
            List<Load> fewer = List.of();
            for (long requests = 1; requests <= 8192; requests *= 4) {
                List<Load> loads = loads(scenario, Demand.inFlight(requests));
                for (int i = 0; i < fewer.size(); i++) {
                    Load.Figures few = fewer.get(i).figures();
                    Load.Figures many = loads.get(i).figures();
                    assertThat(many.step().value())
                            .as("%s, %d", name(scenario), requests)
                            .isGreaterThanOrEqualTo(few.step().value() * (1 - ROUNDING));
                    if (loads.get(i).batch() <= ONE_KIND_OF_KERNEL) {
                        assertThat(many.requestsPerSecond())
                                .as("%s, %d", name(scenario), requests)
                                .isGreaterThanOrEqualTo(few.requestsPerSecond() * (1 - TOGETHER));
                    }
                }
                fewer = loads;
            }
        }
    }

    @Test
    void nothing_beats_the_floor_and_an_interval_holds_what_is_expected() {
        for (Scenario scenario : ASKED) {
            for (Demand demand : List.of(Demand.inFlight(1), Demand.inFlight(48), Demand.perSecond(0.5))) {
                List<Load> loads = loads(scenario, demand);
                if (loads.size() == 2) {
                    Load floor = loads.get(0);
                    Load expected = loads.get(1);
                    assertThat(expected.batch()).as(name(scenario)).isGreaterThanOrEqualTo(floor.batch());
                    ordered(scenario, floor.figures(), expected.figures());
                    if (expected.low() != null && expected.high() != null && expected.batch() == floor.batch()) {
                        ordered(scenario, floor.figures(), expected.low());
                        ordered(scenario, expected.low(), expected.figures());
                        ordered(scenario, expected.figures(), expected.high());
                    }
                }
            }
        }
    }

    private static void ordered(Scenario scenario, Load.Figures fast, Load.Figures slow) {
        assertThat(slow.requestsPerSecond())
                .as(name(scenario))
                .isLessThanOrEqualTo(fast.requestsPerSecond() * (1 + ROUNDING));
        if (slow.first() != null && slow.step() != null && slow.total() != null) {
            assertThat(fast.first().value())
                    .as(name(scenario))
                    .isLessThanOrEqualTo(slow.first().value() * (1 + ROUNDING));
            assertThat(fast.step().value())
                    .as(name(scenario))
                    .isLessThanOrEqualTo(slow.step().value() * (1 + ROUNDING));
            assertThat(fast.total().value())
                    .as(name(scenario))
                    .isLessThanOrEqualTo(slow.total().value() * (1 + ROUNDING));
        }
    }

    @Test
    void littles_law_holds_in_a_closed_loop() {
        for (Scenario scenario : ASKED) {
            long requests = 3 * scenario.deployment().ranks();
            for (Load load : loads(scenario, Demand.inFlight(requests))) {
                if (!load.saturated()) {
                    assertThat(load.figures().requestsPerSecond()
                                    * load.figures().total().value())
                            .as(name(scenario))
                            .isCloseTo(requests, withinPercentage(1e-6));
                }
            }
        }
    }

    @Test
    void a_rate_takes_the_fewest_requests_that_keep_up_with_it() {
        for (Scenario scenario : ASKED) {
            long ranks = scenario.deployment().ranks();
            for (double rate : new double[] {0.1, 3, 25}) {
                for (Load load : loads(scenario, Demand.perSecond(rate))) {
                    if (!load.saturated()) {
                        double inFlight = rate * load.figures().total().value() / ranks;
                        assertThat(inFlight).as(name(scenario)).isLessThanOrEqualTo(load.batch() * (1 + ROUNDING));
                        assertThat(load.figures().requestsPerSecond()).isEqualTo(rate);
                    }
                }
            }
        }
    }

    @Test
    void saturation_never_gives_a_number_past_it() {
        for (Scenario scenario : ASKED) {
            for (Load load : loads(scenario, Demand.inFlight(1_000_000_000))) {
                assertThat(load.saturated()).as(name(scenario)).isTrue();
                assertThat(load.batch()).isEqualTo(load.admitted().longValue());
                assertThat(load.figures().first()).isNull();
                assertThat(load.figures().total()).isNull();
                assertThat(load.figures().inclusive()).isNull();
            }
            List<Load> most = loads(scenario, Demand.perSecond(1e9));
            for (Load load : most) {
                assertThat(load.saturated()).as(name(scenario)).isTrue();
                assertThat(load.figures().first()).isNull();
                assertThat(load.figures().step()).isNull();
            }
            for (int i = 0; i < most.size(); i++) {
                double served = most.get(i).figures().requestsPerSecond();
                assertThat(loads(scenario, Demand.perSecond(served * 0.999))
                                .get(i)
                                .saturated())
                        .as(name(scenario))
                        .isFalse();
                assertThat(loads(scenario, Demand.perSecond(served * 1.001))
                                .get(i)
                                .saturated())
                        .as(name(scenario))
                        .isTrue();
            }
        }
    }

    /** One user with a prompt of a token and a long answer meets nobody. */
    @Test
    void a_step_under_load_meets_the_step_of_one_request_alone() {
        for (Scenario scenario : ASKED) {
            if (scenario.deployment().ranks() == 1) {
                Scenario one = scenario.asking(new Workload(1, 0, 5000, 1, Demand.inFlight(1)));
                Estimate estimate = Estimator.estimate(one);
                assertThat(estimate.floor().load().figures().step().value())
                        .as(name(scenario))
                        .isCloseTo(estimate.floor().decode().mean().time().value(), withinPercentage(0.1));
                if (estimate.expected() != null) {
                    assertThat(estimate.expected().load().figures().step().value())
                            .as(name(scenario))
                            .isCloseTo(
                                    estimate.expected().decode().mean().time().value(), withinPercentage(0.5));
                }
            }
        }
    }

    @Test
    void tensor_parallelism_never_takes_less_than_its_share_of_the_time() {
        Setup ideal = Setup.of(Question.SHIPPED.engine("ideal").value());
        Workload workload = new Workload(1024, 0, 512, 1);
        double one = step(scenario("llama-3.1-70b", 1, new Parallelism(1), ideal, workload));
        double before = one;
        for (int degree = 2; degree <= 8; degree *= 2) {
            double time = step(scenario("llama-3.1-70b", degree, new Parallelism(degree), ideal, workload));
            assertThat(time).isLessThan(before).isGreaterThanOrEqualTo(one / degree * (1 - ROUNDING));
            before = time;
        }
    }

    private static double step(Scenario scenario) {
        return loads(scenario, Demand.inFlight(1)).get(0).figures().step().value();
    }

    @Test
    void copies_share_the_requests_and_serve_as_many_times_more() {
        Setup vllm = Setup.of(Question.SHIPPED.engine("vllm").value());
        Workload workload = new Workload(1024, 0, 512, 1);
        List<Load> one = loads(scenario("llama-3.1-8b", 1, new Parallelism(1), vllm, workload), Demand.inFlight(8));
        List<Load> four = loads(scenario("llama-3.1-8b", 4, new Parallelism(1), vllm, workload), Demand.inFlight(32));
        for (int i = 0; i < one.size(); i++) {
            assertThat(four.get(i).batch()).isEqualTo(8);
            assertThat(four.get(i).figures().step())
                    .isEqualTo(one.get(i).figures().step());
            assertThat(four.get(i).figures().requestsPerSecond())
                    .isCloseTo(4 * one.get(i).figures().requestsPerSecond(), within(1e-6));
        }
    }

    @Test
    void where_no_request_has_room_nothing_is_served() {
        Question small = Question.of("llama-3.1-70b", "h100-sxm").memory(new Bytes(1e9));
        Scenario asked = new Scenario(
                "a",
                "a",
                small.model(),
                null,
                small.weights(),
                WeightScheme.flat(small.weights()),
                false,
                small.cache(),
                new Deployment(
                        small.gpu(),
                        1,
                        Parallelism.NONE,
                        Question.SHIPPED.engine("ideal").value()),
                new Workload(512, 0, 128, 1),
                List.of(),
                List.of());

        Load load = loads(asked, Demand.inFlight(4)).get(0);
        assertThat(load.batch()).isZero();
        assertThat(load.saturated()).isTrue();
        assertThat(load.figures()).isEqualTo(new Load.Figures(null, null, null, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 16})
    void a_cached_prefix_is_not_computed_again(long requests) {
        Setup vllm = Setup.of(Question.SHIPPED.engine("vllm").value());
        Scenario whole = scenario("llama-3.1-8b", 1, Parallelism.NONE, vllm, new Workload(4096, 0, 128, 1));
        Scenario rest = whole.asking(new Workload(4096, 3072, 128, 1));
        List<Load> computed = loads(whole, Demand.inFlight(requests));
        List<Load> cached = loads(rest, Demand.inFlight(requests));
        for (int i = 0; i < computed.size(); i++) {
            assertThat(cached.get(i).figures().first().value())
                    .isLessThan(computed.get(i).figures().first().value());
            assertThat(cached.get(i).figures().step().value())
                    .isLessThan(computed.get(i).figures().step().value());
        }
    }
}
