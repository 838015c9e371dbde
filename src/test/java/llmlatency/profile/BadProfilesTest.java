package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import llmlatency.engine.Choice;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import llmlatency.units.Assumption;
import llmlatency.units.Refusal;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a user's profile holds, the answer is a profile or a refusal, never another exception. */
class BadProfilesTest {
    private static final String MODEL = """
            {
              "title": "Tiny",
              "aliases": ["a tiny one"],
              "trained_context": 2048,
              "vocabulary": 100,
              "hidden_size": 64,
              "tied_embeddings": false,
              "weight_format": "fp16",
              "norm": "rms",
              "layers": [
                {
                  "count": 2,
                  "attention": { "kind": "gqa", "heads": 4, "kv_heads": 2, "head_size": 16 },
                  "feed_forward": { "kind": "mixture", "experts": 8, "experts_per_token": 2, "expert_width": 128 },
                  "norms": 2
                }
              ],
              "sources": [{ "title": "nobody", "kind": "assumed" }]
            }
            """;
    private static final String GPU = """
            {
              "title": "Toy",
              "aliases": [],
              "memory": "8 GiB",
              "usable_share": [{ "share": 0.98 }],
              "bandwidth": "100 GB/s",
              "peaks": { "fp16": "10 TFLOP/s" },
              "sources": [{ "title": "nobody", "kind": "assumed" }]
            }
            """;
    private static final String FORMAT = """
            {
              "title": "Five bits",
              "aliases": [],
              "bits_per_weight": 5,
              "vector_bits": 16,
              "arithmetic": ["fp16"],
              "sources": [{ "title": "nobody", "kind": "assumed" }]
            }
            """;
    private static final String ENGINE = """
            {
              "title": "Mine",
              "aliases": [],
              "memory_utilisation": 0.9,
              "reserve": "1 GiB",
              "sources": [{ "title": "nobody", "kind": "assumed" }]
            }
            """;
    private static final String RULES = """
            {
              "title": "Mine",
              "aliases": [],
              "memory_utilisation": 0.9,
              "reserve": "1 GiB",
              "few_rows": 8,
              "micro_batch": 512,
              "backends": { "cuda": ["geforce", "nvidia-hbm"], "rocm": ["radeon"] },
              "eras": [{ "name": "old", "since": "2023-05", "versions": ["b1*"] }, { "name": "new", "since": "2025" }],
              "rules": [
                { "parameters": { "weight_bandwidth": { "value": 0.8, "source": "nobody" } } },
                {
                  "when": { "backend": ["cuda"], "era": ["new"], "class": ["geforce"], "rows": "few" },
                  "parameters": {
                    "matrix_share": { "value": 0.4, "fitted": true, "rows": 12, "spread": 0.1, "source": "fit" }
                  },
                  "choices": { "matrix_rate": "fp16_acc16", "flash_attention": "on" },
                  "assumption": { "what": "a", "value": "b", "why": "c" }
                },
                {
                  "when": {
                    "architecture": ["Ada Lovelace"], "device": ["rtx4090"], "format": ["q4_0"],
                    "bits_below": 5, "bits_from": 2, "flash_attention": true, "structure": ["moe", "dense"]
                  },
                  "parameters": { "pass_time": { "value": 0, "source": "nobody" } }
                }
              ],
              "sources": [{ "title": "nobody", "kind": "assumed" }]
            }
            """;
    private static final String ARCHITECTURE = """
            { "title": "Own", "extends": "llama", "sources": [{ "title": "nobody", "kind": "assumed" }] }
            """;

    @TempDir
    Path folder;

    private ProfileLibrary library = new ProfileLibrary(List.of());

    @BeforeEach
    void overlay() {
        library = new ProfileLibrary(List.of(folder));
    }

    @Test
    void theProfilesThatTheseTestsBreakAreGood() throws IOException {
        write(ProfileKind.MODEL, MODEL);
        write(ProfileKind.GPU, GPU);
        write(ProfileKind.FORMAT, FORMAT);
        write(ProfileKind.ENGINE, ENGINE);
        write(ProfileKind.ARCHITECTURE, ARCHITECTURE);
        for (ProfileKind kind : ShippedProfilesTest.KINDS) {
            assertThat(library.any(kind, "mine").name()).isEqualTo("mine");
        }
        assertThat(library.model("A tiny one").value().model().parameters())
                .isEqualTo(2 * 100 * 64 + 64 + 2L * (64 * 64 * 3 + 2 * 64 + 8 * 64 + 8 * 2 * 64 * 128));
    }

    static Stream<String> documents() {
        return Stream.of(
                "",
                " \n ",
                "not json",
                "[]",
                "7",
                "\"text\"",
                "null",
                "true",
                "{",
                "{}",
                "{\"title\": ",
                "{\"title\": \"a\",}",
                "{'title': 'a'}",
                "{\"title\": \"a\" // comment\n}",
                MODEL.substring(0, MODEL.length() / 2),
                MODEL + "{}",
                MODEL + MODEL,
                "{\"a\":".repeat(100_000),
                "[".repeat(100_000),
                "{\"layers\": " + "[".repeat(500) + "]".repeat(500) + "}",
                "{\"title\": \"" + "x".repeat(200_000) + "\"}",
                "{\"title\": \"\\ud800\"}",
                "{\"title\": \"a\\u0000\"",
                "{\"" + "k".repeat(200_000) + "\": 1}");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void whatIsNoProfileIsRefusedWithItsFile(String text) throws IOException {
        for (ProfileKind kind : ShippedProfilesTest.KINDS) {
            write(kind, text);
            assertRefused(kind).hasMessageContaining("mine.json");
        }
    }

    /** Replace the first by the second; the message has the third. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"hidden_size\": 64 | \"hiden_size\": 64 | line 6, field hiden_size: unknown field | hidden_size",
                "\"head_size\": 16 | \"head_size\": 16, \"windo\": 5 | line 13, field layers[0].attention.windo: unknown field | window",
                "\"kv_heads\" | \"kv_head\" | line 13, field layers[0].attention: the field 'kv_heads' is missing | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 64, \"hidden_size\": 64 | line 6 | ''",
                "\"hidden_size\": 64 | \"hidden_size\": null | line 6, field hidden_size | ''",
                "\"hidden_size\": 64 | \"hidden_size\": \"64\" | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 64.5 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 0 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": -64 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 1e99 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 1e-99 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": 4294967360 | line 6, field hidden_size: expected a whole number | ''",
                "\"hidden_size\": 64 | \"hidden_size\": NaN | line 6 | ''",
                "\"hidden_size\": 64, | '' | the field 'hidden_size' is missing | ''",
                "\"tied_embeddings\": false | \"tied_embeddings\": \"no\" | line 7, field tied_embeddings: expected true or false | ''",
                "\"norm\": \"rms\" | \"norm\": \"batch\" | line 9, field norm: 'batch' is none of rms, layer | ''",
                "\"layers\": [ | \"layers\": [], \"notes\": [ | line 10, field layers | ''",
                "\"layers\": [ | \"layers\": 7, \"notes\": [ | line 10, field layers: expected a list | ''",
                "\"count\": 2 | \"count\": 0 | line 12, field layers[0].count: expected a whole number | ''",
                "\"heads\": 4 | \"heads\": 3 | line 13, field layers[0].attention | ''",
                "\"head_size\": 16 | \"head_size\": 16, \"window\": 0 | line 13, field layers[0].attention.window | ''",
                "\"head_size\": 16 | \"head_size\": 16, \"window\": -1 | line 13, field layers[0].attention.window | ''",
                "\"kind\": \"gqa\" | \"kind\": \"mha\" | line 13, field layers[0].attention.kind | ''",
                "\"experts_per_token\": 2 | \"experts_per_token\": 9 | line 14, field layers[0].feed_forward.experts_per_token | ''",
                "\"experts_per_token\": 2 | \"experts_per_token\": 0 | line 14, field layers[0].feed_forward.experts_per_token | ''",
                "\"sources\": [{ \"title\": \"nobody\", \"kind\": \"assumed\" }] | \"sources\": [] | line 18, field sources | ''",
                ", \"kind\": \"assumed\" | '' | the field 'kind' is missing | ''",
                "\"kind\": \"assumed\" | \"kind\": \"rumour\" | line 18, field sources[0].kind: 'rumour' is none of | ''",
                "\"title\": \"Tiny\" | \"title\": \"\" | line 2, field title: expected a text | ''",
                "[\"a tiny one\"] | [7] | line 3, field aliases[0]: expected a text | ''",
                "[\"a tiny one\"] | \"a tiny one\" | line 3, field aliases: expected a list | ''",
            })
    void aBrokenModelIsRefusedWithFileLineAndField(String good, String bad, String message, String hint)
            throws IOException {
        write(ProfileKind.MODEL, broken(MODEL, good, bad));
        assertThatThrownBy(() -> library.model("mine")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.message()).contains("mine.json, line ", message);
            assertThat(String.join(" ", refusal.hints())).contains(hint == null ? "" : hint);
        });
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"100 GB/s\" | \"100 GB\"",
                "\"100 GB/s\" | \"fast\"",
                "\"100 GB/s\" | \"-1 GB/s\"",
                "\"100 GB/s\" | 100",
                "\"100 GB/s\" | \"1e999 GB/s\"",
                "\"100 GB/s\" | \"0 GB/s\"",
                "\"8 GiB\" | \"8 giga\"",
                "\"8 GiB\" | \"\"",
                "\"10 TFLOP/s\" | \"10 TB/s\"",
                "\"fp16\" | \"fp17\"",
                "\"fp16\" | \"fp16_acc16\"",
                "0.98 | 1.5",
                "0.98 | 0",
                "0.98 | -1",
                "0.98 | 1e999",
                "0.98 | \"most\"",
                "\"bandwidth\" | \"band width\"",
            })
    void aBrokenGpuIsRefused(String good, String bad) throws IOException {
        write(ProfileKind.GPU, broken(GPU, good, bad));
        assertRefused(ProfileKind.GPU).hasMessageContaining("mine.json, line ");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"bits_per_weight\": 5, | ''",
                "\"bits_per_weight\": 5 | \"bits_per_weight\": 5, \"block\": 32",
                "\"bits_per_weight\": 5 | \"block\": 32",
                "\"bits_per_weight\": 5 | \"bits_per_weight\": 65",
                "\"bits_per_weight\": 5 | \"bits_per_weight\": 0",
                "[\"fp16\"] | []",
                "[\"fp16\"] | [\"fp12\"]",
                "16 | 0",
                "16 | 1e9",
            })
    void aBrokenFormatIsRefused(String good, String bad) throws IOException {
        write(ProfileKind.FORMAT, broken(FORMAT, good, bad));
        assertRefused(ProfileKind.FORMAT).hasMessageContaining("mine.json, line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1.01", "1e999", "\"0.9\"", "[0.9]"})
    void anEngineTakesAShareOfMemoryAboveNothingAndAtMostAll(String share) throws IOException {
        write(ProfileKind.ENGINE, broken(ENGINE, "0.9", share));
        assertRefused(ProfileKind.ENGINE).hasMessageContaining("mine.json, line 4, field memory_utilisation");
    }

    @Test
    void anEngineIsReadWholeWithItsRulesInOrder() throws IOException {
        write(ProfileKind.ENGINE, RULES);
        Engine engine = library.engine("mine").value();
        assertThat(engine.fewRows()).isEqualTo(8);
        assertThat(engine.microBatch()).isEqualTo(512);
        assertThat(engine.backends().keySet()).containsExactly("cuda", "rocm");
        assertThat(engine.backendFor("radeon")).isEqualTo("rocm");
        assertThat(engine.eras()).extracting(Era::name).containsExactly("old", "new");
        assertThat(engine.rules()).hasSize(3);
        Rule second = engine.rules().get(1);
        assertThat(second.when())
                .isEqualTo(new Condition(
                        List.of(),
                        List.of("cuda"),
                        List.of("new"),
                        List.of("geforce"),
                        List.of(),
                        List.of(),
                        true,
                        List.of(),
                        null,
                        null,
                        null,
                        List.of()));
        assertThat(second.values())
                .containsExactly(Map.entry(Parameter.MATRIX_SHARE, new Rule.Value(0.4, true, 12, 0.1, "fit")));
        assertThat(second.choices())
                .containsExactly(Map.entry(Choice.MATRIX_RATE, "fp16_acc16"), Map.entry(Choice.FLASH_ATTENTION, "on"));
        assertThat(second.assumption()).isEqualTo(new Assumption("a", "b", "c"));
        assertThat(engine.rules().get(2).when())
                .isEqualTo(new Condition(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("Ada Lovelace"),
                        List.of("rtx4090"),
                        null,
                        List.of("q4_0"),
                        5.0,
                        2.0,
                        true,
                        List.of("moe", "dense")));
    }

    /** Replace the first by the second; the message has the third and the hint the fourth. */
    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"few_rows\": 8 | \"few_rows\": 0 | line 6, field few_rows: expected a whole number | ''",
                "\"few_rows\": 8 | \"few_row\": 8 | line 6, field few_row: unknown field | few_rows",
                "\"micro_batch\": 512 | \"micro_batch\": 0.5 | line 7, field micro_batch: expected a whole number | ''",
                "\"radeon\" | \"radeons\" | line 8, field backends.rocm[0]: 'radeons' is none of | radeon",
                "\"radeon\" | 7 | line 8, field backends.rocm[0]: expected a text | ''",
                "[\"radeon\"] | \"radeon\" | line 8, field backends.rocm: expected a list | ''",
                "\"2023-05\" | \"2023-13\" | line 9, field eras[0].since: expected a day, a month or a year | ''",
                "\"2023-05\" | \"23-05-01\" | line 9, field eras[0].since: expected a day, a month or a year | ''",
                "\"2023-05\" | \"2023-05-1\" | line 9, field eras[0].since: expected a day, a month or a year | ''",
                "\"2023-05\" | 2023 | line 9, field eras[0].since: expected a text | ''",
                "\"2023-05\" | \"2025-01-02\" | line 9, field eras[1].since: eras stand in order | ''",
                "\"new\", \"since\" | \"old\", \"since\" | line 9, field eras[1].name: another era has this name | ''",
                "\"versions\" | \"version\" | line 9, field eras[0].version: unknown field | versions",
                "weight_bandwidth | weight_bandwith | line 11, field rules[0].parameters.weight_bandwith: unknown field | weight_bandwidth",
                "0.8 | 1.3 | line 11, field rules[0].parameters.weight_bandwidth.value: expected a number from 0.01 to 1.2 | ''",
                "0.8 | -0.8 | line 11, field rules[0].parameters.weight_bandwidth.value: expected a number from 0.01 to 1.2 | ''",
                "0.8 | 1e999 | line 11, field rules[0].parameters.weight_bandwidth.value: expected a number from 0.01 to 1.2 | ''",
                "0.8 | \"0.8\" | line 11, field rules[0].parameters.weight_bandwidth.value: expected a number from 0.01 to 1.2 | ''",
                ", \"source\": \"nobody\" | '' | line 11, field rules[0].parameters.weight_bandwidth: the field 'source' is missing | ''",
                "\"value\": 0.8 | \"val\": 0.8 | field rules[0].parameters.weight_bandwidth.val: unknown field | value",
                "[\"cuda\"], \"era\" | [\"vulkan\"], \"era\" | line 13, field rules[1].when.backend[0]: 'vulkan' is none of cuda, rocm | ''",
                "[\"cuda\"], \"era\" | [], \"era\" | line 13, field rules[1].when.backend: expected at least one | ''",
                "\"era\": [\"new\"] | \"era\": [\"newer\"] | line 13, field rules[1].when.era[0]: 'newer' is none of old, new | new",
                "\"class\": [\"geforce\"] | \"class\": [\"g-force\"] | line 13, field rules[1].when.class[0]: 'g-force' is none of | geforce",
                "\"rows\": \"few\" | \"rows\": \"one\" | line 13, field rules[1].when.rows: 'one' is none of few, many | ''",
                "\"rows\": 12 | \"rows\": -1 | line 15, field rules[1].parameters.matrix_share.rows: expected a whole number | ''",
                "\"fitted\": true | \"fitted\": \"yes\" | line 15, field rules[1].parameters.matrix_share.fitted: expected true or false | ''",
                "fp16_acc16 | fp16_acc32 | line 17, field rules[1].choices.matrix_rate: 'fp16_acc32' is none of | fp16_acc16",
                "\"flash_attention\": \"on\" | \"flash_attention\": true | line 17, field rules[1].choices.flash_attention: expected a text | ''",
                "\"why\" | \"because\" | line 18, field rules[1].assumption.because: unknown field | ''",
                "\"bits_below\": 5 | \"bits_below\": 99 | line 23, field rules[2].when.bits_below: expected a number from 0 to 64 | ''",
                "\"moe\" | \"sparse\" | line 23, field rules[2].when.structure[0]: 'sparse' is none of dense, moe, mla, hybrid | ''",
                "\"when\": { \"backend\" | \"if\": { \"backend\" | line 13, field rules[1].if: unknown field | ''",
                "\"device\" | \"gpu\" | line 22, field rules[2].when.gpu: unknown field | ''",
            })
    void aBrokenEngineIsRefusedWithFileLineAndField(String good, String bad, String message, String hint)
            throws IOException {
        write(ProfileKind.ENGINE, broken(RULES, good, bad));
        assertThatThrownBy(() -> library.engine("mine")).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.message()).contains("mine.json, line ", message);
            assertThat(String.join(" ", refusal.hints())).contains(hint == null ? "" : hint);
        });
    }

    @Test
    void aRuleCannotSpeakOfErasWhereTheEngineNamesNone() throws IOException {
        String bare = "\"rules\": [{ \"when\": { \"era\": [\"new\"] } }], \"sources\"";
        write(ProfileKind.ENGINE, broken(ENGINE, "\"sources\"", bare));
        assertRefused(ProfileKind.ENGINE).hasMessageContaining("field rules[0].when.era: the engine names no eras");
    }

    @Test
    void aFileOfFiveMegabytesIsRefusedUnread() throws IOException {
        write(ProfileKind.MODEL, MODEL + " ".repeat(5 << 20));
        assertRefused(ProfileKind.MODEL).hasMessageContaining("mine.json").hasMessageContaining("too large");
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() throws IOException {
        byte[] good = MODEL.getBytes(StandardCharsets.UTF_8);
        for (int wrong : new int[] {0x80, 0xC0, 0xC3, 0xE9, 0xF8, 0xFE, 0xFF}) {
            byte[] bad = good.clone();
            bad[MODEL.indexOf("Tiny")] = (byte) wrong;
            write(ProfileKind.MODEL, bad);
            assertRefused(ProfileKind.MODEL).hasMessageContaining("mine.json");
        }
    }

    @Test
    void anyByteOfAGoodProfileMayBeFlippedWithoutAnotherExceptionThanARefusal() throws IOException {
        byte[] good = MODEL.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            write(ProfileKind.MODEL, bad);
            try {
                assertThat(library.model("mine").value().model().parameters()).isPositive();
            } catch (Refusal refusal) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(good.length / 2);
    }

    private static String broken(String profile, String good, String bad) {
        assertThat(profile).contains(good);
        int at = profile.indexOf(good);
        return profile.substring(0, at) + (bad == null ? "" : bad) + profile.substring(at + good.length());
    }

    private void write(ProfileKind kind, String text) throws IOException {
        write(kind, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(ProfileKind kind, byte[] bytes) throws IOException {
        Path place = Files.createDirectories(folder.resolve(kind.folder()));
        Files.write(place.resolve("mine.json"), bytes);
    }

    private AbstractThrowableAssert<?, ?> assertRefused(ProfileKind kind) {
        return assertThatThrownBy(() -> library.any(kind, "mine")).isInstanceOf(Refusal.class);
    }
}
