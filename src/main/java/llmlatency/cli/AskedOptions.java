package llmlatency.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * The options of a deployment, by their long names in snake_case. Which there are is asked of picocli, so that a new one
 * needs no code here.
 */
final class AskedOptions {
    /** The object of a budget file that holds its limits. */
    static final String LIMITS = "limits";

    /** The field of a budget file that is no option. */
    static final String NAME = "name";

    private final DeploymentOptions deployment = new DeploymentOptions();
    private final Map<String, OptionSpec> known;
    private @Nullable CommandLine parser;

    /** The options of a deployment without a command line that they stand on. */
    AskedOptions() {
        this.parser = parser();
        this.known = keyed(parser.getCommandSpec());
    }

    /** Those among the options of {@code check}: what it built already need not be built again. */
    AskedOptions(CommandSpec check) {
        this.known = keyed(Objects.requireNonNull(check.mixins().get("deployment"), "the mixin of CheckCommand"));
    }

    private CommandLine parser() {
        return new CommandLine(deployment).setExpandAtFiles(false);
    }

    private static Map<String, OptionSpec> keyed(CommandSpec spec) {
        Map<String, OptionSpec> keyed = new LinkedHashMap<>();
        for (OptionSpec option : spec.options()) {
            keyed.put(Asked.key(option), option);
        }
        return keyed;
    }

    /** Every option by its key. */
    Map<String, OptionSpec> known() {
        return known;
    }

    /** What the command line of {@code check} says of the deployment. */
    Asked given(CommandSpec check) {
        Map<String, List<String>> given = new LinkedHashMap<>();
        for (OptionSpec option : check.commandLine().getParseResult().matchedOptions()) {
            String key = Asked.key(option);
            if (known.containsKey(key)) {
                given.put(key, Asked.isFlag(option) ? List.of("true") : List.copyOf(option.originalStringValues()));
            }
        }
        return new Asked(given);
    }

    /**
     * What is asked, read as a command line is. One object serves all: it holds until the next is read.
     *
     * @throws Refusal when picocli refuses it
     */
    DeploymentOptions read(Asked asked) {
        List<String> arguments = new ArrayList<>();
        asked.options().forEach((key, values) -> {
            OptionSpec option = known.get(key);
            if (option == null) {
                return;
            }
            for (String value : values) {
                if (!Asked.isFlag(option)) {
                    arguments.add(option.longestName() + "=" + value);
                } else if (value.equals("true")) {
                    arguments.add(option.longestName());
                }
            }
        });
        if (parser == null) {
            parser = parser();
        }
        try {
            parser.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new Refusal(String.valueOf(e.getMessage()));
        }
        return deployment;
    }

    /** The object of a budget file that asks the same. */
    Map<String, Object> tree(@Nullable String name, Asked asked) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> limits = new LinkedHashMap<>();
        if (name != null) {
            tree.put(NAME, name);
        }
        asked.options().forEach((key, values) -> {
            OptionSpec option = known.get(key);
            if (option != null) {
                (Asked.isLimit(option) ? limits : tree).put(key, value(option, values));
            }
        });
        tree.put(LIMITS, limits);
        return tree;
    }

    private static Object value(OptionSpec option, List<String> values) {
        return Asked.isFlag(option)
                ? (Object) values.contains("true")
                : option.isMultiValue() ? values : values.get(values.size() - 1);
    }
}
