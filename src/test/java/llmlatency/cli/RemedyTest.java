package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What would keep a broken budget: taken literally, it does. */
class RemedyTest {
    private static final long SEED = 20261124;
    private static final int BUDGETS = 24;
    private static final List<String> MODELS =
            List.of("llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b-v0.1", "qwen3-8b", "gemma-2-9b", "7b");
    private static final List<String> DEVICES = List.of(
            "-g h100-sxm",
            "-g '2x l40s'",
            "-g rtx4090",
            "-g a100-sxm-80gb --gpus 4",
            "-g m4-max-40",
            "-g mi300x",
            "-g l4 --tp 2",
            "-g rtx3090 --price 0.3");
    private static final List<String> ENGINES = List.of("", "-e ideal", "-e vllm", "-e llama.cpp", "-d fp8");
    private static final List<String> LOADS =
            List.of("", "-b 8", "-b 64", "--concurrency 32", "--concurrency 4 --replicas 2", "--request-rate 3");

    static List<String> budgets() {
        Random random = new Random(SEED);
        return IntStream.range(0, BUDGETS)
                .mapToObj(i -> {
                    String question = "-m " + any(MODELS, random) + " " + any(DEVICES, random) + " "
                            + any(ENGINES, random) + " " + any(LOADS, random);
                    return question + " " + limits(random);
                })
                .toList();
    }

    private static String limits(Random random) {
        List<String> limits = new ArrayList<>();
        if (random.nextBoolean()) {
            limits.add(number("--max-ttft %.1fms", random, 5, 2000));
        }
        if (random.nextBoolean()) {
            limits.add(number("--min-tokens-per-second %.1f", random, 5, 5000));
        }
        if (random.nextInt(4) == 0) {
            limits.add("--against floor");
        }
        limits.add(number("--max-tpot %.2fms", random, 2, 100));
        return String.join(" ", limits);
    }

    private static String number(String format, Random random, double least, double most) {
        double value = least * Math.exp(random.nextDouble() * Math.log(most / least));
        return String.format(Locale.ROOT, format, value);
    }

    private static <T> T any(List<T> things, Random random) {
        return things.get(random.nextInt(things.size()));
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void a_remedy_taken_literally_passes(String budget) throws IOException {
        Run run = Run.line("check " + budget + " --json");
        if (run.code() == 2) {
            assertThat(run.err()).as(budget).startsWith("llm-latency: ");
            return;
        }
        JsonNode deployment = run.json().at("/deployments/0");
        if (run.code() == 0) {
            assertThat(deployment.get("remedies")).isEmpty();
            return;
        }
        for (JsonNode remedy : deployment.get("remedies")) {
            ObjectNode asked = deployment.get("asked").deepCopy();
            remedy.get("change").fields().forEachRemaining(change -> asked.set(change.getKey(), change.getValue()));
            asked.put("name", "remedied");
            Path file = Files.createTempFile("budget", ".json");
            try {
                Files.writeString(file, "{\"deployments\": [" + asked + "]}");
                Run again = Run.of("check", file.toString(), "--json");

                assertThat(again.code())
                        .as("%s; %s; %s", budget, remedy, again.err())
                        .isZero();
                assertThat(again.json().at("/deployments/0/limits")).isEqualTo(remedy.get("limits"));
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void enough_of_the_random_budgets_are_broken_and_have_remedies() {
        long remedied = budgets().stream()
                .map(budget -> Run.line("check " + budget + " --json"))
                .filter(run -> run.code() == 1)
                .filter(run -> !run.json().at("/deployments/0/remedies").isEmpty())
                .count();

        assertThat(remedied).isGreaterThan(BUDGETS / 4);
    }

    @Test
    void what_is_typed_beside_a_budget_file_passes_too() {
        String file = "check src/test/resources/budgets/three.json --profiles src/test/resources/overlay";
        JsonNode broken = Run.line(file + " --json").json();
        JsonNode edge = broken.at("/deployments/2");
        String name = edge.get("name").textValue();

        assertThat(edge.get("kept").booleanValue()).isFalse();
        for (JsonNode remedy : edge.get("remedies")) {
            JsonNode after = Run.line(file + " " + remedy.get("options").textValue() + " --only '" + name + "' --json")
                    .json();

            assertThat(after.get("kept").booleanValue())
                    .as("%s", remedy.get("options"))
                    .isTrue();
        }
    }

    @Test
    void costs_are_told_where_prices_are_known() {
        JsonNode remedies = Run.line("check -m llama-3.1-8b -g l40s -e vllm --max-tpot 15ms --json")
                .json()
                .at("/deployments/0/remedies");

        assertThat(remedies).isNotEmpty();
        for (JsonNode remedy : remedies) {
            JsonNode change = remedy.get("change");
            if (change.has("gpus")) {
                assertThat(remedy.get("cost_factor").doubleValue())
                        .isEqualTo(change.get("gpus").asInt());
            }
            if (change.has("dtype")) {
                assertThat(remedy.get("cost_factor").doubleValue()).isEqualTo(1);
                assertThat(remedy.get("usd_per_hour").doubleValue()).isEqualTo(1.55);
            }
        }
    }
}
