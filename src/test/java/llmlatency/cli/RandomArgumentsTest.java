package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is typed, the program answers, judges or refuses: it never breaks. */
class RandomArgumentsTest {
    private static final String ASKED = "estimate -m 7b -g rtx4090 ";
    private static final String CHECKED = "check -m 7b -g rtx4090 ";
    private static final String[] WORDS = Run.words(
            "estimate check list show -m --model 7b mixtral-8x7b llama-3.1-70b no-model"
                    + " -g --gpu rtx4090 ryzen-7950x '2x h100-sxm' 'm4-max-40 64GB' no-gpu -d --dtype fp16 fp8 q4_k_m mxfp4 fp32 no-format"
                    + " --kv-dtype -e ideal auto -p -n -b --cached-tokens --gpus --tp 0 1 2 3 4k 1000000000 -1 NaN 1e9 '' 😀"
                    + " --bandwidth '1008 GB/s' '1e-30 GB/s' 1,008 --memory '24 GiB' '1 B' --peak 'fp16=165 TFLOP/s' fp16 --explain -q"
                    + " --json -f --format table json ndjson csv markdown xml --max-ttft --max-tpot --max-total 20ms 1e300s"
                    + " --min-tokens-per-second 50 --allow-misfit --help --version gpus models formats engines gpu 'rtx*' * -- @x -h -V");

    @Test
    void two_thousand_random_command_lines_never_end_as_a_bug_of_ours() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            List<String> arguments = new ArrayList<>();
            if (random.nextInt(4) > 0) {
                arguments.addAll(List.of(Run.words(random.nextBoolean() ? ASKED : CHECKED)));
            }
            int more = random.nextInt(8);
            for (int j = 0; j < more; j++) {
                arguments.add(WORDS[random.nextInt(WORDS.length)]);
            }
            Run run = Run.of(arguments.toArray(String[]::new));
            String context = "-Dfuzz.seed=" + seed + ", line " + i + ": " + arguments + "\n" + run.err();
            assertThat(run.code()).as(context).isIn(0, 1, 2);
            assertThat(run.err().lines().count()).as(context).isLessThanOrEqualTo(4);
            assertThat(run.code() == 2)
                    .as(context)
                    .isEqualTo(run.out().isEmpty()
                            && !run.err().isEmpty()
                            && !run.err().contains(" matches "));
        }
    }
}
