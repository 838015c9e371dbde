package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import llmlatency.document.Document;
import llmlatency.document.NameKey;
import llmlatency.engine.Choice;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.engine.Structure;
import llmlatency.model.Footprint;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.model.WeightScheme;
import llmlatency.units.Bytes;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedProfilesTest {
    /** All kinds. */
    static final List<ProfileKind> KINDS = List.of(ProfileKind.values());

    /** All kinds of device. */
    static final List<String> CLASSES = GpuProfile.CLASSES;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PROFILES = Path.of("profiles");
    private static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());
    private static final int COMPARED_SIZES = 40;

    @Test
    void theSchemaOfEnginesKnowsTheWordsOfTheProgram() throws IOException {
        JsonNode schema = JSON.readTree(
                PROFILES.resolve("schemas").resolve("engine.schema.json").toFile());
        JsonNode kinds = schema.at("/$defs");
        assertThat(texts(kinds.at("/rule/properties/parameters/propertyNames/enum")))
                .containsExactlyElementsOf(
                        Stream.of(Parameter.values()).map(Parameter::key).toList());
        for (Choice choice : Choice.values()) {
            JsonNode words = kinds.at("/rule/properties/choices/properties/" + choice.key());
            if (choice.words().isEmpty()) {
                assertThat(words.path("type").asText()).as(choice.key()).isEqualTo("string");
                continue;
            }
            assertThat(texts(words.has("enum") ? words.get("enum") : kinds.at("/rate/enum")))
                    .containsExactlyElementsOf(choice.words());
        }
        assertThat(texts(kinds.at("/class/enum"))).containsExactlyElementsOf(GpuProfile.CLASSES);
        assertThat(texts(kinds.at("/when/properties/structure/items/enum"))).containsExactlyElementsOf(Structure.KINDS);
        assertThat(texts(JSON.readTree(PROFILES.resolve("schemas")
                                .resolve("gpu.schema.json")
                                .toFile())
                        .at("/properties/class/enum")))
                .containsExactlyElementsOf(GpuProfile.CLASSES);
    }

    @Test
    void theRulesOfEnginesSpeakOfDevicesAndFormatsThatExist() {
        Set<String> devices = LIBRARY.names(ProfileKind.GPU);
        Set<String> formats = LIBRARY.names(ProfileKind.FORMAT);
        Set<String> architectures = new HashSet<>();
        for (String device : devices) {
            String architecture = LIBRARY.gpu(device).gpu().build().architecture();
            if (architecture != null) {
                architectures.add(architecture);
            }
        }
        for (String name : LIBRARY.names(ProfileKind.ENGINE)) {
            for (Rule rule : LIBRARY.engine(name).value().rules()) {
                assertThat(devices).as(name).containsAll(rule.when().devices());
                assertThat(formats).as(name).containsAll(rule.when().formats());
                assertThat(architectures).as(name).containsAll(rule.when().architectures());
            }
        }
    }

    @Test
    void theTableOfEnginesFitsItsSchemaAndNamesEnginesAndFormatsThatExist() throws IOException {
        Path table = PROFILES.resolve("engine-choice.json");
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .createValidator();
        JsonNode schema = JSON.readTree(
                PROFILES.resolve("schemas").resolve("engine-choice.schema.json").toFile());
        assertThat(validator
                        .validate(validator.registerSchema(schema.toString()), Files.readString(table))
                        .getErrors())
                .isEmpty();
        assertThat(texts(schema.at("/$defs/choice/properties/class/items/enum")))
                .containsExactlyElementsOf(GpuProfile.CLASSES);
        for (JsonNode choice : JSON.readTree(table.toFile()).get("choices")) {
            assertThat(LIBRARY.names(ProfileKind.ENGINE))
                    .contains(choice.get("engine").asText());
            for (String pattern : texts(choice.path("format"))) {
                assertThat(LIBRARY.names(ProfileKind.FORMAT))
                        .anyMatch(format -> format.startsWith(pattern.replace("*", "")));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "geforce, fp16, llama.cpp",
        "nvidia-hbm, bf16, vllm",
        "nvidia-hbm, q4_k_m, llama.cpp",
        "amd-hbm, ud-q4_k_xl, llama.cpp",
        "geforce, awq, vllm",
        "rtx-workstation, gptq-4bit-g32, vllm",
        "geforce, fp8-block, vllm",
        "geforce, nvfp4, vllm",
        "nvidia-datacentre-gddr, nf4, vllm",
        "geforce, mxfp4, llama.cpp",
        "geforce, int4, llama.cpp",
        "geforce, exl2-4.0bpw, exllamav2",
        "radeon, exl2-4.0bpw, ideal",
        "radeon, gptq, vllm",
        "arc, awq, ideal",
        "apple, mlx-4bit, mlx",
        "apple, fp8, ideal",
        "geforce, mlx-4bit, ideal",
        "apple, gf4, calm",
        "geforce, gf4, calm",
        "nvidia-unified, awq, tensorrt-edge-llm",
        "nvidia-unified, nvfp4, tensorrt-edge-llm",
        "nvidia-unified, gptq, vllm",
        "nvidia-unified, bf16, llama.cpp",
        "gaudi, bf16, ideal",
        "tpu, q8_0, llama.cpp",
        "other, bf16, ideal",
        ", q8_0, ideal",
    })
    void theFirstChoiceThatFitsIsTheAutomaticEngine(String kind, String format, String engine) {
        assertThat(LIBRARY.engineFor(kind, format).engine()).isEqualTo(engine);
    }

    @Test
    void anEngineChosenForAKindOfDeviceHasABackendForIt() throws IOException {
        for (JsonNode choice :
                JSON.readTree(PROFILES.resolve("engine-choice.json").toFile()).get("choices")) {
            Engine engine = LIBRARY.engine(choice.get("engine").asText()).value();
            for (String kind : texts(choice.path("class"))) {
                assertThat(engine.isForeignTo(kind))
                        .as("%s on %s", engine.name(), kind)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @FieldSource("CLASSES")
    void noEngineIsChosenForAFormatThatItDoesNotRead(String kind) {
        // Of llama.cpp's README, "Quantization": it converts to GGUF and reads no other checkpoint.
        for (String format : LIBRARY.names(ProfileKind.FORMAT)) {
            String engine = LIBRARY.engineFor(kind, format).engine();
            if (format.matches("(awq|gptq|exl2|fp8|mxfp8|nvfp4|bnb|nf4|hqq|mlx|gf4).*")) {
                assertThat(engine).as(format).isNotEqualTo("llama.cpp");
            }
            if (format.matches("(q|iq|tq|ud-).*")) {
                assertThat(engine).as(format).isEqualTo("llama.cpp");
            }
        }
    }

    @Test
    void theDocumentationNamesEveryParameterAndEveryFormatOfTheChoice() throws IOException {
        String page = Files.readString(Path.of("src/site/markdown/engines.md"));
        for (Parameter parameter : Parameter.values()) {
            assertThat(page).contains("`" + parameter.key() + "`");
        }
        for (JsonNode choice :
                JSON.readTree(PROFILES.resolve("engine-choice.json").toFile()).get("choices")) {
            assertThat(page).contains("`" + choice.get("engine").asText() + "`");
            for (String pattern : texts(choice.path("format"))) {
                assertThat(page).contains("`" + pattern + "`");
            }
        }
    }

    @Test
    void anEngineWithoutAProfileIsNotChosen() {
        Document table =
                Document.of("table", Map.of("title", "t", "choices", List.of(Map.of("engine", "not-yet", "why", "w"))));
        EngineChoice choice = EngineChoice.of(table, new ProfileStore(List.of()), "geforce", "fp16");
        assertThat(choice.engine()).isEqualTo("ideal");
        assertThat(choice.why()).contains("no profile of not-yet");
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyFileFitsThePublishedSchemaOfItsKind(ProfileKind kind) throws IOException {
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new JacksonNode.Factory())
                .createValidator();
        String schemaName = kind.name().toLowerCase(Locale.ROOT) + ".schema.json";
        URI schema = validator.registerSchema(
                Files.readString(PROFILES.resolve("schemas").resolve(schemaName)));
        for (Path file : files(kind)) {
            assertThat(validator.validate(schema, Files.readString(file)).getErrors())
                    .as("%s", file)
                    .extracting(error -> error.getInstanceLocation() + " " + error.getError())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void everyFileLoadsByItsNameAndStatesASource(ProfileKind kind) throws IOException {
        List<Path> files = files(kind);
        assertThat(LIBRARY.names(kind)).hasSameSizeAs(files);
        for (Path file : files) {
            Profile<?> profile = LIBRARY.any(kind, ProfileIndexer.name(file));
            assertThat(profile.name()).isEqualTo(ProfileIndexer.name(file));
            assertThat(profile.sources()).as("sources of %s", file).isNotEmpty();
        }
    }

    @Test
    void thereAreAtLeast180ModelsAnd271Gpus() {
        assertThat(LIBRARY.names(ProfileKind.MODEL)).hasSizeGreaterThanOrEqualTo(180);
        assertThat(LIBRARY.names(ProfileKind.GPU)).hasSizeGreaterThanOrEqualTo(271);
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void noWordFindsTwoProfilesUnlessItIsDeclaredAmbiguous(ProfileKind kind) throws IOException {
        Map<String, String> owners = new HashMap<>();
        Map<String, String> ambiguous = new HashMap<>();
        for (Path file : files(kind)) {
            String name = ProfileIndexer.name(file);
            JsonNode profile = JSON.readTree(file.toFile());
            List<String> words = new ArrayList<>(List.of(name));
            profile.path("aliases").forEach(alias -> words.add(alias.asText()));
            for (String word : words) {
                String other = owners.put(NameKey.of(word), name);
                assertThat(other == null || other.equals(name))
                        .as("'%s' finds %s and %s", word, name, other)
                        .isTrue();
            }
            profile.path("ambiguous").forEach(word -> ambiguous.put(NameKey.of(word.asText()), name));
        }
        assertThat(ambiguous.keySet()).doesNotContainAnyElementsOf(owners.keySet());
    }

    /** The ids are those of measurements that estimates are held against. */
    @ParameterizedTest
    @CsvFileSource(resources = "/measured-models.csv", numLinesToSkip = 1)
    void aMeasuredModelIsShipped(String id) {
        assertThat(LIBRARY.model(id).value().model().activeParameters()).isPositive();
    }

    @Test
    void everyFormatThatAModelNamesIsShipped() {
        for (String name : LIBRARY.names(ProfileKind.MODEL)) {
            ModelProfile model = LIBRARY.model(name).value();
            assertThat(LIBRARY.format(model.weightFormat()).name()).isNotEmpty();
            FormatProfile cache = LIBRARY.format(model.activationFormat()).value();
            assertThat(cache.cache())
                    .as("%s caches in %s", name, cache.format().name())
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "{0} has {2} parameters, published {1}: {4}")
    @CsvFileSource(resources = "/published-sizes.csv", numLinesToSkip = 1, maxCharsPerColumn = 100_000)
    void aModelHasThePublishedSizeOrANamedRuleSaysWhyNot(
            String name, long published, long computed, long difference, String rule, String source) {
        assertThat(LIBRARY.model(name).value().model().parameters()).isEqualTo(computed);
        assertThat(published - computed).isEqualTo(difference);
        assertThat(difference == 0 || rule != null)
                .as("a rule for %d", difference)
                .isTrue();
        assertThat(source).isNotBlank();
    }

    @Test
    void atLeast40ModelsAreComparedWithAPublishedSize() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("src/test/resources/published-sizes.csv"))) {
            assertThat(lines.skip(1).map(line -> line.split(",")[0]).distinct())
                    .hasSizeGreaterThanOrEqualTo(COMPARED_SIZES);
        }
    }

    /** From the models' own config.json: bytes for a token once windows are full, and bytes of full windows, in bf16. */
    @ParameterizedTest(name = "{0}: {1} bytes a token and {2}")
    @CsvSource({
        "meta-llama/Llama-2-7b-hf, 524288, 0",
        "meta-llama/Llama-2-70b-hf, 327680, 0",
        "meta-llama/Llama-3.1-8B-Instruct, 131072, 0",
        "meta-llama/Llama-3.1-70B-Instruct, 327680, 0",
        "meta-llama/Meta-Llama-3.1-405B, 516096, 0",
        "meta-llama/Llama-3.2-1B-Instruct, 32768, 0",
        "meta-llama/Llama-3.2-3B-Instruct, 114688, 0",
        "mistralai/Mistral-7B-v0.3, 131072, 0",
        "mistralai/Mistral-Nemo-Instruct-2407, 163840, 0",
        "mistralai/Devstral-Small-2507, 163840, 0",
        "mistralai/Mixtral-8x7B-v0.1, 131072, 0",
        "mistralai/Mixtral-8x22B-v0.1, 229376, 0",
        "Qwen/Qwen2.5-7B-Instruct, 57344, 0",
        "Qwen/Qwen3-0.6B, 114688, 0",
        "Qwen/Qwen3-8B, 147456, 0",
        "Qwen/Qwen3-14B, 163840, 0",
        "Qwen/Qwen3-32B, 262144, 0",
        "Qwen/Qwen3-30B-A3B, 98304, 0",
        "Qwen/Qwen3-235B-A22B, 192512, 0",
        "Qwen/Qwen3-Coder-480B-A35B-Instruct, 253952, 0",
        "zai-org/GLM-4.5-Air, 188416, 0",
        "MiniMaxAI/MiniMax-M2.5, 253952, 0",
        "google/gemma-2b-it, 18432, 0",
        "microsoft/Phi-3.5-mini-instruct, 393216, 0",
        "01-ai/Yi-34B, 245760, 0",
        "TinyLlama/TinyLlama-1.1B-Chat-v1.0, 22528, 0",
        "mistralai/Mistral-7B-v0.1, 0, 536870912",
        "google/gemma-2-9b-it, 172032, 704643072",
        "google/gemma-2-27b-it, 188416, 771751936",
        "google/gemma-3-1b-it, 4096, 11534336",
        "google/gemma-3-27b-it, 81920, 436207616",
        "openai/gpt-oss-20b, 24576, 3145728",
        "openai/gpt-oss-120b, 36864, 4718592",
        "nvidia/Llama-3_3-Nemotron-Super-49B-v1, 200704, 0",
    })
    void aCacheTakesWhatTheModelsOwnConfigImplies(String model, long growth, long windows) {
        NumberFormat bf16 = LIBRARY.format("bf16").value().format();
        Model shape = LIBRARY.model(model).value().model();
        Footprint footprint = new Footprint(shape, WeightScheme.flat(bf16), bf16, Parallelism.NONE);
        assertThat(footprint.cacheBytes(8192)).isEqualTo(8192 * growth + windows);
        assertThat(footprint.cacheBytes(131_072)).isEqualTo(131_072 * growth + windows);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "7b, mistral-7b-v0.1",
        "meta-llama/Llama-3.1-8B, llama-3.1-8b",
        "meta-llama/Llama-3.1-8B-Instruct, llama-3.1-8b",
        "llama-3.1-8b, llama-3.1-8b",
        "LLAMA 3.1 8B, llama-3.1-8b",
    })
    void aModelIsFoundByItsNamesAndSpellings(String word, String name) {
        assertThat(LIBRARY.model(word).name()).isEqualTo(name);
    }

    @ParameterizedTest(name = "{0} is an rtx4090")
    @ValueSource(
            strings = {
                "RTX 4090",
                "rtx-4090",
                "4090",
                "NVIDIA GeForce RTX 4090",
                "rtx4090",
                "rtx4090 24GB",
                "rtx4090 24 GiB"
            })
    void aGpuIsFoundByItsNamesAndSpellings(String word) {
        assertThat(LIBRARY.gpu(word).profile().name()).isEqualTo("rtx4090");
        assertThat(LIBRARY.gpu(word).gpu()).isEqualTo(LIBRARY.gpu("rtx4090").gpu());
    }

    @ParameterizedTest(name = "{0} may be {1} or {2}")
    @CsvSource({
        "a100, a100-sxm-80gb, a100-pcie-40gb",
        "4060 ti, rtx4060ti-8gb, rtx4060ti-16gb",
        "m3-max, m3-max-30, m3-max-40",
    })
    void aWordThatFitsSeveralGpusIsRefusedWithAllOfThem(String word, String one, String other) {
        assertThatThrownBy(() -> LIBRARY.gpu(word))
                .isInstanceOf(Refusal.class)
                .hasMessageContainingAll("'" + word + "' fits several GPUs", one, other);
    }

    @ParameterizedTest(name = "{0} gives {1} GiB")
    @CsvSource({"m4-max-40 64GB, 48", "m4-max-40 128GB, 96", "m4-max-40, 96", "M4 Max 40-core 36 GB, 27"})
    void aFittedMemoryGivesTheShareThatTheDriverAllows(String word, double gibibytes) {
        assertThat(usable(word)).isCloseTo(gibibytes * 0x1p30, within(1.0));
    }

    @Test
    void aSmallMacGivesTwoThirds() {
        assertThat(usable("m1-8 16GB")).isCloseTo(16 * 0x1p30 * 2 / 3, within(16 * 0x1p30 * 1e-4));
    }

    private static double usable(String word) {
        Bytes usable = LIBRARY.gpu(word).gpu().usableMemory();
        return usable == null ? 0 : usable.value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rtx4090 48GB", "m4-max-40 256GB", "h100-sxm 96 GB"})
    void aMemoryThatTheDeviceDoesNotComeWithIsRefused(String word) {
        assertThatThrownBy(() -> LIBRARY.gpu(word))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.hints()).anyMatch(hint -> hint.contains("--memory")));
    }

    @ParameterizedTest(name = "{0} {1}: did you mean {2}?")
    @CsvSource({
        "GPU, rtx409, rtx4090",
        "GPU, h100-smx, h100-sxm",
        "MODEL, lama-3.1-8b, llama-3.1-8b",
        "MODEL, mixtral-8x7, mixtral-8x7b-v0.1",
        "FORMAT, q4_k_n, q4_k_m",
        "ENGINE, ideel, ideal",
    })
    void anUnknownNameIsAnsweredWithTheNearestFirst(ProfileKind kind, String word, String nearest) {
        assertThatThrownBy(() -> LIBRARY.any(kind, word))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("no " + kind.noun() + " named '" + word + "'; did you mean " + nearest);
    }

    private static List<Path> files(ProfileKind kind) throws IOException {
        List<Path> files = ProfileIndexer.files(PROFILES.resolve(kind.folder()));
        assertThat(files).isNotEmpty();
        return files;
    }
}
