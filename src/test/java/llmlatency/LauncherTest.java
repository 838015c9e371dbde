package llmlatency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmlatency.cli.Run;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as it is installed, run as a process: from anywhere, into anything, whatever the environment says. */
class LauncherTest {
    private static final String[] QUESTION = Run.words("estimate --model 7b --gpu rtx4090 --dtype fp16");
    private static final String ANSWER = Run.of(QUESTION).out();

    @TempDir
    Path scratch;

    private Launched run(Map<String, String> environment, Path program, String... arguments) {
        return Launched.run(scratch, environment, Launched.command(program, arguments));
    }

    private Launched run(String... arguments) {
        return run(Map.of(), Launched.launcher(), arguments);
    }

    /** A script with the launcher as {@code $0}. */
    private Launched shell(String shell, String script) {
        return Launched.run(
                scratch,
                Map.of(),
                List.of(shell, "-c", script, Launched.launcher().toString()));
    }

    private static void assertAnswered(Launched run) {
        assertThat(run).isEqualTo(new Launched(0, ANSWER, ""));
    }

    static Stream<String> commandLines() {
        return Stream.of(
                "estimate -m 7b -g rtx4090 -d fp16 --json",
                "estimate -m 7b -g rtx409",
                "check -m 7b -g l4 --max-tpot 1ms",
                "list formats -f csv",
                "show model 7b",
                "estimate --help",
                "--version",
                "");
    }

    @ParameterizedTest
    @MethodSource("commandLines")
    void the_process_does_what_the_program_does_in_memory(String commandLine) {
        Run inMemory = Run.line(commandLine);

        assertThat(run(Run.words(commandLine)))
                .isEqualTo(new Launched(inMemory.code(), inMemory.out(), inMemory.err()));
    }

    @Test
    void it_runs_through_a_chain_of_symbolic_links() throws IOException {
        Path first = Files.createSymbolicLink(scratch.resolve("llm-latency"), Launched.launcher());
        Path folder = Files.createDirectory(scratch.resolve("folder"));
        Files.createSymbolicLink(
                folder.resolve("latency"), Path.of("..", first.getFileName().toString()));

        assertAnswered(run(Map.of(), first, QUESTION));
        assertAnswered(run(Map.of(), folder.resolve("latency"), QUESTION));
        assertAnswered(run(Map.of(), Path.of("folder/latency"), QUESTION));
        Files.delete(first); // JUnit warns of links out of its folder
    }

    @Test
    void it_runs_with_spaces_in_its_path_and_by_its_bare_name() throws IOException {
        Path copy = Launched.copyTo(scratch.resolve("with space"));

        assertAnswered(run(Map.of(), copy.resolve("bin/llm-latency"), QUESTION));
        assertAnswered(run(Map.of(), Path.of("./with space/bin/llm-latency"), QUESTION));
        String path = copy.resolve("bin") + ":" + System.getenv("PATH");
        assertAnswered(Launched.run(
                scratch, Map.of("PATH", path), List.of("sh", "-c", "llm-latency " + String.join(" ", QUESTION))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/nowhere/with space"})
    void a_java_home_without_java_is_said_in_a_line(String home) {
        Launched run = run(Map.of("JAVA_HOME", home), Launched.launcher(), QUESTION);

        assertThat(run.code()).isEqualTo(70);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("llm-latency: no Java at " + home)
                .contains("17")
                .containsOnlyOnce("\n");
    }

    @Test
    void a_java_too_old_is_said_in_a_line() throws IOException {
        Path old = scratch.resolve("jdk-11");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        Path java = Files.writeString(old.resolve("bin/java"), "#!/bin/sh\necho ran\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();

        Launched run = run(Map.of("JAVA_HOME", old.toString()), Launched.launcher(), QUESTION);

        assertThat(run.code()).isEqualTo(70);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("llm-latency: Java 11.0.2 is too old").containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, de_DE.UTF-8", "LC_ALL, tr_TR.UTF-8", "LC_ALL, C", "COLUMNS, 40", "TERM, dumb", "NO_COLOR, 1"})
    void the_environment_of_a_terminal_changes_no_byte(String name, String value) {
        assertAnswered(run(Map.of(name, value), Launched.launcher(), QUESTION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv", "table"})
    void the_language_and_encoding_of_the_jvm_change_no_byte(String format) {
        String options = "-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-1 -Dline.separator=@";
        String[] question = Run.words("estimate -m 7b -g 'RTX 4090' -d q4_k_m -f " + format);

        Launched run = run(Map.of("JAVA_TOOL_OPTIONS", options), Launched.launcher(), question);

        assertThat(run.out()).isEqualTo(Run.of(question).out());
        assertThat(run.err()).contains(options);
    }

    @Test
    void a_full_disk_is_one_message_and_exit_code_2() {
        Launched run = shell("sh", "\"$0\" list models --json > /dev/full");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("llm-latency: standard output cannot be written")
                .containsOnlyOnce("\n");
    }

    @Test
    void a_broken_budget_that_cannot_be_told_is_not_exit_code_1() {
        assertThat(shell("sh", "\"$0\" check -m 7b -g l4 --max-tpot 1ms > /dev/full")
                        .code())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "list models --json | true, 0",
        "list models --json | head -1, 0",
        "estimate --help | true, 0",
        "check -m 7b -g l4 --max-tpot 1ms | true, 1",
        "check -m 7b -g l4 --max-tpot 10s | true, 0"
    })
    void a_closed_pipe_ends_it_quietly_with_the_code_the_answer_has(String pipeline, int code) {
        Launched run = shell("bash", "\"$0\" " + pipeline + "; exit ${PIPESTATUS[0]}");

        assertThat(run.code()).isEqualTo(code);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void a_closed_standard_input_does_not_matter() {
        Launched run = shell("sh", "\"$0\" " + String.join(" ", QUESTION) + " <&-");

        assertAnswered(run);
    }

    @Test
    void closed_standard_streams_do_not_change_the_exit_code_to_that_of_a_broken_budget() {
        assertThat(shell("sh", "\"$0\" estimate -m 7b -g no-such-gpu 2>&-").code())
                .isEqualTo(2);
        assertThat(shell("sh", "\"$0\" estimate -m 7b -g rtx4090 >&-").code()).isEqualTo(2);
    }

    @Test
    void out_writes_what_would_have_been_printed_and_prints_nothing() throws IOException {
        Path file = scratch.resolve("answer file.txt");
        String[] question = Stream.concat(
                        Stream.of(QUESTION), Stream.of("-o", file.getFileName().toString()))
                .toArray(String[]::new);

        assertThat(run(question)).isEqualTo(new Launched(0, "", ""));
        assertThat(file).hasContent(ANSWER);
        assertThat(Files.list(scratch)).containsExactly(file);
    }

    @Test
    void aConfigComesThroughAPipe() {
        String config = "{\\\"model_type\\\":\\\"llama\\\",\\\"vocab_size\\\":100,\\\"hidden_size\\\":8,"
                + "\\\"intermediate_size\\\":16,\\\"num_hidden_layers\\\":1,\\\"num_attention_heads\\\":2}";
        String script = "echo \"" + config + "\" | \"$0\" estimate -m - -g l4 -f ndjson";
        Launched run = Launched.run(
                scratch,
                Map.of(),
                List.of("sh", "-c", script, Launched.launcher().toString()));
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"model_parameters\":");
    }
}
