package llmlatency;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher does where little works. */
class LauncherTroubleTest {
    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "estimate --help"})
    void help_that_cannot_be_written_is_exit_code_2_with_a_message(String arguments) {
        String script = "\"$0\" " + arguments + " > /dev/full";
        Launched run = Launched.run(
                scratch,
                Map.of(),
                List.of("sh", "-c", script, Launched.launcher().toString()));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("llm-latency: standard output cannot be written")
                .containsOnlyOnce("\n");
    }

    @Test
    void it_runs_as_a_script_named_without_a_folder() {
        String script = "cd \"${0%/*}\" && sh llm-latency --version";
        Launched run = Launched.run(
                scratch,
                Map.of(),
                List.of("sh", "-c", script, Launched.launcher().toString()));
        assertThat(run.code()).isZero();
    }
}
