package llmlatency.units;

import java.util.List;

/**
 * The question cannot be answered as asked: a wrong name, a bad quantity, an impossible combination, an unreadable
 * file. Carries one sentence that says what was given and what was expected, and hints on what to type instead. Ends the
 * program with exit code 2; any other exception is a bug of ours.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // immutable list of strings; refusals are never serialised
    private final List<String> hints;

    /**
     * @param message what was given and what was expected, one line, no full stop at the end
     * @param hints what to type instead, one line each
     */
    public Refusal(String message, String... hints) {
        super(message);
        this.hints = List.of(hints);
    }

    private Refusal(String message, List<String> hints, Throwable cause) {
        super(message, cause);
        this.hints = hints;
    }

    /** The same refusal seen from further out: {@code place} (an option, a file and field) goes in front. */
    public Refusal at(String place) {
        return new Refusal(place + ": " + getMessage(), hints, this);
    }

    /** The message of this refusal; never null. */
    public String message() {
        return String.valueOf(getMessage());
    }

    /** What to type instead, one line each; may be empty. */
    public List<String> hints() {
        return hints;
    }
}
