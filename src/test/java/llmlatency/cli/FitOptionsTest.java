package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fit is asked, before it fits. */
class FitOptionsTest {
    private static final String OVERLAY = " --profiles src/test/resources/overlay";

    @TempDir
    Path folder;

    private Path times;
    private Path runs;

    @BeforeEach
    void write() throws IOException {
        times = Files.writeString(folder.resolve("times.csv"), "tokens,milliseconds\n0,30\n100,1830\n");
        runs = Files.writeString(folder.resolve("runs.csv"), """
                model,gpu,engine,weight_format,metric,value
                7b,rtx4090,llama.cpp,fp16,tpot_ms,18
                7b,rtx4090,llama.cpp,q8_0,tpot_ms,10
                7b,rtx4090,nothing-like-it,fp16,tpot_ms,18
                """);
    }

    @Test
    void aLineIsReadOffTwoTimes() {
        assertThat(Run.line("fit " + times).out()).startsWith("y = 18.00 x + 30.00 ms, through 2 points");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--save mine", "--profile-out x.json", "--whole-profile", "--leave-out gpu", "--where gpu=x"})
    void aTableOfTimesRefusesWhatSpeaksOfEngines(String option) {
        Run run = Run.line("fit " + times + " " + option);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("leave out " + option.split(" ")[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-m 7b", "-g rtx4090"})
    void aLineIsHeldAgainstAModelOnADevice(String half) {
        assertThat(Run.line("fit " + times + " " + half).err()).contains("give both --model and --gpu");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama.cpp", "llama.cpp/cuda"})
    void rowsThatPlayNoPartAreCountedBesideTheAnswer(String engine) {
        Run run = Run.line("fit " + runs + " -e " + engine + OVERLAY);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("llama.cpp fitted to 2 rows");
        assertThat(run.err()).contains("1 of 3 rows play no part");
    }

    @Test
    void aNameThatIsTakenIsRefusedBeforeAnythingIsFitted() {
        Run run = Run.line("fit " + runs + " -e llama.cpp --save vllm" + OVERLAY);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("named 'vllm' already");
    }
}
