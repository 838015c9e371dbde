package llmlatency.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.model.Model;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** Published configs, kept as test resources, and what a config that is cut short needs. */
final class Configs {
    static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());
    private static final Path FOLDER = Path.of("src/test/resources/configs");
    private static final NumberFormat BF16 = LIBRARY.format("bf16").value().format();
    private static final String SLIDING_HEADS = "attention_other_setting.num_attention_heads";

    /** Fields that these configs lack, with the values that are published elsewhere. */
    private static final Map<String, Map<String, String>> MISSING = Map.of(
            "moonshotai/Kimi-K3", Map.of("num_experts_per_token", "16"),
            "stepfun-ai/Step-3.7-Flash", Map.of(SLIDING_HEADS, "96"),
            "stepfun-ai/Step-3.7-Flash-FP8", Map.of(SLIDING_HEADS, "96"));

    private Configs() {}

    /** Where the config of a Hugging Face id lies. */
    static Path file(String id) {
        return FOLDER.resolve(id.replace("/", "__") + ".json");
    }

    static boolean isKept(String id) {
        return Files.isRegularFile(file(id));
    }

    /** The fields that a config lacks, by name. */
    static Map<String, String> missing(String id) {
        return MISSING.getOrDefault(id, Map.of());
    }

    /** The model of a config, with what it lacks supplied. */
    static Profile<ModelProfile> read(String id) {
        return LIBRARY.model(file(id).toString(), missing(id));
    }

    /** What a model holds and caches in bf16. */
    static Inspection inBf16(Model model) {
        return Inspection.flat(model, BF16, BF16, 4096, 16);
    }

    /**
     * What a checkpoint may hold beside the decoder's weights, by name: the entries of {@code stored}, the vision side, the
     * draft module.
     *
     * @param bytesPerWeight width of a weight where bytes are counted; 1 where elements are
     */
    static Map<String, Long> extras(Document model, int bytesPerWeight) {
        Map<String, Long> extras = new LinkedHashMap<>();
        for (Document entry : model.list("stored")) {
            Document bytes = entry.find("bytes");
            Document elements = entry.find("parameters");
            if (bytesPerWeight > 1 && bytes != null) {
                extras.put(entry.get("what").text(), whole(bytes));
            } else if (elements != null) {
                extras.put(entry.get("what").text(), bytesPerWeight * whole(elements));
            }
        }
        part(extras, "vision side", model.find("vision"), bytesPerWeight);
        part(extras, "draft module", model.find("mtp"), bytesPerWeight);
        return extras;
    }

    private static void part(Map<String, Long> extras, String name, @Nullable Document part, int bytesPerWeight) {
        if (part != null) {
            extras.put(name, bytesPerWeight * whole(part.get("parameters")));
        }
    }

    private static long whole(Document number) {
        return number.whole(Long.MIN_VALUE / 8, Long.MAX_VALUE / 8);
    }

    /** Every choice of extras that adds up to the wanted number, by their names. */
    static List<List<String>> sums(Map<String, Long> extras, long wanted) {
        List<List<String>> found = new ArrayList<>();
        collect(List.copyOf(extras.entrySet()), 0, wanted, List.of(), found);
        return found;
    }

    private static void collect(
            List<Map.Entry<String, Long>> extras, int at, long wanted, List<String> taken, List<List<String>> found) {
        if (at == extras.size()) {
            if (wanted == 0) {
                found.add(taken);
            }
            return;
        }
        collect(extras, at + 1, wanted, taken, found);
        List<String> more = new ArrayList<>(taken);
        more.add(extras.get(at).getKey());
        collect(extras, at + 1, wanted - extras.get(at).getValue(), more, found);
    }
}
