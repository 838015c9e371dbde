package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to inverse questions, held against brute force over {@code sweep}. */
class PlanCommandTest {
    private static final List<String> MODELS =
            List.of("7b", "llama-3.1-8b", "qwen3-30b-a3b", "gemma-2-9b", "llama-3.1-70b");
    private static final List<String> FORMATS = List.of("bf16", "fp8", "q4_k_m", "fp8,bf16,int4");
    private static final List<String> GPUS =
            List.of("h100-sxm,l40s,a100-sxm-80gb,rtx4090", "'rtx40*,l4'", "'a100*,mi300x'");
    private static final long SEED = Long.getLong("plan.seed", 20261124L);

    private static String any(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    private static List<JsonNode> sweep(String grid) {
        List<JsonNode> rows = new ArrayList<>();
        Run.line("sweep " + grid + " -f ndjson").out().lines().forEach(line -> rows.add(Run.json(line)));
        return rows;
    }

    private static double price(JsonNode row) {
        JsonNode price = row.get("price_usd_per_gpu_hour");
        return price == null
                ? Double.MAX_VALUE
                : price.asDouble() * row.get("question_gpus").asInt();
    }

    private static boolean met(JsonNode row, String tpot, double tpotMost, double ttftMost) {
        return row.path("memory_fits").asBoolean()
                && row.has(tpot)
                && row.get(tpot).asDouble() <= tpotMost
                && row.path("expected_ttft_ms").asDouble(Double.MAX_VALUE) <= ttftMost;
    }

    @Test
    void the_hardware_is_that_of_brute_force() {
        Random random = new Random(SEED);
        int answered = 0;
        for (int i = 0; i < 24; i++) {
            String grid = "-m " + any(random, MODELS) + " -d " + any(random, FORMATS) + " -g " + any(random, GPUS)
                    + " --gpus 1,2,4 -b " + (1 + random.nextInt(8)) + " -p " + (1 + random.nextInt(2000));
            double tpot = Math.exp(1 + 4 * random.nextDouble());
            double ttft = Math.exp(3 + 6 * random.nextDouble());
            String find = any(random, List.of("cheapest", "smallest", "fastest"));
            String figure = find.equals("fastest") ? "expected_tpot_ms" : "expected_tpot_ms";
            String limits = " --max-tpot " + number(tpot) + "ms --max-ttft " + number(ttft) + "ms --find " + find;

            List<JsonNode> rows = sweep(grid);
            rows.removeIf(row -> !met(row, figure, Double.parseDouble(number(tpot)), Double.parseDouble(number(ttft))));
            if (find.equals("cheapest")) {
                rows.removeIf(row -> price(row) == Double.MAX_VALUE);
            }
            rows.sort(order(find));
            Run run = Run.line("plan " + grid + limits + " --json");

            if (run.code() == ExitCode.WRONG_QUESTION) {
                assertThat(run.err()).contains("price");
                continue;
            }
            assertThat(run.code()).as("seed %d: plan %s%s", SEED, grid, limits).isEqualTo(rows.isEmpty() ? 1 : 0);
            if (!rows.isEmpty()) {
                answered++;
                JsonNode best = run.json().at("/estimates/0");
                assertThat(best.at("/question/gpu").asText() + best.at("/question/gpus"))
                        .as("seed %d: plan %s%s", SEED, grid, limits)
                        .isEqualTo(rows.get(0).get("question_gpu").asText()
                                + rows.get(0).get("question_gpus"));
                assertThat(best.at("/question/weight_format").asText())
                        .isEqualTo(rows.get(0).get("question_weight_format").asText());
                assertThat(run.json().get("feasible").asInt()
                                - run.json().get("unpriced").asInt())
                        .isEqualTo(rows.size());
            }
        }
        assertThat(answered).isGreaterThan(6);
    }

    private static Comparator<JsonNode> order(String find) {
        Comparator<JsonNode> latency =
                Comparator.comparingDouble(row -> row.get("expected_tpot_ms").asDouble());
        return switch (find) {
            case "cheapest" ->
                Comparator.<JsonNode>comparingDouble(PlanCommandTest::price).thenComparing(latency);
            case "smallest" ->
                Comparator.<JsonNode>comparingInt(
                                row -> row.get("question_gpus").asInt())
                        .thenComparingDouble(
                                row -> row.get("memory_capacity_bytes").asDouble()
                                        * row.get("question_gpus").asInt())
                        .thenComparing(latency);
            default -> latency.thenComparingInt(row -> row.get("question_gpus").asInt());
        };
    }

    @Test
    void the_largest_batch_is_that_of_brute_force() {
        Random random = new Random(SEED);
        for (int i = 0; i < 6; i++) {
            String grid = "-m " + any(random, MODELS.subList(0, 4)) + " -d "
                    + any(random, List.of("bf16", "fp8", "q4_k_m")) + " -g "
                    + any(random, List.of("l40s", "rtx4090", "l4"))
                    + " -p " + (500 + random.nextInt(4000)) + " -n " + (2 + random.nextInt(500));
            double tpot = Math.exp(2.5 + 2 * random.nextDouble());
            double ttft = Math.exp(5 + 4 * random.nextDouble());

            long brute = 0;
            for (JsonNode row : sweep(grid + " -b 1..400")) {
                if (met(row, "expected_tpot_ms", Double.parseDouble(number(tpot)), Double.parseDouble(number(ttft)))) {
                    brute = row.get("question_batch").asLong();
                }
            }
            Run run = Run.line("plan " + grid + " --find batch --max-tpot " + number(tpot) + "ms --max-ttft "
                    + number(ttft) + "ms --json");
            long found = run.json().at("/estimates/0/plan/largest_batch").asLong(0);
            assertThat(Math.min(found, 400))
                    .as("seed %d: %s tpot %s ttft %s", SEED, grid, tpot, ttft)
                    .isEqualTo(brute);
            assertThat(run.code()).isEqualTo(found == 0 ? 1 : 0);
        }
    }

    @Test
    void the_most_requests_in_flight_are_those_of_brute_force() {
        Random random = new Random(SEED);
        for (int i = 0; i < 4; i++) {
            String grid = "-m llama-3.1-8b -g " + any(random, List.of("l40s", "a100-sxm-80gb")) + " -p "
                    + (500 + random.nextInt(1500));
            double tpot = 15 + 40 * random.nextDouble();
            long brute = 0;
            for (JsonNode row : sweep(grid + " --concurrency 1..300")) {
                JsonNode step = row.get("expected_load_tpot_ms");
                boolean place = !row.get("floor_load_saturated").asBoolean();
                if (place && step != null && step.asDouble() <= Double.parseDouble(number(tpot))) {
                    brute = row.get("question_concurrency").asLong();
                }
            }
            JsonNode json = Run.line("plan " + grid + " --find concurrency --max-tpot " + number(tpot) + "ms --json")
                    .json();
            long found = json.at("/estimates/0/plan/most_requests").asLong(0);
            assertThat(Math.min(found, 300))
                    .as("seed %d: %s tpot %s", SEED, grid, tpot)
                    .isEqualTo(brute);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {6.5, 7, 8.5, 10, 12})
    void the_longest_context_is_one_that_just_does(double tpot) {
        String grid = "-m llama-3.1-8b -g h100-sxm -n 200";
        JsonNode json = Run.line("plan " + grid + " --find context --max-tpot " + tpot + "ms --json")
                .json();

        long found = json.at("/estimates/0/plan/longest_context_tokens").asLong(0);
        assertThat(tpot(grid + " -p " + (found - 200))).isLessThanOrEqualTo(tpot);
        if (found < 131072) {
            assertThat(tpot(grid + " -p " + (found - 199))).isGreaterThan(tpot);
            Random random = new Random(SEED);
            for (int i = 0; i < 10; i++) {
                long longer = found - 198 + (long) (random.nextDouble() * (131072 - found - 2));
                assertThat(tpot(grid + " -p " + longer)).isGreaterThan(tpot);
            }
        }
    }

    private static double tpot(String question) {
        return Run.line("estimate " + question + " --json")
                .json()
                .at("/expected/tpot_ms")
                .asDouble();
    }

    @Test
    void the_least_bandwidth_is_one_that_just_does() {
        JsonNode json = Run.line("plan -m 7b -g rtx4090 -d fp16 --find bandwidth --max-tpot 10ms --json")
                .json();

        double found =
                json.at("/estimates/0/plan/least_bandwidth_bytes_per_second").asDouble();
        assertThat(tpot("-m 7b -g rtx4090 -d fp16 --bandwidth " + (long) (found * 1.0001) + "B/s"))
                .isLessThan(10);
        assertThat(tpot("-m 7b -g rtx4090 -d fp16 --bandwidth " + (long) (found * 0.9999) + "B/s"))
                .isGreaterThan(10);
    }

    @Test
    void what_no_bandwidth_reaches_is_said() {
        Run run = Run.line("plan -m llama-3.1-70b -g l4 --find bandwidth --max-ttft 1ms");

        assertThat(run.code()).isEqualTo(ExitCode.BUDGET_BROKEN);
        assertThat(run.out()).contains("no bandwidth would do").contains("TTFT");
    }

    @Test
    void the_least_memory_just_fits() {
        JsonNode json =
                Run.line("plan -m 7b -g l4 -d fp16 --find memory --json").json();
        long found = json.at("/estimates/0/plan/least_memory_bytes").asLong();

        String question = "estimate -m 7b -g l4 -d fp16 --json --memory ";
        assertThat(Run.line(question + (found + 16) + "B")
                        .json()
                        .at("/memory/fits")
                        .asBoolean())
                .isTrue();
        assertThat(Run.line(question + (found - 16) + "B")
                        .json()
                        .at("/memory/fits")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void no_member_of_the_front_is_beaten_and_all_others_are() {
        JsonNode json = Run.line("plan -m llama-3.1-8b -d bf16,fp8 -g 'h*,l4*,a100*' --gpus 1,2,4 --find fastest"
                        + " --top 1000 --json")
                .json();

        List<double[]> front = new ArrayList<>();
        json.get("pareto")
                .forEach(one -> front.add(new double[] {
                    one.get("latency_ms").asDouble(),
                    -one.get("tokens_per_second").asDouble(),
                    one.path("usd_per_million_output_tokens").asDouble(Double.MAX_VALUE)
                }));
        assertThat(front).hasSizeGreaterThan(1);
        for (JsonNode estimate : json.get("estimates")) {
            double[] one = {
                estimate.at("/expected/tpot_ms").asDouble(),
                -estimate.at("/expected/tokens_per_second").asDouble(),
                estimate.at("/expected/usd_per_million_output_tokens").asDouble(Double.MAX_VALUE)
            };
            boolean member = front.stream().anyMatch(other -> java.util.Arrays.equals(other, one));
            boolean beaten = front.stream().anyMatch(other -> beats(other, one));
            assertThat(member).isNotEqualTo(beaten);
        }
    }

    private static boolean beats(double[] one, double[] other) {
        boolean better = false;
        for (int i = 0; i < one.length; i++) {
            if (one[i] > other[i]) {
                return false;
            }
            better |= one[i] < other[i];
        }
        return better;
    }

    @Test
    void the_next_cheaper_one_is_cheaper_and_says_why_it_fails() {
        JsonNode json = Run.line("plan -m llama-3.1-70b --max-tpot 30ms --json").json();

        double best = json.at("/estimates/0/plan/price_usd_per_hour").asDouble();
        assertThat(json.at("/next_fails/price_usd_per_hour").asDouble()).isLessThanOrEqualTo(best);
        assertThat(json.at("/next_fails/misses")).isNotEmpty();
        assertThat(Run.line("plan -m llama-3.1-70b --max-tpot 30ms").out())
                .contains("the next cheaper")
                .contains("fails");
    }

    @Test
    void pessimistic_needs_more_than_expected_and_that_more_than_the_floor() {
        double before = 0;
        for (String against : List.of("floor", "expected", "pessimistic")) {
            double bandwidth = Run.line(
                            "plan -m 7b -g l4 -d fp16 --find bandwidth --max-tpot 20ms --json --against " + against)
                    .json()
                    .at("/estimates/0/plan/least_bandwidth_bytes_per_second")
                    .asDouble();
            assertThat(bandwidth).isGreaterThan(before);
            before = bandwidth;
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-m 7b -g rtx4060,rtx4070 --max-tpot 1s|--price",
                "-m 7b -g rtx4060,rtx4070 --find fastest --max-cost 1|--price",
                "-m 7b -g l4 --find biggest|none of cheapest",
                "-m 7b -g l4 --find batch -b 2|leave out",
                "-m 7b -g l4 --find bandwidth|which bandwidth?",
                "-m 7b -g l4 --against worst|none of expected",
                "-m 7b -g l4 --max-cost -1|above zero",
                "-g l4 --max-tpot 1s|which model?"
            })
    void wrong_questions(String options, String message) {
        Run run = Run.line("plan " + options);

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains(message);
        assertThat(run.out()).isEmpty();
    }
}
