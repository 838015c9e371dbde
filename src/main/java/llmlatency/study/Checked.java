package llmlatency.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A deployment that was held against its budget.
 *
 * @param name its name in the budget file; null where it was asked for by options alone
 * @param place where the file defines it; null without one
 * @param options what was given for it, by long option names in snake_case
 * @param asked the object of a budget file that asks the same: maps, lists, texts and truth values
 * @param verdict what came out
 * @param remedies what would keep the budget, where it is broken
 */
public record Checked(
        @Nullable String name,
        @Nullable Place place,
        Map<String, String> options,
        Map<String, Object> asked,
        Verdict verdict,
        List<Remedy> remedies) {
    /**
     * A line of a file.
     *
     * @param file its name, as it was given
     * @param line from 1
     */
    public record Place(String file, int line) {}

    public Checked {
        options = new LinkedHashMap<>(options);
        asked = new LinkedHashMap<>(asked);
        remedies = List.copyOf(remedies);
    }
}
