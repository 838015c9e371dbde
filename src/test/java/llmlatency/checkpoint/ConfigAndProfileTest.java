package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import llmlatency.document.NameKey;
import llmlatency.model.Model;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A shipped profile says what the config of its model says; where it does not, a reason stands in a table. */
class ConfigAndProfileTest {
    private static final Path INDEX = Path.of("src/test/resources/configs/index.csv");
    private static final Path REASONS = Path.of("src/test/resources/config-profile-differences.csv");
    private static final int LEAST = 200;

    static List<String> ids() throws IOException {
        Map<String, String> owners = new LinkedHashMap<>();
        for (String name : Configs.LIBRARY.names(ProfileKind.MODEL)) {
            owners.put(NameKey.of(name), name);
            Configs.LIBRARY
                    .model(name)
                    .node()
                    .list("aliases")
                    .forEach(alias -> owners.put(NameKey.of(alias.text()), name));
        }
        try (Stream<String> lines = Files.lines(INDEX)) {
            return lines.skip(1)
                    .map(line -> line.split(",", 2)[0])
                    .filter(id -> owners.containsKey(NameKey.of(id)))
                    .toList();
        }
    }

    @Test
    void nearlyEveryConfigHasAProfile() throws IOException {
        assertThat(ids()).hasSizeGreaterThanOrEqualTo(LEAST);
    }

    @ParameterizedTest
    @MethodSource("ids")
    void aProfileIsWhatItsConfigSays(String id) throws IOException {
        Profile<ModelProfile> config = Configs.read(id);
        Profile<ModelProfile> shipped = Configs.LIBRARY.model(id);
        List<String> differing = new ArrayList<>();
        facts(shipped.value()).forEach((fact, value) -> {
            if (!Objects.equals(value, facts(config.value()).get(fact))) {
                differing.add(fact);
            }
        });
        assertThat(differing)
                .as("facts of %s in which %s differs from its config", id, shipped.name())
                .containsExactlyInAnyOrderElementsOf(reasons(id));
        if (!differing.contains("vision")) {
            assertThat(shipped.value().model()).isEqualTo(config.value().model());
        }
    }

    /** What is compared; a cache's growth follows from the structure and tells more when it fails. */
    private static Map<String, Object> facts(ModelProfile profile) {
        Model model = profile.model();
        Inspection.Cache cache = Configs.inBf16(model).cache();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("parameters", model.parameters());
        facts.put("active parameters", model.activeParameters());
        facts.put("cache", cache);
        facts.put("vision", model.aside());
        facts.put("layers", model.layers());
        facts.put("trained context", profile.trainedContext());
        facts.put("weight format", profile.weightFormat());
        facts.put("activation format", profile.activationFormat());
        facts.put("GGUF vectors", profile.ggufVectors());
        return facts;
    }

    private static List<String> reasons(String id) throws IOException {
        List<String> facts = new ArrayList<>();
        for (String line : Files.readAllLines(REASONS, StandardCharsets.UTF_8)) {
            String[] cells = line.split(",", 3);
            if (cells[0].equals(id)) {
                assertThat(cells[2]).as("reason of %s", line).isNotBlank();
                facts.add(cells[1]);
            }
        }
        return facts;
    }

    /** What inspect prints of a profile explains the size that is published of it. */
    @ParameterizedTest(name = "{0}: {1}, {4}")
    @CsvFileSource(resources = "/published-sizes.csv", numLinesToSkip = 1, maxCharsPerColumn = 100_000)
    void aPublishedSizeIsTheDecodersAndExtrasThatTheProfileNames(
            String name, long published, long computed, long difference, String rule, String source) {
        int bytesPerWeight = source.contains("bytes / 2") ? 2 : 1;
        Map<String, Long> extras = Configs.extras(Configs.LIBRARY.model(name).node(), bytesPerWeight);
        assertThat(Configs.sums(extras, bytesPerWeight * difference))
                .as("subsets of %s that make up %d (%s)", extras, difference, rule)
                .isNotEmpty();
    }

    @Test
    void everyReasonBelongsToAConfigWithAProfile() throws IOException {
        try (Stream<String> lines = Files.lines(REASONS)) {
            assertThat(ids())
                    .containsAll(
                            lines.skip(1).map(line -> line.split(",", 2)[0]).toList());
        }
    }
}
