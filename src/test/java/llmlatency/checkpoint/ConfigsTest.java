package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmlatency.model.Model;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** Configs as their publishers wrote them (long lists of quantised modules shortened) against published figures. */
class ConfigsTest {
    private static final int KEPT = 205;
    private static final int COMPARED = 100;

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/configs/index.csv", numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void aConfigLoadsOrIsRefusedForTheFieldThatItLacks(String id, String modelType, String source) {
        String file = Configs.file(id).toString();
        assertThat(source).isNotBlank();
        if (Configs.missing(id).isEmpty()) {
            Model model = Configs.LIBRARY.model(file).value().model();
            assertThat(model.activeParameters()).isPositive().isLessThanOrEqualTo(model.parameters());
        } else {
            String field = Configs.missing(id).keySet().iterator().next();
            assertThatThrownBy(() -> Configs.LIBRARY.model(file)).isInstanceOfSatisfying(Refusal.class, refusal -> {
                assertThat(refusal.message()).contains(file, "lacks the field '" + field + "'");
                assertThat(refusal.hints()).containsExactly("supply it: --assume " + field + "=VALUE");
            });
        }
    }

    @Test
    void everyConfigIsInTheIndexAndTheIndexNamesNoOther() throws IOException {
        Path index = Path.of("src/test/resources/configs/index.csv");
        List<Path> indexed;
        try (Stream<String> lines = Files.lines(index)) {
            indexed = lines.skip(1)
                    .map(line -> Configs.file(line.split(",", 2)[0]))
                    .toList();
        }
        try (Stream<Path> files = Files.list(index.getParent())) {
            assertThat(files.filter(file -> file.toString().endsWith(".json")))
                    .hasSize(KEPT)
                    .containsExactlyInAnyOrderElementsOf(indexed);
        }
    }

    @ParameterizedTest(name = "{0} has {1} parameters with {2}")
    @CsvSource({
        "moonshotai/Kimi-K3, 2779484478208, 16",
        "stepfun-ai/Step-3.7-Flash, 196956130368, 96",
        "stepfun-ai/Step-3.7-Flash-FP8, 196956130368, 96",
    })
    void aConfigLoadsOnceTheFieldThatItLacksIsSupplied(String id, long parameters, String value) {
        Profile<ModelProfile> profile = Configs.read(id);
        assertThat(Configs.missing(id)).hasSize(1).containsValue(value);
        assertThat(profile.value().model().parameters()).isEqualTo(parameters);
        assertThat(profile.assumptions())
                .as("what was supplied is an assumption of every answer")
                .extracting(assumption -> assumption.what())
                .containsExactlyElementsOf(Configs.missing(id).keySet());
    }

    /**
     * A published figure is the decoder's own, or it is that and some of the extras that the config's own document names. What
     * no config can tell stands in the column {@code rest}, with the reason in {@code rule}.
     */
    @ParameterizedTest(name = "{0}: {1}, width {2}: {3} {5}")
    @CsvFileSource(resources = "/config-sizes.csv", numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void aPublishedSizeIsTheDecodersAndTheNamedExtras(
            String id,
            long published,
            int bytesPerWeight,
            @Nullable String named,
            @Nullable Long rest,
            @Nullable String rule,
            String source) {
        Profile<ModelProfile> profile = Configs.read(id);
        long decoder = bytesPerWeight * profile.value().model().parameters();
        Map<String, Long> extras = Configs.extras(profile.node(), bytesPerWeight);
        List<List<String>> explanations = Configs.sums(extras, published - decoder - (rest == null ? 0 : rest));
        List<String> expected = named == null ? List.of() : List.of(named.split("; ", -1));
        assertThat(explanations)
                .as("subsets of %s that make up %d", extras, published - decoder)
                .contains(expected);
        assertThat(rest == null).as("what is left has a rule").isEqualTo(rule == null);
        assertThat(source).isNotBlank();
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "/config-sizes.csv", numLinesToSkip = 1, maxCharsPerColumn = 10_000)
    void aVisionSideIsLeftOverOnlyWhereTheConfigHasNone(
            String id, long published, int width, @Nullable String named, @Nullable Long rest, @Nullable String rule) {
        if (rule != null && rule.contains("vision")) {
            assertThat(Configs.read(id).node().find("vision")).isNull();
            assertThat(rest).isPositive();
        } else {
            assertThat(rest == null || rule.contains("NVFP4") || rule.contains("packed"))
                    .as("%s: %s", rule, rest)
                    .isTrue();
        }
    }

    @Test
    void atLeast100ConfigsAreComparedWithAPublishedSize() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/config-sizes.csv"))) {
            assertThat(lines.skip(1).map(line -> line.split(",", 2)[0]).distinct())
                    .hasSizeGreaterThanOrEqualTo(COMPARED);
        }
    }

    /** Published or counted by hand, in bf16; states in fp32 with one convolution column fewer than it is wide. */
    @ParameterizedTest(name = "{0}: {2} bytes a token, {3} and {4} once windows are full, {5} of state")
    @CsvFileSource(resources = "/kv-cache.csv", numLinesToSkip = 1)
    void aCacheGrowsAsPublished(String id, String config, double growth, double full, double windows, long constant) {
        List<Model> models = new ArrayList<>();
        models.add(Configs.LIBRARY.model(id).value().model());
        if (config.equals("yes")) {
            models.add(Configs.read(id).value().model());
        } else {
            assertThat(Configs.isKept(id)).isFalse();
        }
        for (Model model : models) {
            Inspection.Cache cache = Configs.inBf16(model).cache();
            assertThat(cache.perToken()).isEqualTo(growth);
            assertThat(cache.perTokenWindowsFull()).isEqualTo(full);
            assertThat(cache.windowBytes()).isEqualTo(windows);
            assertThat(cache.constantBytes()).isEqualTo(constant);
        }
    }
}
