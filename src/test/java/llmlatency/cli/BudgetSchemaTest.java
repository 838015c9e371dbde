package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

/** The published schemas of budgets and verdicts. */
class BudgetSchemaTest {
    private static final Path SCHEMAS = Path.of("profiles/schemas");
    private static final Path BUDGET = SCHEMAS.resolve("budget.schema.json");
    private static final Path EXAMPLES = Path.of("src/site/resources/budgets");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The schema that the options make, but for the words around it. */
    private static ObjectNode generated() {
        ObjectNode asked = JSON.createObjectNode().put("type", "object").put("additionalProperties", false);
        ObjectNode properties = asked.putObject("properties");
        properties.putObject("name").put("type", "string").put("pattern", "\\S");
        ObjectNode limits = properties.putObject("limits");
        limits.put("type", "object").put("additionalProperties", false);
        ObjectNode limit = limits.putObject("properties");
        for (Map.Entry<String, OptionSpec> option : new AskedOptions().known().entrySet()) {
            (Asked.isLimit(option.getValue()) ? limit : properties).set(option.getKey(), value(option.getValue()));
        }
        return asked;
    }

    private static ObjectNode value(OptionSpec option) {
        ObjectNode value = JSON.createObjectNode();
        value.put("description", String.join(" ", option.description()).replace("%%", "%"));
        if (Asked.isFlag(option)) {
            return value.put("type", "boolean");
        }
        return value.put("$ref", option.isMultiValue() ? "#/$defs/repeated" : "#/$defs/scalar");
    }

    @Test
    void the_schema_of_budgets_knows_every_option_of_a_deployment_and_no_other() throws IOException {
        ObjectNode schema = (ObjectNode) JSON.readTree(BUDGET.toFile());
        JsonNode generated = generated();
        if (Boolean.getBoolean("golden.update") && !schema.at("/$defs/asked").equals(generated)) {
            ((ObjectNode) schema.get("$defs")).set("asked", generated);
            Files.writeString(BUDGET, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n");
            fail("schema rewritten: " + BUDGET);
        }

        assertThat(schema.at("/$defs/asked")).isEqualTo(generated);
    }

    private static Validator validator() throws IOException {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .createValidator();
        for (String name : List.of("budget", "verdict")) {
            validator.registerSchema(uri(name), Files.readString(SCHEMAS.resolve(name + ".schema.json")));
        }
        return validator;
    }

    private static URI uri(String name) {
        return URI.create("https://llm-latency.test/" + name + ".schema.json");
    }

    private static Validator.Result validated(String name, String json) throws IOException {
        return validator().validate(uri(name), json);
    }

    private static void requireValid(String name, String json, String what) throws IOException {
        Validator.Result result = validated(name, json);
        assertThat(result.isValid())
                .as(
                        "%s: %s",
                        what,
                        result.getErrors().stream()
                                .map(error -> error.getInstanceLocation() + ": " + error.getError())
                                .toList())
                .isTrue();
    }

    static Stream<Path> budgets() throws IOException {
        return Stream.concat(
                Files.list(EXAMPLES).filter(file -> file.toString().endsWith(".json")),
                Stream.of(Path.of("src/test/resources/budgets/three.json")));
    }

    @ParameterizedTest
    @MethodSource("budgets")
    void a_shipped_budget_is_valid_and_is_answered_with_a_valid_verdict(Path budget) throws IOException {
        requireValid("budget", Files.readString(budget), budget.toString());
        Run run = Run.of("check", budget.toString(), "--json");

        assertThat(run.code()).as(run.err()).isIn(0, 1);
        requireValid("verdict", run.out(), budget.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check -m 7b -g rtx4090 -d fp16 -e ideal --max-ttft 20ms --max-tpot 20ms",
                "check -m llama-3.1-70b -g rtx4090 --max-tpot 1s",
                "check -m 7b -g ryzen-7950x --max-tpot 1s --allow-misfit -e ideal",
                "check -m llama-3.1-8b -g h100-sxm --concurrency 4000 --max-ttft 1s --min-tokens-per-second 50",
                "check -m llama-3.1-8b -g h100-sxm --max-tpot 9ms --against pessimistic --price h100-sxm=2 --mtp=false",
                "check -m 7b -g l4 --max breakdown.decode.weights_ms=10 --min speed_of_light_percent=10 --max-cost 1"
            })
    void every_verdict_in_json_is_valid(String commandLine) throws IOException {
        Run run = Run.line(commandLine.replace(" --mtp=false", "") + " --json");

        assertThat(run.code()).as(run.err()).isIn(0, 1);
        requireValid("verdict", run.out(), commandLine);
    }

    @Test
    void a_verdict_since_a_baseline_is_valid() throws IOException {
        Run run = Run.line("check src/test/resources/budgets/three.json --profiles src/test/resources/overlay"
                + " --baseline src/test/resources/budgets/three-before.json --max-regression 1 --json");

        assertThat(run.code()).as(run.err()).isEqualTo(1);
        requireValid("verdict", run.out(), "baseline");
    }

    @Test
    void what_a_verdict_says_was_asked_is_a_budget_that_asks_the_same() throws IOException {
        JsonNode verdict =
                Run.line("check src/test/resources/budgets/three.json --json").json();
        ObjectNode budget = JSON.createObjectNode();
        verdict.get("deployments")
                .forEach(deployment -> budget.withArray("deployments").add(deployment.get("asked")));
        requireValid("budget", budget.toString(), "asked");
        Path file = Files.createTempFile("budget", ".json");
        try {
            Files.writeString(file, budget.toString());
            JsonNode again = Run.of("check", file.toString(), "--json").json();

            assertThat(again.get("deployments")).isEqualTo(verdict.get("deployments"));
        } finally {
            Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"deployments\": []}",
                "{\"deployments\": [{\"model\": \"7b\"}]}",
                "{\"deployments\": [{\"name\": \"a\", \"gpus\": true}]}",
                "{\"deployments\": [{\"name\": \"a\", \"max_tpot\": \"3ms\"}]}",
                "{\"deployments\": [{\"name\": \"a\", \"limits\": {\"model\": \"7b\"}}]}",
                "{\"deployments\": [{\"name\": \"a\", \"mtp\": \"yes\"}]}",
                "{\"deployments\": [{\"name\": \"a\"}], \"default\": {}}",
                "{\"deployments\": [{\"name\": \"a\"}], \"defaults\": {\"name\": \"b\"}}"
            })
    void what_the_schema_refuses_the_program_refuses_too(String budget) throws IOException {
        assertThat(validated("budget", budget).isValid()).isFalse();
        Path file = Files.createTempFile("budget", ".json");
        try {
            Files.writeString(file, budget);
            assertThat(Run.of("check", file.toString()).code()).isEqualTo(2);
        } finally {
            Files.delete(file);
        }
    }
}
