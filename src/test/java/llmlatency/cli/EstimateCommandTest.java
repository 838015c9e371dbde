package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code estimate}: what is asked, what it takes by default, and the promises of output.md on its answer. */
class EstimateCommandTest {
    private static final String USUAL = "estimate --model 7b --gpu rtx4090 --dtype fp16 -e ideal";

    private static Run answered(String commandLine) {
        Run run = Run.line(commandLine);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        return run;
    }

    private static JsonNode json(String commandLine) {
        return answered(commandLine + " --json").json();
    }

    private static List<String> keys(JsonNode node) {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    @Test
    void json_holds_the_blocks_and_names_of_schema_version_1() {
        JsonNode answer = json(USUAL);

        assertThat(answer.get("schema_version").intValue()).isEqualTo(1);
        assertThat(keys(answer)).contains("question", "model", "memory", "floor", "assumptions", "sources");
        assertThat(keys(answer.get("question")))
                .contains("model", "gpu", "gpus", "engine", "weight_format", "kv_format", "prompt_tokens")
                .contains("cached_tokens", "output_tokens", "batch", "tp", "pp", "dp", "ep", "moe_tp", "replicas");
        assertThat(keys(answer.get("model")))
                .contains("parameters", "active_parameters", "weight_bytes", "weight_bytes_per_token")
                .contains("kv_bytes_per_token", "kv_constant_bytes");
        assertThat(keys(answer.get("memory")))
                .contains("weight_bytes", "kv_cache_bytes", "activation_bytes", "reserve_bytes", "total_bytes")
                .contains("capacity_bytes", "fits", "max_context_tokens", "max_batch");
        assertThat(keys(answer.get("floor")))
                .contains("ttft_ms", "tpot_ms", "tpot_first_ms", "tpot_last_ms", "total_ms", "tokens_per_second")
                .contains("tokens_per_second_per_sequence", "end_to_end_tokens_per_second", "speed_of_light_percent")
                .contains("curve", "bound", "breakdown", "operations");
    }

    @Test
    void json_holds_the_inner_names_of_schema_version_1() {
        JsonNode answer = json(USUAL);
        JsonNode floor = answer.get("floor");

        assertThat(keys(floor.get("curve"))).contains("k_ms", "b_ms", "max_deviation_ms");
        assertThat(keys(floor.get("bound"))).contains("prefill", "decode");
        for (String phase : List.of("prefill", "decode")) {
            assertThat(keys(floor.get("breakdown").get(phase)))
                    .contains("weights_ms", "kv_cache_ms", "compute_ms", "communication_ms", "overhead_ms");
        }
        assertThat(floor.get("operations"))
                .isNotEmpty()
                .allSatisfy(operation -> assertThat(keys(operation))
                        .contains("phase", "operation", "count", "flops", "bytes", "time_ms", "bound"));
        assertThat(answer.get("assumptions"))
                .isNotEmpty()
                .allSatisfy(assumption -> assertThat(keys(assumption)).contains("what", "value", "why"));
        assertThat(answer.get("sources"))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(keys(source)).contains("title", "kind"));
    }

    @Test
    void nothing_is_expected_beyond_the_floor_of_the_ideal_engine() {
        assertThat(json(USUAL).has("expected")).isFalse();
        assertThat(answered(USUAL + " -f ndjson").json().fieldNames())
                .toIterable()
                .noneMatch(name -> name.startsWith("expected"));
        assertThat(answered(USUAL).out())
                .contains("expected: not estimated, the floor is the best case")
                .doesNotContain("80 % interval");
    }

    @Test
    void the_times_of_a_phases_operations_add_up_to_the_phase() {
        JsonNode floor =
                json("estimate -m mixtral-8x7b -g h100-sxm -b 8 -p 1024").get("floor");

        assertThat(sum(floor, "prefill")).isCloseTo(floor.get("ttft_ms").doubleValue(), relative());
        assertThat(sum(floor, "decode")).isCloseTo(floor.get("tpot_ms").doubleValue(), relative());
    }

    private static double sum(JsonNode timings, String phase) {
        return StreamSupport.stream(timings.get("operations").spliterator(), false)
                .filter(operation -> operation.get("phase").textValue().equals(phase))
                .mapToDouble(operation -> operation.get("time_ms").doubleValue())
                .sum();
    }

    private static Offset<Double> relative() {
        return within(1e-5);
    }

    @Test
    void a_single_output_token_has_no_k_no_tpot_and_no_decode() {
        JsonNode floor = json(USUAL + " -n 1").get("floor");

        assertThat(keys(floor))
                .doesNotContain("tpot_ms", "tpot_first_ms", "tpot_last_ms", "tokens_per_second")
                .doesNotContain("tokens_per_second_per_sequence", "speed_of_light_percent");
        assertThat(floor.at("/curve/k_ms").isMissingNode()).isTrue();
        assertThat(floor.at("/breakdown/decode").isMissingNode()).isTrue();
        assertThat(floor.at("/bound/decode").isMissingNode()).isTrue();
        assertThat(floor.get("total_ms").doubleValue())
                .isEqualTo(floor.get("ttft_ms").doubleValue());
        assertThat(answered(USUAL + " -n 1").out()).doesNotContain("TPOT", "y = ");
    }

    @Test
    void csv_has_the_same_columns_in_the_same_order_whatever_is_asked() {
        List<List<String>> usual = answered(USUAL + " -f csv").csv();
        List<List<String>> other = answered("estimate -m mixtral-8x7b -g ryzen-7950x -n 1 -d q4_k_m -f csv")
                .csv();

        assertThat(usual).hasSize(2);
        assertThat(usual.get(0)).isEqualTo(other.get(0)).doesNotHaveDuplicates();
        assertThat(usual.get(1)).hasSameSizeAs(usual.get(0));
        assertThat(other.get(1)).hasSameSizeAs(usual.get(0));
        assertThat(usual.get(0))
                .containsSubsequence(
                        "question_model",
                        "model_parameters",
                        "memory_weight_bytes",
                        "floor_ttft_ms",
                        "floor_tpot_ms",
                        "floor_total_ms",
                        "floor_breakdown_prefill_weights_ms",
                        "floor_bound_decode",
                        "expected_ttft_ms",
                        "expected_tpot_ms",
                        "expected_ttft_low_ms",
                        "expected_tpot_high_ms");
    }

    @Test
    void csv_leaves_the_expected_columns_blank() {
        List<List<String>> rows = answered(USUAL + " -f csv").csv();

        assertThat(rows.get(0)).filteredOn(name -> name.startsWith("expected_")).hasSizeGreaterThan(20);
        for (int i = 0; i < rows.get(0).size(); i++) {
            if (rows.get(0).get(i).startsWith("expected_")) {
                assertThat(rows.get(1).get(i)).as(rows.get(0).get(i)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {USUAL, USUAL + " -n 1", "estimate -m llama-3.1-70b -g '4x h100-sxm' -b 8 -e ideal"})
    void ndjson_is_one_line_with_the_names_and_values_of_json_and_csv(String question) {
        Run run = answered(question + " -f ndjson");
        Map<String, String> line = flat(run.json());

        assertThat(run.out()).endsWith("}\n").containsOnlyOnce("\n");
        Map<String, String> nested = flat(json(question));
        assertThat(nested.remove("expected_absent_because")).isNotBlank(); // a text, in JSON alone
        nested.remove("price_source"); // another one, where there is a price
        assertThat(line).isEqualTo(nested);
        List<List<String>> rows = answered(question + " -f csv").csv();
        Map<String, String> cells = new TreeMap<>();
        for (int i = 0; i < rows.get(0).size(); i++) {
            if (!rows.get(1).get(i).isEmpty()) {
                cells.put(rows.get(0).get(i), rows.get(1).get(i));
            }
        }
        line.remove("schema_version");
        assertThat(cells).isEqualTo(line);
    }

    /** Names and values without arrays, nested names joined by an underline. */
    private static Map<String, String> flat(JsonNode tree) {
        Map<String, String> flat = new TreeMap<>();
        flatten(flat, "", tree);
        return flat;
    }

    private static void flatten(Map<String, String> flat, String prefix, JsonNode node) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isObject()) {
                flatten(flat, prefix + field.getKey() + "_", value);
            } else if (!value.isArray()) {
                flat.put(
                        prefix + field.getKey(),
                        value.isNumber() ? value.decimalValue().toPlainString() : value.asText());
            }
        });
    }

    @Test
    void four_k_tokens_are_4096() {
        assertThat(json(USUAL + " -p 4k").at("/question/prompt_tokens").intValue())
                .isEqualTo(4096);
        assertThat(json(USUAL + " -n 1K").at("/question/output_tokens").intValue())
                .isEqualTo(1024);
    }

    @ParameterizedTest
    @CsvSource({
        "/question/prompt_tokens, 512",
        "/question/output_tokens, 128",
        "/question/batch, 1",
        "/question/cached_tokens, 0",
        "/question/gpus, 1",
        "/question/tp, 1",
        "/question/replicas, 1"
    })
    void what_is_not_asked_takes_its_default(String pointer, int value) {
        assertThat(json(USUAL).at(pointer).intValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "7b, '', bf16, bf16",
        "7b, -d fp16, fp16, fp16",
        "7b, -d q4_k_m, q4_k_m, bf16",
        "7b, -d fp8, fp8, bf16",
        "7b, -d q4_k_m --kv-dtype fp8, q4_k_m, fp8",
        "aquila-7b, -d awq, awq, fp16",
        "aquila-7b, '', fp16, fp16"
    })
    void the_cache_takes_a_16_bit_weight_format_and_else_the_checkpoints_own(
            String model, String options, String weights, String cache) {
        JsonNode question =
                json("estimate -g rtx4090 -m " + model + " " + options).get("question");

        assertThat(question.get("weight_format").textValue()).isEqualTo(weights);
        assertThat(question.get("kv_format").textValue()).isEqualTo(cache);
    }

    @Test
    void an_alias_is_resolved_in_sight() {
        assertThat(answered(USUAL).out()).startsWith("mistral-7b-v0.1 (7b), fp16, on one rtx4090\n");
        assertThat(json(USUAL).at("/question/model").textValue()).isEqualTo("mistral-7b-v0.1");
    }

    @Test
    void equal_counts_said_twice_are_no_contradiction() {
        assertThat(json("estimate -m 7b -g '2x rtx4090' --gpus 2 --tp 2")
                        .at("/question/tp")
                        .intValue())
                .isEqualTo(2);
    }

    @Test
    void two_of_a_device_by_name_are_the_same_as_by_option() {
        JsonNode byName = json("estimate -m 7b -e ideal -g '2x rtx4090'");

        assertThat(byName).isEqualTo(json("estimate -m 7b -e ideal -g rtx4090 --gpus 2"));
        assertThat(byName.get("floor"))
                .isEqualTo(json("estimate -m 7b -e ideal -g rtx4090 --tp 2").get("floor"));
        assertThat(byName.at("/question/gpus").intValue()).isEqualTo(2);
        assertThat(byName.get("floor"))
                .isNotEqualTo(json("estimate -m 7b -e ideal -g rtx4090").get("floor"));
    }

    @Test
    void the_layout_of_several_devices_is_an_assumption_unless_it_is_said() {
        assertThat(json("estimate -m 7b -g '2x rtx4090'").get("assumptions").findValuesAsText("what"))
                .contains("layout");
        assertThat(json("estimate -m 7b -g '2x rtx4090' --tp 2")
                        .get("assumptions")
                        .findValuesAsText("what"))
                .doesNotContain("layout");
    }
}
