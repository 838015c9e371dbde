package llmlatency.cli;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.units.Refusal;
import picocli.CommandLine.Model.OptionSpec;

/** Budgets of several deployments: a JSON file after {@code profiles/schemas/budget.schema.json}. */
final class BudgetFile {
    private static final String NAME = AskedOptions.NAME;
    private static final long LARGEST = 4 << 20;
    private final Map<String, OptionSpec> known;

    BudgetFile(AskedOptions options) {
        this.known = options.known();
    }

    /**
     * A deployment of a file.
     *
     * @param name its name
     * @param asked what is asked of it, defaults included
     * @param file the file that it stands in
     * @param line the line that it starts on
     */
    record Deployment(String name, Asked asked, String file, int line) {
        /** Where it stands, for messages. */
        String place() {
            return file + ", line " + line + ", " + name;
        }
    }

    /**
     * The deployments of a file, in its order.
     *
     * @param word its name; {@code -} is standard input
     * @throws Refusal when it cannot be read, holds an unknown key, or no deployment
     */
    static List<Deployment> read(String word, Console console, AskedOptions options) {
        boolean input = word.equals("-");
        String file = input ? "standard input" : word;
        return new BudgetFile(options).deployments(file, JsonReader.read(file, bytes(word, input, console)));
    }

    private static byte[] bytes(String word, boolean input, Console console) {
        try {
            byte[] bytes = input ? console.in().readNBytes((int) LARGEST + 1) : file(word);
            if (bytes.length <= LARGEST) {
                return bytes;
            }
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new Refusal(
                    "there is no budget file " + word, "or give one deployment by options: check -m MODEL -g GPU ...");
        } catch (IOException e) {
            throw new Refusal(word + " cannot be read: " + e.getMessage());
        }
        throw new Refusal(word + " is larger than 4 MiB, too large for a budget");
    }

    private static byte[] file(String word) throws IOException {
        Path path = Path.of(word);
        return Files.isRegularFile(path) && Files.size(path) > LARGEST
                ? new byte[(int) LARGEST + 1]
                : Files.readAllBytes(path);
    }

    private List<Deployment> deployments(String file, Document root) {
        root.allowOnly(List.of("$schema", "defaults", "deployments"));
        Document shared = root.find("defaults");
        Asked defaults = shared == null ? new Asked(Map.of()) : asked(shared);
        if (shared != null && shared.find(NAME) != null) {
            throw shared.get(NAME).refuse("a name belongs to one deployment, not to the defaults");
        }
        List<Deployment> deployments = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Document item : root.get("deployments").items()) {
            String name = item.get(NAME).text().strip();
            if (!names.add(name)) {
                throw item.get(NAME).refuse("another deployment is named '" + name + "'");
            }
            deployments.add(new Deployment(name, defaults.with(asked(item)), file, item.line()));
        }
        if (deployments.isEmpty()) {
            throw root.get("deployments").refuse("a budget needs at least one deployment");
        }
        return deployments;
    }

    /** What an object asks, without a refusal of options that are not known any more. */
    Asked lenient(Document object) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        object.fields().forEach((key, value) -> {
            if (key.equals(AskedOptions.LIMITS)) {
                value.fields()
                        .forEach((limit, amount) -> options.put(
                                limit, known.containsKey(limit) ? texts(limit, amount) : List.of(shown(amount))));
            } else if (!key.equals(NAME)) {
                options.put(key, known.containsKey(key) ? texts(key, value) : List.of(shown(value)));
            }
        });
        return new Asked(options);
    }

    private static String shown(Document value) {
        return String.valueOf(value.plain());
    }

    /**
     * What the object of a deployment, or the defaults, ask.
     *
     * @throws Refusal when it holds an unknown key, or a value that no option takes
     */
    Asked asked(Document object) {
        Map<String, List<String>> options = new LinkedHashMap<>();
        Set<String> words = new LinkedHashSet<>(List.of(NAME, AskedOptions.LIMITS));
        Set<String> limits = new LinkedHashSet<>();
        known.forEach((key, option) -> (Asked.isLimit(option) ? limits : words).add(key));
        object.allowOnly(words);
        object.fields().forEach((key, value) -> {
            if (key.equals(AskedOptions.LIMITS)) {
                value.allowOnly(limits);
                value.fields().forEach((limit, amount) -> options.put(limit, texts(limit, amount)));
            } else if (!key.equals(NAME)) {
                options.put(key, texts(key, value));
            }
        });
        return new Asked(options);
    }

    /** What a value says as texts behind the option: a list and an object are an option that is repeated. */
    private List<String> texts(String key, Document value) {
        OptionSpec option = known.get(key);
        if (option == null) {
            throw value.refuse("unknown field");
        }
        if (Asked.isFlag(option)) {
            return List.of(String.valueOf(value.truth()));
        }
        List<String> texts = new ArrayList<>();
        if (option.isMultiValue() && value.isObject()) {
            value.fields().forEach((name, part) -> texts.add(name + "=" + text(part)));
        } else if (option.isMultiValue() && value.isList()) {
            value.items().forEach(part -> texts.add(text(part)));
        } else {
            texts.add(text(value));
        }
        return texts;
    }

    private static String text(Document value) {
        Object plain = value.plain();
        return plain instanceof BigDecimal number ? number.toPlainString() : value.text();
    }
}
