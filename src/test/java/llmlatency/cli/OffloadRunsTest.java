package llmlatency.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Published runs of llama.cpp with a part of the model on the host, all on one machine. Nothing was fitted to them, and
 * most include the time of their prompt, so that they may only be slower than what is expected of a step.
 */
class OffloadRunsTest {
    private static final Path FOLDER = Path.of("src/test/resources/offload");

    @Test
    void four_of_five_lie_within_the_interval_and_none_beats_the_floor() throws IOException {
        List<String> within = new ArrayList<>();
        List<String> lines = Files.readAllLines(FOLDER.resolve("runs.csv"));
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            JsonNode answer = Run.line("estimate -g rtx2080 -e llama.cpp --json --host " + FOLDER
                            + "/core-i9-10900x.json -m " + cells[1] + " -d " + cells[2] + " " + cells[3])
                    .json();
            double step = 1000 / Double.parseDouble(cells[4]);
            assertThat(step).as(line).isGreaterThan(answer.at("/floor/tpot_ms").doubleValue());
            if (step > answer.at("/expected/interval/tpot_low_ms").doubleValue()
                    && step < answer.at("/expected/interval/tpot_high_ms").doubleValue()) {
                within.add(line);
            }
        }
        assertThat(within).hasSizeGreaterThanOrEqualTo((lines.size() - 1) * 4 / 5);
    }
}
