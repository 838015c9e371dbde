package llmlatency.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * The name of one file of a set: {@code model-00002-of-00003.safetensors}.
 *
 * @param prefix what stands before the numbers
 * @param number which file it is, from 1, or from 0 in some sets
 * @param count how many there are
 * @param digits how many digits the numbers have
 * @param suffix what stands behind them
 */
record ShardName(String prefix, int number, int count, int digits, String suffix) {
    private static final Pattern NUMBERS = Pattern.compile("(.*)-(\\d{1,6})-of-(\\d{1,6})");

    /** The name taken apart; null where it is not of that form. */
    static @Nullable ShardName of(String name, String suffix) {
        if (!name.endsWith(suffix)) {
            return null;
        }
        Matcher numbers = NUMBERS.matcher(name.substring(0, name.length() - suffix.length()));
        if (!numbers.matches()) {
            return null;
        }
        return new ShardName(
                numbers.group(1),
                Integer.parseInt(numbers.group(2)),
                Integer.parseInt(numbers.group(3)),
                numbers.group(3).length(),
                suffix);
    }

    /** What the names of a set have in common. */
    String set() {
        return prefix + "-*-of-" + digits(count) + suffix;
    }

    /** The name of another file of the set. */
    String name(int other) {
        return prefix + "-" + digits(other) + "-of-" + digits(count) + suffix;
    }

    /** All files of the set that has this file. */
    List<Path> beside(Path file) {
        Path folder = file.getParent();
        return all(folder == null ? Path.of("") : folder);
    }

    /**
     * All files of the set.
     *
     * @throws Refusal naming the first one that is missing
     */
    List<Path> all(Path folder) {
        int first = Files.exists(folder.resolve(name(0))) ? 0 : 1;
        List<Path> files = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            Path file = folder.resolve(name(i));
            if (!Files.exists(file)) {
                throw new Refusal(file + " is missing: it is one of " + count + " files of this model");
            }
            files.add(file);
        }
        if (number < first || number >= first + count) {
            throw new Refusal(folder.resolve(name(number)) + " has a number outside its set of " + count + " files");
        }
        return files;
    }

    private String digits(int value) {
        return String.format(Locale.ROOT, "%0" + digits + "d", value);
    }
}
