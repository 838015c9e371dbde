package llmlatency.cli;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.NamePattern;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads several values of an option: lists, ranges such as {@code 1..256*2}, names with stars. */
final class AxisValues {
    private static final int MOST = 1_000_000;
    private static final String NUMBER = "([0-9]{1,10}(?:\\.[0-9]{1,9})?[kKmM]?)";
    private static final Pattern RANGE =
            Pattern.compile(NUMBER + "\\s*\\.\\.\\s*" + NUMBER + "(?:\\s*([*+])\\s*" + NUMBER + ")?");
    private static final Pattern COUNTED = Pattern.compile("([0-9]+\\s*[xX*]\\s*)(\\S.*)");

    private AxisValues() {}

    /**
     * The values that a text lists, each once.
     *
     * @param kind the kind of names that it lists; null: none, so that ranges are understood
     */
    static List<String> of(String option, String text, @Nullable ProfileKind kind, ProfileLibrary library) {
        Set<String> values = new LinkedHashSet<>();
        for (String part : kind != null && isFile(text) ? List.of(text) : List.of(text.split(",", -1))) {
            String value = part.strip();
            if (value.isEmpty()) {
                throw new Refusal(option + " '" + text + "' lists nothing between two commas");
            }
            if (kind != null) {
                values.addAll(names(value, kind, library));
            } else {
                Matcher range = RANGE.matcher(value);
                values.addAll(range.matches() ? range(option, value, range) : List.of(value));
            }
        }
        return List.copyOf(values);
    }

    /** A file whose name holds a comma is one value. */
    private static boolean isFile(String text) {
        try {
            return text.indexOf(',') >= 0 && Files.exists(Path.of(text));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The names that a word with stars fits; a count may stand before that of a device, a backend behind an engine. */
    private static List<String> names(String word, ProfileKind kind, ProfileLibrary library) {
        Matcher counted = COUNTED.matcher(word);
        boolean many = kind == ProfileKind.GPU && counted.matches();
        String name = many ? counted.group(2) : word;
        if (name.indexOf('*') < 0) {
            return List.of(word);
        }
        List<String> found = new ArrayList<>();
        for (String known : library.names(kind)) {
            if (NamePattern.matches(name, known)) {
                found.add(many ? counted.group(1) + known : known);
            }
        }
        if (found.isEmpty()) {
            throw new Refusal(
                    "no " + kind.noun() + " matches '" + name + "'", "all names: llm-latency list " + kind.folder());
        }
        return found;
    }

    /** From one number to another in steps; the other is among them where a step meets it. */
    private static List<String> range(String option, String text, Matcher range) {
        BigDecimal from = number(range.group(1));
        BigDecimal to = number(range.group(2));
        BigDecimal step = range.group(4) == null ? BigDecimal.ONE : number(range.group(4));
        boolean times = "*".equals(range.group(3));
        boolean grows = times ? step.compareTo(BigDecimal.ONE) > 0 && from.signum() > 0 : step.signum() > 0;
        if (!grows || from.compareTo(to) > 0) {
            throw new Refusal(option + ": '" + text + "' does not count upwards, as 1..256*2 (1, 2, 4, ... 256) and"
                    + " 512..4k+512 do");
        }
        List<String> values = new ArrayList<>();
        for (BigDecimal at = from; at.compareTo(to) <= 0; at = times ? at.multiply(step) : at.add(step)) {
            values.add(at.stripTrailingZeros().toPlainString());
            if (values.size() > MOST) {
                throw new Refusal(option + ": '" + text + "' has more than " + MOST + " values");
            }
        }
        return values;
    }

    private static BigDecimal number(String text) {
        char last = text.charAt(text.length() - 1);
        int factor = last == 'k' || last == 'K' ? 1 << 10 : last == 'm' || last == 'M' ? 1 << 20 : 1;
        return new BigDecimal(factor == 1 ? text : text.substring(0, text.length() - 1))
                .multiply(BigDecimal.valueOf(factor));
    }
}
