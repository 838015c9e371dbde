package llmlatency.document;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds the names that somebody may have meant. */
public final class NearestNames {
    private static final int SHOWN = 3;

    private NearestNames() {}

    /** At most three of {@code names} that are near to {@code word}, nearest first; none where none is. */
    public static List<String> among(Collection<String> names, String word) {
        String key = NameKey.of(word);
        List<Candidate> candidates = new ArrayList<>();
        for (String name : names) {
            String other = NameKey.of(name);
            int distance = distance(key, other);
            int enough =
                    Math.max(key.length() / 2, 2) < key.length() ? Math.max(2, key.length() / 3) : key.length() / 3;
            if (distance <= enough || (key.length() >= 3 && other.contains(key))) {
                candidates.add(new Candidate(name, distance, commonPrefix(key, other)));
            }
        }
        candidates.sort(Comparator.comparingInt((Candidate c) -> c.distance - Math.min(c.prefix, key.length() / 2))
                .thenComparingInt(Candidate::distance)
                .thenComparingInt(c -> -c.prefix)
                .thenComparing(Candidate::name));
        return candidates.stream().map(Candidate::name).distinct().limit(SHOWN).toList();
    }

    /** The question to ask with them. */
    public static String hint(List<String> near) {
        return "did you mean " + String.join(", ", near) + "?";
    }

    /** The same behind a sentence; nothing where no name is near. */
    public static String question(List<String> near) {
        return near.isEmpty() ? "" : "; " + hint(near);
    }

    private record Candidate(String name, int distance, int prefix) {}

    private static int commonPrefix(String a, String b) {
        int length = 0;
        while (length < a.length() && length < b.length() && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return length;
    }

    /** Levenshtein 1966: fewest insertions, deletions and substitutions. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
