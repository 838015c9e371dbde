package llmlatency.cli;

import java.util.function.Function;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads what stands behind an option, so that a refusal says which option it was. */
final class OptionValue {
    private OptionValue() {}

    /** What the text says. */
    static <T> T of(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (Refusal e) {
            throw e.at(option);
        }
    }

    /** The number above zero that the text says; {@code example} stands in the refusal. */
    static double positive(String option, String text, String example) {
        if (text.matches("[0-9]{1,12}(\\.[0-9]{1,9})?") && Double.parseDouble(text) > 0) {
            return Double.parseDouble(text);
        }
        throw new Refusal(option + ": '" + text + "' is not a number above zero, such as " + example);
    }

    /** What the text says; null where the option was not given. */
    static <T> @Nullable T optional(String option, @Nullable String text, Function<String, T> parser) {
        return text == null ? null : of(option, text, parser);
    }
}
