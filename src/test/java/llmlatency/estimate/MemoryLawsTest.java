package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import llmlatency.units.Bytes;
import org.junit.jupiter.api.Test;

/** What no answer about memory may break, over questions drawn from all models, devices and formats. */
class MemoryLawsTest {
    @Test
    void theLargestBatchFitsAndOneMoreDoesNot() {
        for (Question question : Draw.ANSWERED) {
            Memory memory = question.estimate().memory();
            assertThat(memory.maxBatch() == null).isEqualTo(question.gpu().usableMemory() == null);
            if (memory.maxBatch() != null) {
                long largest = memory.maxBatch();
                assertThat(largest == 0 || fits(question.batch(largest)))
                        .as("%d fit: %s", largest, question)
                        .isTrue();
                assertThat(fits(question.batch(largest + 1)))
                        .as("%d + 1 fit: %s", largest, question)
                        .isFalse();
            }
        }
    }

    @Test
    void theLongestContextFitsAndOneTokenMoreDoesNot() {
        int limitedByMemory = 0;
        for (Question question : Draw.ANSWERED) {
            Memory memory = question.estimate().memory();
            long output = (memory.maxContextTokens() == null ? 0 : memory.maxContextTokens())
                    - question.workload().promptTokens();
            if (memory.contextLimit() == Memory.ContextLimit.MEMORY && output > 0) {
                limitedByMemory++;
                assertThat(fits(question.output(output)))
                        .as("%d fit: %s", output, question)
                        .isTrue();
                assertThat(fits(question.output(output + 1)))
                        .as("%d + 1 fit: %s", output, question)
                        .isFalse();
            } else if (memory.contextLimit() == Memory.ContextLimit.TRAINED_CONTEXT && output > 0) {
                assertThat(memory.maxContextTokens()).isEqualTo(question.trained());
                assertThat(memory.capacityBytes() == null || fits(question.output(output)))
                        .as("%s", question)
                        .isTrue();
            }
        }
        assertThat(limitedByMemory).isGreaterThan(Draw.ANSWERED.size() / 20);
    }

    @Test
    void moreMemoryNeverHoldsLess() {
        for (Question question : Draw.ANSWERED) {
            Memory small = question.memory(new Bytes(40e9)).estimate().memory();
            Memory large = question.memory(new Bytes(41e9)).estimate().memory();
            assertThat(large.maxBatch()).as("%s", question).isGreaterThanOrEqualTo(small.maxBatch());
            assertThat(!Boolean.TRUE.equals(small.fits()) || Boolean.TRUE.equals(large.fits()))
                    .isTrue();
        }
    }

    private static boolean fits(Question question) {
        return Boolean.TRUE.equals(question.estimate().memory().fits());
    }
}
