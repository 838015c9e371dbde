package llmlatency.profile;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import llmlatency.document.Document;
import llmlatency.model.Model;
import llmlatency.model.Recipe;
import llmlatency.model.StoredWeights;
import llmlatency.model.TensorRole;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * What a format profile describes.
 *
 * @param format the format
 * @param cache whether a KV cache may be stored in it
 * @param mixtures how files of it store models with experts, the oldest first; none: all weights alike
 * @param kept what recipes of it keep wider than the format; null: nothing
 */
public record FormatProfile(
        NumberFormat format,
        boolean cache,
        List<Mixture> mixtures,
        @Nullable Kept kept) {
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

    /**
     * What recipes of a format keep wider, because it hurts there most.
     *
     * @param format name of the wider format
     * @param parts the parts of dense models that stay in it
     * @param mixtureParts those of models with experts
     * @param mixtureFormat name of the finer format that recipes for models with experts use instead; null: this one
     */
    public record Kept(
            String format,
            List<Part> parts,
            List<Part> mixtureParts,
            @Nullable String mixtureFormat) {
        /** A part of a model that recipes treat alike. */
        public enum Part {
            HEAD(TensorRole.EMBEDDING, TensorRole.POSITION_EMBEDDING, TensorRole.LM_HEAD),
            ROUTER(TensorRole.ROUTER),
            ATTENTION(
                    TensorRole.QUERY,
                    TensorRole.KEY,
                    TensorRole.VALUE,
                    TensorRole.ATTENTION_GATE,
                    TensorRole.ATTENTION_OUTPUT,
                    TensorRole.LATENT,
                    TensorRole.INDEX,
                    TensorRole.STATE,
                    TensorRole.CONVOLUTION,
                    TensorRole.OTHER);

            @SuppressWarnings("ImmutableEnumChecker") // List.of makes it
            private final List<TensorRole> roles;

            Part(TensorRole... roles) {
                this.roles = List.of(roles);
            }
        }

        public Kept {
            parts = List.copyOf(parts);
            mixtureParts = List.copyOf(mixtureParts);
        }

        /** How a checkpoint of the format stores a model. */
        Recipe recipe(Model model, NumberFormat narrow, NumberFormat wide) {
            Set<TensorRole> wider = EnumSet.noneOf(TensorRole.class);
            (model.elementsOfExperts() == 0 ? parts : mixtureParts).forEach(part -> wider.addAll(part.roles));
            return new Recipe(narrow, wide, wider);
        }

        private static @Nullable Kept read(@Nullable Document node) {
            if (node == null) {
                return null;
            }
            node.allowOnly(List.of("format", "parts", "mixture_parts", "mixture_format"));
            Document finer = node.find("mixture_format");
            return new Kept(
                    node.get("format").text(),
                    parts(node, "parts"),
                    parts(node, "mixture_parts"),
                    finer == null ? null : finer.text());
        }

        private static List<Part> parts(Document node, String field) {
            List<Part> parts = new ArrayList<>();
            for (Document item : node.list(field)) {
                parts.add(item.choice(Part.values()));
            }
            return parts;
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
                "bits_per_weight",
                "block",
                "bytes_per_block",
                "vector_bits",
                "arithmetic",
                "cache",
                "mixtures",
                "kept"));
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
                        node.list("mixtures").stream().map(Mixture::read).toList(),
                        Kept.read(node.find("kept"))));
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
