package llmlatency.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import llmlatency.document.Document;
import llmlatency.model.Model;
import llmlatency.model.StoredWeights;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a format profile describes.
 *
 * @param format the format
 * @param cache whether a KV cache may be stored in it
 * @param mixtures how files of it store models with experts, the oldest first; none: all weights alike
 */
public record FormatProfile(NumberFormat format, boolean cache, List<Mixture> mixtures) {
    private static final double BITS_PER_BYTE = 8;
    private static final double LEAST_BITS = 0.01;
    private static final double MOST_BITS = 64;

    /**
     * How files in this format store models with experts: one part has a width that is known, the other takes the rest of
     * the file.
     *
     * @param since the day from which files are made so: a day, a month or a year
     * @param expertBits bits of the experts' weights; null: theirs follow
     * @param restBits bits of all other weights; null: theirs follow
     */
    public record Mixture(
            String since,
            @Nullable Double expertBits,
            @Nullable Double restBits) {
        /** What a file of that many bytes holds for each weight. */
        StoredWeights stored(Model model, NumberFormat format, double bytes) {
            StoredWeights flat = StoredWeights.flat(format);
            return expertBits != null
                    ? flat.withExperts(model, expertBits / BITS_PER_BYTE, bytes)
                    : flat.withRest(model, Objects.requireNonNull(restBits) / BITS_PER_BYTE, bytes);
        }

        private static Mixture read(Document node) {
            node.allowOnly(List.of("since", "expert_bits", "rest_bits"));
            Document experts = node.find("expert_bits");
            Document rest = node.find("rest_bits");
            if ((experts == null) == (rest == null)) {
                throw node.refuse("state either expert_bits or rest_bits");
            }
            return new Mixture(
                    node.get("since").text(),
                    experts == null ? null : (Double) experts.positive(),
                    rest == null ? null : (Double) rest.positive());
        }
    }

    /** How a file made by then stores a model with experts; null: all weights alike. */
    public @Nullable Mixture mixture(@Nullable String date) {
        Mixture found = null;
        for (Mixture mixture : mixtures) {
            if (found == null || date == null || mixture.since().compareTo(date) <= 0) {
                found = mixture;
            }
        }
        return found;
    }

    static Profile<FormatProfile> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of(
                "bits_per_weight", "block", "bytes_per_block", "vector_bits", "arithmetic", "cache", "mixtures"));
        node.allowOnly(known);
        List<Arithmetic> arithmetic = new ArrayList<>();
        for (Document item : node.get("arithmetic").items()) {
            arithmetic.add(item.choice(Arithmetic.values()));
        }
        if (arithmetic.isEmpty()) {
            throw node.get("arithmetic").refuse("a format needs at least one arithmetic");
        }
        int vectorBits = (int) node.get("vector_bits").whole(1, (long) MOST_BITS);
        NumberFormat format = new NumberFormat(name, bits(node), vectorBits, arithmetic);
        return Profile.of(
                name,
                node,
                new FormatProfile(
                        format,
                        node.flag("cache"),
                        node.list("mixtures").stream().map(Mixture::read).toList()));
    }

    private static double bits(Document node) {
        Document stated = node.find("bits_per_weight");
        Document block = node.find("block");
        if ((stated == null) == (block == null)) {
            throw node.refuse("state either bits_per_weight, or block and bytes_per_block");
        }
        double bits = stated != null
                ? stated.positive()
                : node.get("bytes_per_block").positive()
                        * BITS_PER_BYTE
                        / node.get("block").positive();
        if (!(bits > LEAST_BITS) || bits > MOST_BITS) {
            throw node.refuse("its bits a weight must lie between 0.01 and 64");
        }
        return bits;
    }
}
