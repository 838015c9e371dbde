package llmlatency.cli;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What is asked of one deployment: the texts behind its options, by their long names in snake_case.
 *
 * @param options what was given; of a flag, {@code true} or {@code false}
 */
record Asked(Map<String, List<String>> options) {
    Asked {
        options = new LinkedHashMap<>(options);
    }

    /** The key of an option: {@code max_ttft} of {@code --max-ttft}. */
    static String key(OptionSpec option) {
        return option.longestName().substring(2).replace('-', '_');
    }

    /** Whether it takes no value. */
    static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0;
    }

    /** Whether it is a limit, which budget files keep in an object of their own. */
    static boolean isLimit(OptionSpec option) {
        return option.userObject() instanceof Field field && field.getDeclaringClass() == LimitOptions.class;
    }

    /** What was given first for an option; null where it was left out. */
    @Nullable
    String given(String key) {
        List<String> values = options.get(key);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** The same with other options on top. */
    Asked with(Asked others) {
        Map<String, List<String>> all = new LinkedHashMap<>(options);
        all.putAll(others.options);
        return new Asked(all);
    }

    /** The same with other texts for some options. */
    Asked changed(Map<String, String> changes) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        changes.forEach((key, text) -> all.put(key, List.of(text)));
        return with(new Asked(all));
    }
}
