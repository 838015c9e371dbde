package llmlatency.calibration;

import java.math.BigDecimal;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * One result that a benchmark program saved, and the names given beside it. Programs write null, an empty text or 0 for
 * what they do not know; all of these are as good as absent.
 *
 * @param node the result
 * @param given names given beside it
 * @param profiles which names resolve
 */
record BenchmarkResult(Document node, Given given, KnownProfiles profiles) {
    private static final Pattern COUNTED = Pattern.compile("([0-9]{1,4})\\s*[xX*]\\s*(\\S.*)");
    private static final int MOST_DEVICES = 1_000_000;

    /** Whether it has all of these fields. */
    boolean has(String... fields) {
        return List.of(fields).stream().allMatch(field -> node.find(field) != null);
    }

    /** A text; null where it says nothing. */
    @Nullable
    String text(String field) {
        Document found = node.find(field);
        return found != null && found.plain() instanceof String text && !text.isBlank() && !found.isNull()
                ? text.strip()
                : null;
    }

    /** A number above zero; null where there is none. */
    @Nullable
    Double positive(String... fields) {
        for (String field : fields) {
            Document found = node.find(field);
            if (found != null && found.plain() instanceof BigDecimal number && number.signum() > 0) {
                return found.positive();
            }
        }
        return null;
    }

    /** A number of tokens, sequences or devices; null where it is none, 0 where it may be 0 and is. */
    @Nullable
    Long count(String field) {
        Document found = node.find(field);
        if (found == null || found.isNull()) {
            return null;
        }
        return found.plain() instanceof BigDecimal ? (Long) found.whole(0, TableRow.MOST_TOKENS) : null;
    }

    /** Devices, from a number or the text of one; null where there is none. */
    @Nullable
    Integer degree(String... fields) {
        for (String field : fields) {
            Document found = node.find(field);
            String text = found == null ? "" : found.plain().toString();
            if (text.matches("[1-9][0-9]{0,6}") && Integer.parseInt(text) <= MOST_DEVICES) {
                return Integer.valueOf(text);
            }
        }
        return null;
    }

    /** The name of the model: its own where that resolves, else the one given. */
    String model(@Nullable String own) {
        return chosen("model", "--model NAME", own, given.model(), profiles::knowsModel);
    }

    /** The format of the weights: its own where that resolves, else the one given; null: the checkpoint's. */
    @Nullable
    String weightFormat(@Nullable String own) {
        return own != null && (profiles.knowsFormat(own) || given.weightFormat() == null) ? own : given.weightFormat();
    }

    /** The engine: its own where that resolves, else the one given. */
    String engine(@Nullable String own) {
        return chosen(
                "engine",
                "--engine NAME",
                own,
                given.engine(),
                word -> profiles.knowsEngine(EngineWord.of(word).name()));
    }

    /**
     * Devices.
     *
     * @param name the name of one
     * @param count how many
     */
    record Devices(String name, int count) {}

    /** The devices: its own where they resolve, else those given. */
    Devices devices(@Nullable Devices own) {
        String name = chosen("GPU", "--gpu NAME", own == null ? null : own.name(), given.gpu(), profiles::knowsGpu);
        if (own != null && own.name().equals(name)) {
            return own;
        }
        Matcher counted = COUNTED.matcher(name);
        return counted.matches()
                ? new Devices(counted.group(2), Math.max(1, Integer.parseInt(counted.group(1))))
                : new Devices(name, own == null ? 1 : own.count());
    }

    private String chosen(
            String what, String option, @Nullable String own, @Nullable String other, Predicate<String> known) {
        if (own != null && (other == null || known.test(own))) {
            return own;
        }
        if (other == null) {
            throw node.refuse("does not say which " + what, "give " + option + " beside the file");
        }
        return other;
    }
}
