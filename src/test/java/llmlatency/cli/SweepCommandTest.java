package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.EstimateRows;
import llmlatency.report.ReportFormat;
import llmlatency.study.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SweepCommandTest {
    private static final String SMALL = "sweep -m 7b,gpt2 -g 'rtx409*,l4' -b 1..4*2";

    /** Every kind of option, so that nothing that a sweep keeps between rows changes an answer. */
    private static final List<String> GRIDS = List.of(
            "-m '*' -g '*' -d fp16,fp8,int4,q4_k_m",
            "-m llama-3.1-70b,mixtral-8x7b-v0.1,deepseek-v3,gemma-2-9b -g '2x h100-sxm,4x mi300x,8x a100-sxm-80gb'"
                    + " -b '1..256*2' -p 1,512,4k,32k -n 1,2,128,4k",
            "-m 7b,qwen3-30b-a3b -g rtx4090,m4-max-40 --gpus 1,2,4 --split layer -e llama.cpp,exllamav2"
                    + " --flash-attention on,off,auto -p 1k..8k*2",
            "-m llama-3.1-8b -g h100-sxm,l40s --tp 1,2,3 --pp 1,2 -e vllm,sglang,ideal --concurrency '1..512*4'",
            "-m qwen3-30b-a3b,7b -g rtx4090,rtx3060 -d q4_k_m --gpu-layers 0,10,20 --host 'cpu-ddr5-5600 64GB' -b 1,4",
            "-m llama-3.1-8b -g rtx4090,l4 -d fp16 -b '1..512*2' -p 2k -n 256 -e llama.cpp,vllm",
            "-m 7b --bandwidth '1 TB/s,2 TB/s' --peak fp16=100TFLOP/s --memory 24GiB,80GiB -e ideal"
                    + " --request-rate 0.5,2,8 --kv-dtype fp16,fp8 --cached-tokens 0,100");

    @Test
    void rows_are_those_of_estimate_one_by_one() {
        long seed = Long.getLong("sweep.seed", 20261124L);
        Random random = new Random(seed);
        for (String options : GRIDS) {
            ScenarioOptions asked = new ScenarioOptions();
            new CommandLine(asked).parseArgs(Run.words(options));
            QuestionGrid grid = QuestionGrid.of(asked, library().keeping());
            for (int i = 0; i < 40; i++) {
                long number = (long) (random.nextDouble() * grid.combinations().size());
                // The one before leaves behind what a sweep keeps between rows.
                grid.answer(Math.max(0, number - 1));
                String row = row(grid, number);
                List<String> words = new ArrayList<>(List.of("estimate", "-f", "ndjson"));
                words.addAll(grid.words(number));
                asked.device.peaks.forEach(peak -> words.addAll(List.of("--peak", peak)));
                Run alone = Run.of(words.toArray(String[]::new));
                String single = alone.code() == 0
                        ? alone.out()
                        : alone.err().lines().findFirst().orElse("");
                assertThat(row).as("seed %d: %s", seed, String.join(" ", words)).isEqualTo(single);
            }
        }
    }

    private static ProfileLibrary library() {
        return new ProfileLibrary(List.of());
    }

    private static String row(QuestionGrid grid, long number) {
        Answer answer = grid.answer(number);
        if (answer.estimate() == null) {
            return "llm-latency: "
                    + (answer.refusal() == null ? "" : answer.refusal().message());
        }
        EstimateRows rows = new EstimateRows(
                ReportFormat.NDJSON, EstimateRows.Parts.of(List.of(answer.estimate())), List.of(), List.of());
        StringBuilder text = new StringBuilder();
        rows.append(text, answer.estimate(), List.of());
        return text.toString();
    }

    @Test
    void rows_come_in_the_order_of_the_options_the_workload_fastest() {
        List<List<String>> rows = Run.line(SMALL + " --columns question_model,question_gpu,question_batch")
                .csv();

        assertThat(rows.get(0)).containsExactly("question_model", "question_gpu", "question_batch", "refused_because");
        assertThat(rows).hasSize(1 + 2 * 4 * 3);
        assertThat(rows.get(1)).containsExactly("mistral-7b-v0.1", "rtx4090", "1", "");
        assertThat(rows.get(2)).containsExactly("mistral-7b-v0.1", "rtx4090", "2", "");
        assertThat(rows.get(4)).containsExactly("mistral-7b-v0.1", "rtx4090-laptop", "1", "");
        assertThat(rows.get(24)).containsExactly("gpt2", "l4", "4", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 24, 100})
    void shards_joined_are_the_whole_byte_for_byte(int of) {
        for (String format : List.of("csv", "ndjson")) {
            StringBuilder joined = new StringBuilder();
            for (int i = 1; i <= of; i++) {
                joined.append(Run.line(SMALL + " -f " + format + " --shard " + i + "/" + of)
                        .out());
            }
            assertThat(joined.toString())
                    .isEqualTo(Run.line(SMALL + " -f " + format).out());
        }
    }

    @Test
    void many_blocks_on_many_cores_come_in_order() {
        List<List<String>> rows = Run.line("sweep -m gpt2 -g l4 -e ideal -p 1..3000 --columns question_prompt_tokens")
                .csv();

        assertThat(rows).hasSize(3001);
        for (int i = 1; i <= 3000; i++) {
            assertThat(rows.get(i).get(0)).isEqualTo(Integer.toString(i));
        }
    }

    @Test
    void what_is_impossible_is_a_row_that_says_why() {
        List<List<String>> rows = Run.line("sweep -m 7b -g rtx4090 --tp 2,3 --columns question_tp,expected_tpot_ms")
                .csv();

        assertThat(rows.get(1).get(0)).isEqualTo("2");
        assertThat(rows.get(1).get(2)).isEmpty();
        assertThat(rows.get(2).get(0)).isEqualTo("3");
        assertThat(rows.get(2).get(1)).isEmpty();
        assertThat(Run.line("sweep -m 7b -g rtx4090 --tp 2,3 -f ndjson").out())
                .contains("\"question_tp\":3")
                .contains("\"refused_because\":\"");
    }

    @Test
    void where_all_is_impossible_the_question_is_wrong() {
        Run run = Run.line("sweep -m 7b -g rtx4090 --tp 3,5");

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "-m 7b -g rtx4090,rtx409|rtx409'; did you mean",
                "-m 7b,nosuch -g rtx4090|nosuch",
                "-m 7b -g 'nosuch*'|no GPU matches 'nosuch*'",
                "-m 7b -g l4 -b 1,,2|nothing between two commas",
                "-m 7b -g l4 -b 4..1|count upwards",
                "-m 7b -g l4 -b 1..4*1|count upwards",
                "-m 7b -g l4 -b 0..4*2|count upwards",
                "-m 7b -g l4 -b 1..9999999|more than 1000000 values",
                "-m 7b -g l4 -b 1,x|'x' is not a whole number",
                "-m 7b -g l4 -d fp16,fp61|fp61",
                "-m 7b -g l4 -e vllm,vlm|vlm",
                "-m 7b -g l4 --shard 3/2|I/N",
                "-m 7b -g l4 --columns tpot|there is no column 'tpot'",
                "-m 7b -g l4 -f table|none of csv, ndjson",
                "-g l4|which model?"
            })
    void a_wrong_word_is_refused_before_any_row(String options, String message) {
        Run run = Run.line("sweep " + options);

        assertThat(run.code()).isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(run.err()).contains(message);
        assertThat(run.out().lines().count()).isLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "1..256*2|1 2 4 8 16 32 64 128 256",
                "512,4k,32k|512 4k 32k",
                "1..5|1 2 3 4 5",
                "512..2k+512|512 1024 1536 2048",
                "1..10*3,7,1|1 3 9 7",
                "3..3|3",
                "1 .. 4 * 2|1 2 4"
            })
    void lists_and_ranges(String text, String values) {
        assertThat(AxisValues.of("--batch", text, null, library())).containsExactly(values.split(" "));
    }

    @Test
    void an_interrupted_or_refused_file_leaves_the_old_one_whole(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("rows.csv");
        Files.writeString(file, "old");

        assertThat(Run.line("sweep -m 7b -g rtx4090 --tp 3,5 -o " + file).code())
                .isEqualTo(ExitCode.WRONG_QUESTION);
        assertThat(file).hasContent("old");
        assertThat(Run.line("sweep -m 7b -g rtx4090 -o " + file).code()).isZero();
        assertThat(Files.readString(file))
                .isEqualTo(Run.line("sweep -m 7b -g rtx4090").out());
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_broken_pipe_ends_it_quietly() {
        OutputStream broken = new OutputStream() {
            private int writes;

            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void write(byte[] b) throws IOException {
                if (writes++ > 1) {
                    throw new IOException("Broken pipe");
                }
            }
        };
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();

        int code = new Program(new Console(broken, err, Map.of()))
                .run(Run.words("sweep -m gpt2 -g l4 -e ideal -p 1..100000"));

        assertThat(code).isZero();
        assertThat(err.toString(java.nio.charset.StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void progress_is_shown_where_standard_error_is_a_terminal_and_taken_away() {
        java.io.ByteArrayOutputStream err = new java.io.ByteArrayOutputStream();
        Console console = new Console(OutputStream.nullOutputStream(), err, Map.of("LLM_LATENCY_TERMINAL", "1 2"));
        Progress progress = new Progress(console, 1000, Terminal.isAt(console, 2), 0);

        progress.add(100);
        progress.add(100);
        progress.end();

        String shown = err.toString(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(shown)
                .startsWith("100 of 1000 rows, ")
                .contains("\r200 of 1000 rows, ")
                .contains(" s left");
        assertThat(shown).endsWith(" \r").doesNotContain("\n");
        assertThat(Run.line(SMALL).err()).isEmpty();
    }
}
