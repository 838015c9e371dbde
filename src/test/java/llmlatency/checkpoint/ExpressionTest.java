package llmlatency.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import llmlatency.checkpoint.Expression.MissingField;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The language of architectures. */
class ExpressionTest {
    private static final long SEED = 20_261_124;
    private static final int TEXTS = 50_000;
    private static final Map<String, Object> FIELDS = new HashMap<>();

    static {
        FIELDS.put("a", 7.0);
        FIELDS.put("b", 2.0);
        FIELDS.put("zero", 0.0);
        FIELDS.put("yes", true);
        FIELDS.put("no", false);
        FIELDS.put("text", "sliding_attention");
        FIELDS.put("list", Arrays.asList(1.0, 2.0, 2.0, 3.0));
        FIELDS.put("words", Arrays.asList("full", "sliding", null));
        FIELDS.put("blocks", Arrays.asList(Map.of("heads", 8.0, "inner", Map.of("width", 64.0)), Map.of("heads", 4.0)));
        FIELDS.put("null", null);
        FIELDS.put("part.inner", 5.0);
    }

    private static @Nullable Object value(String text) {
        return Expression.value(text, name -> {
            if (!FIELDS.containsKey(name)) {
                throw new MissingField(name);
            }
            return FIELDS.get(name);
        });
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "1 + 2 * 3 | 7",
                "(1 + 2) * 3 | 9",
                "10 - 2 - 3 | 5",
                "100 / 10 / 2 | 5",
                "-a + 10 | 3",
                "- -a | 7",
                "2 * -b | -4",
                "a // b | 3",
                "-7 // 2 | -4",
                "a % b | 1",
                "-7 % 3 | 2",
                "a / b | 3.5",
                "1.5 * 2 | 3",
                "part.inner + 1 | 6",
                "a > 3 ? 1 : 2 | 1",
                "a < 3 ? 1 : a < 10 ? 2 : 3 | 2",
                "(no ? 1 : 2) + 1 | 3",
                "b == 2 and a == 7 ? 1 : 0 | 1",
                "list[1] + list[3] | 5",
                "list[b - 2] | 1",
                "blocks[0].heads + blocks[1].heads | 12",
                "blocks[0].inner.width | 64",
                "floor(3.9) + ceil(3.1) | 7",
                "min(a, b) + max(a, b) | 9",
                "round_up(a, 4) | 8",
                "round_up(8, 4) | 8",
                "len(list) + len(text) | 21",
                "count(list, 2) | 2",
                "count(words, 'full') | 1",
                "count(chars('M*M-'), 'M') | 2",
                "absent ?? 3 | 3",
                "null ?? 4 | 4",
                "a ?? absent | 7",
                "absent ?? null ?? 5 | 5",
                "absent + 1 ?? 6 | 6",
                "(absent ?? 2) * 3 | 6",
                "blocks[1].inner.width ?? 9 | 9",
                "has(absent) ? absent : 8 | 8",
                "yes ? 1 : absent | 1",
                "no ? absent : 2 | 2",
            })
    void arithmeticChoicesAndFallbacksGiveNumbers(String text, double expected) {
        assertThat(value(text)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a == 7 | true",
                "a != 7 | false",
                "a >= 7 and a <= 7 | true",
                "a > 7 or b < 2 | false",
                "not no | true",
                "not not no | false",
                "not a == 7 | false",
                "no and yes or yes | true",
                "yes or yes and no | true",
                "text == 'sliding_attention' | true",
                "'sliding' in text | true",
                "'full' in text | false",
                "'full' in words | true",
                "3 in list | true",
                "4 in list | false",
                "a in text | false",
                "null == none | true",
                "a == none | false",
                "'7' == a | false",
                "has(a) | true",
                "has(null) | false",
                "has(absent) | false",
                "has(absent + a) | false",
                "not has(part.outer) | true",
                "is_list(list) | true",
                "is_list(a) | false",
                "no and absent | false",
                "yes or absent | true",
                "true | true",
                "false | false",
            })
    void comparisonsGiveTruthValues(String text, boolean expected) {
        assertThat(value(text)).isEqualTo(expected);
    }

    @Test
    void otherValuesArePassedOn() {
        assertThat(value("'a b'")).isEqualTo("a b");
        assertThat(value("''")).isEqualTo("");
        assertThat(value("none")).isNull();
        assertThat(value("null")).isNull();
        assertThat(value("list")).isEqualTo(FIELDS.get("list"));
        assertThat(value("chars('ab')")).isEqualTo(List.of("a", "b"));
    }

    @ParameterizedTest(name = "{0} lacks {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "absent | absent",
                "absent + other | absent",
                "a + absent * 2 | absent",
                "yes ? absent : 1 | absent",
                "absent ?? other | other",
                "max(a, absent) | absent",
                "part.outer | part.outer",
                "blocks[1].inner.width | inner.width",
                "yes and absent | absent",
            })
    void aMissingFieldIsNamed(String text, String field) {
        assertThatThrownBy(() -> value(text))
                .isInstanceOfSatisfying(
                        MissingField.class,
                        missing -> assertThat(missing.field()).isEqualTo(field));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "a / zero | it divides by zero",
                "a // zero | it divides by zero",
                "a % (b - 2) | it divides by zero",
                "a + text | 'sliding_attention' is no number",
                "null + 1 | 'null' is no number",
                "-yes | 'true' is no number",
                "list < 1 | is no number",
                "list[4] | there is no item 4 in a list of 4",
                "list[-1] | there is no item -1 in a list of 4",
                "a[0] | there is no item 0 in 7.0",
                "len(a) | is no number",
                "min(a) | min takes 2 values",
                "floor(a, b) | floor takes 1 values",
                "sqrt(a) | there is no function sqrt",
                "a b | something follows at 'b'",
                "a < b < a | something follows at '<'",
                "(a | ')' is missing",
                "list[1 | ']' is missing",
                "yes ? 1 | ':' is missing",
                "a + | it ends too early",
                "floor(a | it ends too early",
                "* a | '*' is out of place",
                "a = b | something follows at '='",
                "a; b | something follows at ';'",
                "1.2.3 | '1.2.3' is no number",
                "1x | '1x' is no number",
                "0x10 | '0x10' is no number",
            })
    void whatCannotBeComputedIsRefused(String text, String why) {
        assertThatThrownBy(() -> value(text))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("cannot be computed")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "'", "a + 'b", "\t", "\n1", "#", "é(", "٣", "\0", "??", "? :", "[", "a.", ".a"})
    void whatIsNoExpressionIsRefused(String text) {
        assertThatThrownBy(() -> value(text)).isInstanceOfAny(Refusal.class, MissingField.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "-", "not ", "a ?? ", "yes ? ", "yes ? 1 : ", "floor(", "list[", "has(", "absent ?? "})
    void whatNestsTooDeepIsRefusedAndNeverOverflows(String opening) {
        assertThatThrownBy(() -> value(opening.repeat(30_000) + "a"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("it nests too deep");
    }

    @Test
    void nestingIsFreeWhereItEnds() {
        assertThat(value("(".repeat(40) + "a" + ")".repeat(40))).isEqualTo(7.0);
        assertThat(value("a" + " + (a)".repeat(1000))).isEqualTo(7007.0);
        assertThat(value("absent ?? 0 + (absent ?? 1)")).isEqualTo(1.0);
        assertThat(value("(absent ?? 1)" + " + (absent ?? 1)".repeat(500))).isEqualTo(501.0);
    }

    /** Words of the language and rubbish in any order: a value, a refusal or a missing field, and never anything else. */
    @Test
    void noTextCrashesOrHangs() {
        List<String> words = new ArrayList<>(List.of(
                "+ - * / // % == != <= >= < > in and or not ? : ?? ( ) [ ] , . true false none i".split(" ", -1)));
        words.addAll(FIELDS.keySet());
        words.addAll(List.of(
                "absent",
                "'x'",
                "'",
                "0",
                "1",
                "3.5",
                "1e9",
                "9".repeat(40),
                "has(",
                "floor(",
                "count(",
                "chars(",
                "len(",
                "round_up(",
                "min(",
                "&",
                "\u00e9",
                "\0",
                "{",
                "a.b.c",
                "..",
                "1.",
                "_"));
        Random random = new Random(SEED);
        int values = 0;
        int refusals = 0;
        int missing = 0;
        for (int n = 0; n < TEXTS; n++) {
            String[] chosen = new String[1 + random.nextInt(12)];
            Arrays.setAll(chosen, at -> words.get(random.nextInt(words.size())));
            String text = String.join(random.nextBoolean() ? " " : "", chosen);
            try {
                Object value = Assertions.assertTimeout(Duration.ofSeconds(5), () -> value(text));
                assertThat(value == null
                                || value instanceof Double
                                || value instanceof String
                                || value instanceof Boolean
                                || value instanceof List<?>
                                || value instanceof Map<?, ?>)
                        .as(text)
                        .isTrue();
                values++;
            } catch (Refusal e) {
                assertThat(e.message()).as(text).isNotBlank();
                refusals++;
            } catch (MissingField e) {
                missing++;
            }
        }
        assertThat(List.of(values, refusals, missing))
                .allSatisfy(count -> assertThat(count).isGreaterThan(TEXTS / 200));
    }
}
