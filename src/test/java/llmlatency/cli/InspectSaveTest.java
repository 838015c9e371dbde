package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code inspect --save}: keeps a model as a profile of the user's own. */
class InspectSaveTest {
    @TempDir
    Path folder;

    private Map<String, String> home() {
        return Map.of("XDG_CONFIG_HOME", folder.toString());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Qwen__Qwen3-8B, q8_0",
        "deepseek-ai__DeepSeek-V3.2, bf16",
        "google__gemma-4-26B-A4B, q4_k_m",
        "nvidia__Nemotron-H-56B-Base-8K, fp16",
        "Qwen__Qwen3-Next-80B-A3B-Instruct, bf16",
        "meta-llama__Meta-Llama-3.1-8B, q4_k_m"
    })
    void what_is_saved_loads_by_its_name_and_says_the_same(String config, String format) {
        String file = Configs.FOLDER.resolve(config + ".json").toString();
        Run saved = Run.in(home(), "inspect", file, "--save", "mine", "-d", format, "--json");
        assertThat(saved.code()).as(saved.err()).isZero();
        assertThat(saved.err()).contains("saved as " + folder.resolve("llm-latency/profiles/models/mine.json"));

        Run loaded = Run.in(home(), "inspect", "mine", "-d", format, "--json");
        assertThat(loaded.code()).as(loaded.err()).isZero();
        assertThat(loaded.out().replace("\"mine\"", "\"" + file + "\"")).isEqualTo(saved.out());
    }

    @Test
    void what_was_assumed_is_saved_with_it() {
        Run saved = Run.in(home(), "inspect", Configs.KIMI, "--assume", "num_experts_per_token=16", "--save", "kimi");
        assertThat(saved.code()).as(saved.err()).isZero();

        JsonNode assumed =
                Run.in(home(), "show", "model", "kimi", "--json").json().get("assumptions");
        assertThat(assumed).hasSize(1);
        assertThat(assumed.get(0).get("what").textValue()).isEqualTo("num_experts_per_token");
        assertThat(assumed.get(0).get("value").textValue()).isEqualTo("16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-3.1-8b", "mine"})
    void a_name_that_exists_is_replaced_only_by_force(String name) throws IOException {
        Path mine = folder.resolve("llm-latency/profiles/models/mine.json");
        assertThat(Run.in(home(), "inspect", Configs.QWEN, "--save", "mine").code())
                .isZero();
        String before = Files.readString(mine);

        Run refused = Run.in(home(), "inspect", Configs.DEEPSEEK, "--save", name);
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("there is a model named '" + name + "' already", "--force");
        assertThat(Files.readString(mine)).isEqualTo(before);

        assertThat(Run.in(home(), "inspect", Configs.DEEPSEEK, "--save", name, "--force")
                        .code())
                .isZero();
        assertThat(Run.in(home(), "inspect", name, "--json")
                        .json()
                        .get("model")
                        .get("kv_bytes_per_token")
                        .doubleValue())
                .isEqualTo(70_272);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "../up", "a/b", "Big", ".hidden", "-x", "é"})
    void a_name_that_is_no_file_name_is_refused(String name) {
        Run run = Run.in(home(), "inspect", Configs.QWEN, "--save=" + name);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("a profile's name is of lower-case letters, digits");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saving_needs_a_home() {
        Run run = Run.of("inspect", Configs.QWEN, "--save", "mine");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("set HOME or XDG_CONFIG_HOME");
    }
}
