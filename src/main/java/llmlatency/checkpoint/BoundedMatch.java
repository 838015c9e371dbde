package llmlatency.checkpoint;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Matches regular expressions of strangers: one that would run for ever is refused. */
final class BoundedMatch implements CharSequence {
    private static final int MOST_LOOKS = 200_000;

    private final String text;
    private int looks;

    private BoundedMatch(String text) {
        this.text = text;
    }

    /** The expression; null where it is none. */
    static @Nullable Pattern compile(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            return null;
        }
    }

    /**
     * Whether it matches the whole text.
     *
     * @throws Refusal when that cannot be said in reasonable time
     */
    static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(new BoundedMatch(text)).matches();
        } catch (StackOverflowError e) {
            throw new Refusal("the pattern '" + pattern + "' is too deep to be matched");
        }
    }

    @Override
    public char charAt(int index) {
        if (++looks > MOST_LOOKS) {
            throw new Refusal("a pattern of a config's list of modules takes too long to be matched");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
