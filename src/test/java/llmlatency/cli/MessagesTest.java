package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program says to a wrong question: exit code 2, a few lines on stderr, and what to type instead. */
class MessagesTest {
    private static final String ASKED = "estimate -m 7b -g rtx4090 ";
    private static final String CHECKED = "check -m 7b -g rtx4090 ";

    private static Run refused(String... arguments) {
        Run run = Run.of(arguments);
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("llm-latency: ")
                .endsWith("\n")
                .doesNotContain("Exception", "Usage:", "\tat ", "null");
        assertThat(run.err().lines()).hasSizeBetween(1, 4);
        return run;
    }

    private static Run refusedLine(String commandLine) {
        return refused(Run.words(commandLine));
    }

    @ParameterizedTest
    @CsvSource({
        "estimate -m 7b -g rtx409, rtx4090",
        "estimate -m 7b -g h100smx, h100-sxm",
        "estimate -m mistrl-7b-v0.1 -g rtx4090, mistral-7b-v0.1",
        "estimate -m lama-3.1-8b -g rtx4090, llama-3.1-8b",
        "estimate -m 7b -g rtx4090 -d q4_k_mm, q4_k_m",
        "estimate -m 7b -g rtx4090 --kv-dtype fp6, fp16",
        "estimate -m 7b -g rtx4090 -e ideel, ideal",
        "estimate -m 7b -g rtx4090 -e llama.cpp --efficiency weight_bandwith=1, weight_bandwidth",
        "estimate -m 7b -g rtx4090 --engin-version 2025, --engine-version",
        "show gpu rtx409, rtx4090",
        "estimate --modle 7b -g rtx4090, --model",
        "estimate -m 7b -g rtx4090 --promt-tokens 4k, --prompt-tokens",
        "check -m 7b -g rtx4090 --max-tpott 20ms, --max-tpot",
        "estimat -m 7b, estimate",
        "chekc -m 7b, check",
        "validat measured.csv, validate"
    })
    void a_word_that_is_nearly_right_is_answered_with_the_right_one(String commandLine, String meant) {
        assertThat(refusedLine(commandLine).err()).containsPattern("did you mean .*" + meant + "\\b");
    }

    @ParameterizedTest
    @CsvSource({
        "estimate -m 7b -g nothing-like-it, llm-latency list gpus",
        "show engine nothing-like-it, llm-latency list engines",
        "estimate -m nothing-like-it -g rtx4090, llm-latency list models",
        "estimate -m 7b -g rtx4090 -d nothing-like-it, llm-latency list formats",
        "estimate -m 7b, --gpu NAME",
        "estimate -g rtx4090, --model NAME",
        "estimate, --model NAME",
        "check -m 7b -g rtx4090, --max-tpot 20ms",
        "frobnicate, llm-latency --help",
        "list, llm-latency list --help",
        "list gadgets, 'models, gpus, formats, engines'",
        "show, llm-latency show --help",
        "show gpu, llm-latency show --help",
        "show gpu rtx4090 l4, llm-latency show --help",
        "list gpus a b, llm-latency list --help",
        "estimate 7b rtx4090, llm-latency estimate --help",
        "--frobnicate, llm-latency --help",
        "estimate -m 7b -g rtx4090 -p, llm-latency estimate --help"
    })
    void a_question_that_cannot_be_answered_says_what_to_type(String commandLine, String hint) {
        assertThat(refusedLine(commandLine).err()).contains(hint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1.5",
                "512.0",
                "1e3",
                "NaN",
                "",
                " ",
                "ten",
                "4kk",
                "k",
                "1,024",
                "٤",
                "😀",
                "0x10",
                "1000000001",
                "99999999999999999999",
                "1000000k"
            })
    void a_count_that_is_none_is_refused_by_its_option(String count) {
        for (String option : List.of("--prompt-tokens", "--output-tokens", "--batch", "--gpus", "--tp")) {
            assertThat(refused("estimate", "-m", "7b", "-g", "rtx4090", option, count)
                            .err())
                    .contains(option, "'" + count + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1,008 GB/s",
                "1008",
                "GB/s",
                "NaN",
                "NaN GB/s",
                "Infinity GB/s",
                "-5 GB/s",
                "0 GB/s",
                "",
                " ",
                "1008 GiB",
                "1e999 GB/s",
                "1..8 GB/s",
                "1008 gb/s",
                "1008 GB/s extra",
                "😀 GB/s"
            })
    void a_bandwidth_that_is_none_is_refused_with_an_example(String bandwidth) {
        assertThat(refused("estimate", "-m", "7b", "-g", "rtx4090", "--bandwidth", bandwidth)
                        .err())
                .contains("--bandwidth", "1008 GB/s", "'" + bandwidth + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-e llama.cpp/metall | llama.cpp has no backend 'metall'; it has cuda, rocm",
                "-e ideal/cuda | ideal has no backend 'cuda'; it has but one",
                "-e nothing-like-it | llm-latency list engines",
                "-e llama.cpp --engine-version b-no-such | --engine-version: 'b-no-such' is no version of llama.cpp",
                "-e llama.cpp --engine-version 2025-13 | '2025-13' is no version of llama.cpp",
                "-e ideal --engine-version 2025 | no versions of ideal are told apart",
                "--flash-attention yes | --flash-attention 'yes' is none of on, off, auto",
                "-e ideal --flash-attention on | --flash-attention changes nothing with ideal",
                "-e ideal --efficiency tile=16 | --efficiency changes nothing with ideal",
                "-e llama.cpp --efficiency tile | 'tile' is not NAME=VALUE, such as weight_bandwidth=0.8",
                "-e llama.cpp --efficiency nothing-like-it=1 | engines have no parameter 'nothing-like-it'",
                "-e llama.cpp --efficiency tile=16 --efficiency tile=17 | --efficiency tile is given twice",
            })
    void an_engine_that_cannot_be_asked_so_is_refused(String options, String message) {
        assertThat(refusedLine(ASKED + options).err()).contains(message);
        assertThat(refusedLine(CHECKED + "--max-tpot 1s " + options).err()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "1.3", "-0.5", "NaN", "Infinity", "0x1p-1", "0,8", "80%", "1e", "1d", "", "e", "\u0661"})
    void an_efficiency_that_is_none_is_refused_with_its_bounds(String value) {
        assertThat(refused(
                                "estimate",
                                "-m",
                                "7b",
                                "-g",
                                "rtx4090",
                                "-e",
                                "llama.cpp",
                                "--efficiency",
                                "weight_bandwidth=" + value)
                        .err())
                .contains("--efficiency weight_bandwidth: '" + value + "' is not a number from 0.01 to 1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"24", "24 GB/s", "0 GiB", "-24 GiB", "NaN GiB", "", "24,0 GiB"})
    void a_memory_size_that_is_none_is_refused_with_an_example(String memory) {
        assertThat(refused("estimate", "-m", "7b", "-g", "rtx4090", "--memory", memory)
                        .err())
                .contains("--memory", "GiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fp16",
                "fp16=",
                "=165 TFLOP/s",
                "fp16=165",
                "fp17=165 TFLOP/s",
                "fp16=NaN TFLOP/s",
                "fp16=0 TFLOP/s",
                "fp16=1 GB/s",
                ""
            })
    void a_peak_that_is_none_is_refused_with_an_example(String peak) {
        assertThat(refused("estimate", "-m", "7b", "-g", "rtx4090", "--peak", peak)
                        .err())
                .contains("--peak")
                .containsPattern("[0-9] TFLOP/s");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--max-ttft 20",
                "--max-tpot 0ms",
                "--max-total -1s",
                "--max-tpot NaN",
                "--max-tpot 20m",
                "--max-tpot ''",
                "--max-ttft Infinityms",
                "--max-tpot '20 mss'",
                "--min-tokens-per-second 0",
                "--min-tokens-per-second NaN",
                "--min-tokens-per-second -5",
                "--min-tokens-per-second fast",
                "--min-tokens-per-second Infinity",
                "--min-tokens-per-second ''"
            })
    void a_limit_that_is_none_is_refused_by_its_option(String limit) {
        assertThat(refusedLine(CHECKED + limit).err()).contains(limit.split(" ")[0] + ":");
    }

    @ParameterizedTest
    @CsvSource({
        ASKED + "--json -f csv, contradict",
        ASKED + "-q --explain, contradict",
        "estimate -m 7b -g '2x rtx4090' --gpus 4, give one",
        ASKED + "--gpus 4 --tp 2, --tp 4",
        "estimate -m 7b -g '2x rtx4090' --tp 4, --tp 2",
        ASKED + "--peak 'fp16=1 TFLOP/s' --peak 'fp16=2 TFLOP/s', twice",
        ASKED + "--tp 3, '1, 2, 4, 8'",
        ASKED + "--tp 64, '1, 2, 4, 8'",
        ASKED + "--cached-tokens 512, fewer",
        ASKED + "-p 100 --cached-tokens 4k, fewer",
        ASKED + "--kv-dtype q4_k_m, --kv-dtype",
        "estimate -m 7b --memory '24 GiB', --bandwidth",
        "estimate -m 7b --bandwidth '1 TB/s', --peak",
        "estimate -m 7b -d fp16 --bandwidth '1 TB/s' --peak 'fp8=1 TFLOP/s', --peak",
        ASKED + "-f xml, 'table, json, ndjson, csv, markdown'",
        ASKED + "-f '', --format",
        CHECKED + "--max-tpot 1s -f csv, 'table, json'",
        ASKED + "-p 1000000000 -n 1000000000 -b 1000000000, lower"
    })
    void options_that_do_not_go_together_are_refused(String commandLine, String word) {
        assertThat(refusedLine(commandLine).err()).contains(word);
    }

    static Stream<String> strangeWords() {
        return Stream.of(
                "",
                " ",
                "😀",
                "-",
                "--",
                "..",
                "/",
                "\0",
                "\u202e",
                "%s%n",
                "$HOME",
                "@/etc/passwd",
                "'",
                "\\",
                "../../etc/passwd",
                "nul\0byte",
                "x".repeat(20_000),
                "é".repeat(3_000),
                "-".repeat(500),
                "*",
                "2x",
                "0x rtx4090");
    }

    @ParameterizedTest
    @MethodSource("strangeWords")
    void a_strange_word_for_a_name_is_refused_like_any_other(String word) {
        refused("estimate", "-m", word, "-g", "rtx4090");
        refused("estimate", "-m", "7b", "-g", word);
        refused("estimate", "-m", "7b", "-g", "rtx4090", "-d", word);
        refused("estimate", "-m", "7b", "-g", "rtx4090", "-e", word);
        refused("show", "gpu", word);
        if (!word.equals("-")) { // standard input, which is empty
            refused("validate", word);
        }
        refused("show", word, "rtx4090");
        refused("estimate", "-m", "7b", "-g", "rtx4090", "--profiles", word + "/nowhere");
        refused(word);
    }

    @Test
    void no_arguments_get_a_short_help_on_stderr() {
        assertThat(refused().err()).contains("estimate", "check", "list", "show", "llm-latency --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"estimate", "check", "validate", "list", "show"})
    void help_of_a_command_is_an_answer_with_examples(String command) {
        Run run = Run.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: llm-latency " + command)
                .contains("Examples\n  llm-latency " + command);
        assertThat(Run.of(command, "-h")).isEqualTo(run);
        assertThat(run.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void help_of_the_program_names_every_command_and_exit_code() {
        Run run = Run.of("--help");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("estimate", "check", "list", "show", "Exit codes", "Examples");
        for (int code : new int[] {0, 1, 2, 70, 130}) {
            assertThat(run.out()).containsPattern("(?m)^ +" + code + " +\\w");
        }
    }

    @Test
    void the_version_is_one_line_with_a_number() {
        assertThat(Run.of("--version").out()).matches("llm-latency \\d+\\.\\d+\\.\\d+\\S*\n");
        assertThat(Run.of("-V")).isEqualTo(Run.of("--version"));
    }

    @Test
    void a_missing_profile_folder_is_refused_wherever_it_is_named() {
        assertThat(refusedLine(ASKED + "--profiles /no/such/folder").err()).contains("--profiles", "/no/such/folder");
        Run run = Run.in(Map.of("LLM_LATENCY_PROFILES", "/no/such/folder"), Run.words(ASKED));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("LLM_LATENCY_PROFILES", "/no/such/folder");
    }
}
