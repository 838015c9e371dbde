package llmlatency.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import llmlatency.checkpoint.ModelDocument;
import llmlatency.document.JsonReader;
import llmlatency.hardware.Gpu;
import llmlatency.model.Step;
import llmlatency.units.Refusal;
import llmlatency.work.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models with sizes drawn at random, sane and absurd: each is answered rightly or refused, with no other exception. */
class HostileModelsTest {
    private static final long[] SIZES = {0, 1, 2, 3, 7, 8, 16, 64, 128, 4096, 65_536, 1_000_003, Integer.MAX_VALUE};
    private static final int SANE = 9;
    private static final int DRAWN = 1500;
    private static final Gpu GPU = Question.SHIPPED.gpu("rtx4090").gpu();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gqa heads kv_heads head_size",
                "gqa heads kv_heads head_size window",
                "gqa heads kv_heads head_size top_k index",
                "mla heads kv_rank plain_size value_size",
                "mla heads query_rank kv_rank plain_size rotary_size value_size top_k",
                "compressed heads head_size query_rank output_groups output_rank",
                "compressed heads head_size query_rank output_groups output_rank window ratio compressor_width",
                "compressed heads head_size query_rank output_groups output_rank window ratio compressor_width top_k"
                        + " index_compressor_width index",
                "gated_delta_net key_heads key_size value_heads value_size convolution state_bits",
                "kda heads head_size convolution state_bits",
                "lightning heads head_size state_bits",
                "mamba1 inner state convolution rank state_bits",
                "mamba2 heads head_size groups state convolution state_bits",
                "rwkv5 width head_size state_bits",
                "short_convolution width convolution"
            })
    void anyModelIsAnsweredAsStepByStepOrRefused(String attention) {
        Random random = new Random(attention.hashCode());
        int answered = 0;
        for (int i = 0; i < DRAWN; i++) {
            int sizes = random.nextBoolean() ? SANE : SIZES.length;
            String json = model(attention.split(" "), random, sizes);
            try {
                Question question = Question.of(
                                ModelDocument.read(JsonReader.read("a model", json.getBytes(StandardCharsets.UTF_8))),
                                GPU)
                        .asking(1 + random.nextInt(300), 0, 2 + random.nextInt(100), 1 + random.nextInt(9))
                        .tensor(1 << random.nextInt(3));
                assertAnswered(question, json);
                answered++;
            } catch (Refusal refusal) {
                assertThat(refusal.message()).as(json).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError(json, e);
            }
        }
        assertThat(answered).isGreaterThan(DRAWN / 30);
    }

    private static void assertAnswered(Question question, String json) {
        Estimate estimate = question.estimate();
        assertThat(estimate.model().parameters()).as(json).isPositive();
        assertThat(estimate.model().kvConstantBytes()).as(json).isNotNegative();
        assertThat(estimate.memory().kvCacheBytes()).as(json).isNotNegative();
        assertThat(estimate.memory().weightBytes()).as(json).isPositive();
        double steps = 0;
        Workload asked = question.workload();
        for (long i = 1; i < asked.outputTokens(); i++) {
            for (Operation operation :
                    question.pass().operations(new Step(1, asked.promptTokens() + i - 1, asked.batch()))) {
                double memory = question.roofline().memory(operation).value();
                steps += operation.count()
                        * Math.max(
                                memory, question.roofline().compute(operation).value());
            }
        }
        assertThat(question.decode().total().value()).as(json).isBetween(steps * (1 - 1e-9), steps * (1 + 1e-9));
    }

    private static String model(String[] attention, Random random, int sizes) {
        StringBuilder fields = new StringBuilder("\"kind\": \"" + attention[0] + '"');
        for (int i = 1; i < attention.length; i++) {
            fields.append(", \"").append(attention[i]).append("\": ");
            fields.append(
                    attention[i].equals("index")
                            ? "{\"heads\": " + size(random, sizes) + ", \"size\": " + size(random, sizes)
                                    + ", \"query_input\": " + size(random, sizes) + "}"
                            : size(random, sizes));
        }
        return "{\"hidden_size\": " + size(random, sizes) + ", \"vocabulary\": " + size(random, sizes)
                + ", \"tied_embeddings\": true, \"norm\": \"rms\", \"layers\": [{\"count\": " + size(random, sizes)
                + ", \"norms\": 1, \"attention\": {" + fields + "}}]}";
    }

    private static String size(Random random, int sizes) {
        return String.valueOf(SIZES[random.nextInt(sizes)]);
    }
}
