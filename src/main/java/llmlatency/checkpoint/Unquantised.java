package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.PlacedTensor;
import llmlatency.model.RecurrentMixer;
import org.jspecify.annotations.Nullable;

/**
 * Which weights a quantised checkpoint leaves at 16 bit: embeddings, heads and routers, and the modules that its config
 * lists by name, by a pattern with stars, or by a regular expression.
 */
public final class Unquantised {
    private static final String REGEX = "re:";
    private static final int LONGEST = 500;

    private final Document names;
    private final List<Pattern> listed = new ArrayList<>();

    private Unquantised(Document names) {
        this.names = names;
    }

    /**
     * The parts of the model with weights left at 16 bit, as {@code part} and {@code parameters}; none where the config
     * quantises nothing, or everything.
     *
     * @param config the config
     * @param names how parts are called in lists of modules
     */
    public static List<Map<String, Object>> parts(Document config, Model model, Document names) {
        Document scheme = scheme(config);
        if (scheme == null || isWhole(scheme, names)) {
            return List.of();
        }
        Unquantised unquantised = new Unquantised(names);
        names.list("lists").forEach(list -> unquantised.read(scheme.find(list.text())));
        Map<String, Long> parts = new LinkedHashMap<>();
        for (PlacedTensor placed : model.tensors()) {
            if (placed.tensor().role().matrix() && unquantised.isPlain(placed)) {
                parts.merge(placed.part(), placed.tensor().elements(), Math::addExact);
            }
        }
        List<Map<String, Object>> list = new ArrayList<>();
        parts.forEach((part, parameters) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("part", part);
            entry.put("parameters", parameters);
            list.add(entry);
        });
        return list;
    }

    private static @Nullable Document scheme(Document config) {
        Document text = ConfigFields.textPart(config);
        Document inText = text == null ? null : text.find("quantization_config");
        Document found = inText != null ? inText : config.find("quantization_config");
        return found == null || !found.isObject() ? null : found;
    }

    private static boolean isWhole(Document scheme, Document names) {
        Document method = scheme.find("quant_method");
        return method == null
                || method.isNull()
                || names.list("whole_methods").stream()
                        .anyMatch(whole -> whole.plain().equals(method.plain()));
    }

    /** Reads a list of modules. One that was cut short stands for all layers alike. */
    private void read(@Nullable Document list) {
        if (list == null || !list.isList()) {
            return;
        }
        List<String> entries = list.items().stream()
                .filter(item -> item.plain() instanceof String)
                .map(item -> (String) item.plain())
                .filter(entry -> entry.length() <= LONGEST)
                .toList();
        boolean cut = entries.stream().anyMatch(entry -> entry.startsWith("..."));
        for (String entry : entries) {
            Pattern pattern = pattern(cut ? entry.replaceAll("layers\\.[0-9]+", "layers.*") : entry);
            if (pattern != null) {
                listed.add(pattern);
            }
        }
    }

    /** A name stands for the module and all within it; a star for anything. */
    private static @Nullable Pattern pattern(String entry) {
        if (entry.startsWith(REGEX)) {
            return BoundedMatch.compile(entry.substring(REGEX.length()));
        }
        String name = entry.replaceFirst("^((language_model|model|backbone)\\.)+", "");
        String[] literals = name.split("\\*", -1);
        StringBuilder regex = new StringBuilder("(?:.*\\.)?");
        for (int i = 0; i < literals.length; i++) {
            regex.append(i == 0 ? "" : ".*").append(Pattern.quote(literals[i]));
        }
        return Pattern.compile(regex.append("(?:\\..*)?").toString());
    }

    private boolean isPlain(PlacedTensor placed) {
        if (names.list("plain_parts").stream().anyMatch(part -> part.text().equals(placed.part()))) {
            return true;
        }
        Integer position = placed.position();
        if (position == null || listed.isEmpty()) {
            return false;
        }
        for (String module : modules(placed)) {
            String name = "layers." + position + "." + module;
            if (listed.stream().anyMatch(pattern -> BoundedMatch.matches(pattern, name))) {
                return true;
            }
        }
        return false;
    }

    private List<String> modules(PlacedTensor placed) {
        Layer layer = placed.layer();
        boolean recurrent = layer != null && layer.attention() instanceof RecurrentMixer;
        List<String> modules = new ArrayList<>();
        for (Document rule : names.list("modules")) {
            boolean mixing = rule.flag("recurrent") == recurrent
                    || !rule.get("part").text().equals("output projection");
            if (rule.get("part").text().equals(placed.part()) && mixing) {
                rule.list("names").forEach(name -> modules.add(name.text()));
            }
        }
        return modules;
    }
}
