package llmlatency.profile;

import java.util.List;
import llmlatency.document.Document;
import llmlatency.document.NameKey;
import org.jspecify.annotations.Nullable;

/**
 * The engine that is taken where none is asked for.
 *
 * @param engine its name
 * @param why the reason, for people
 */
public record EngineChoice(String engine, String why) {
    /** Where nothing is known of what would run there: the floor alone. */
    private static final String IDEAL = "ideal";

    /**
     * The first choice of the table that fits and whose engine has a profile, else the ideal program.
     *
     * @param kind the kind of device; null where it is not known
     * @param format name of the weights' format
     */
    static EngineChoice of(Document table, ProfileStore store, @Nullable String kind, String format) {
        table.allowOnly(List.of("title", "notes", "choices"));
        if (kind == null) {
            return new EngineChoice(IDEAL, "nothing is known of the kind of device");
        }
        for (Document choice : table.list("choices")) {
            choice.allowOnly(List.of("class", "format", "engine", "why"));
            List<String> kinds = choice.words("class", GpuProfile.CLASSES);
            if ((kinds.isEmpty() || kinds.contains(kind)) && fits(choice.texts("format"), format)) {
                String engine = choice.get("engine").text();
                return store.names(ProfileKind.ENGINE, NameKey.of(engine)).isEmpty()
                        ? new EngineChoice(IDEAL, "there is no profile of " + engine + ", the usual program there")
                        : new EngineChoice(engine, choice.get("why").text());
            }
        }
        return new EngineChoice(
                IDEAL, "no engine with a profile is known to run " + format + " on this kind of device");
    }

    private static boolean fits(List<String> patterns, String format) {
        boolean fits = patterns.isEmpty();
        for (String pattern : patterns) {
            int last = pattern.length() - 1;
            fits |= pattern.charAt(last) == '*'
                    ? format.startsWith(pattern.substring(0, last))
                    : format.equals(pattern);
        }
        return fits;
    }
}
