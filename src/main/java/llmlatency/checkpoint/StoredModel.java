package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import llmlatency.model.Model;
import llmlatency.model.PlacedTensor;
import llmlatency.model.StoredWeights;
import llmlatency.model.TensorRole;
import llmlatency.work.NumberFormat;

/**
 * The tensors of a checkpoint's files laid beside the structure that its config describes: what is weight, what is scale
 * or buffer, and what one token reads.
 */
public final class StoredModel {
    private final Model model;
    private final TensorListing listing;
    private final Map<Place, long[]> elements = new EnumMap<>(Place.class);
    private final Map<Place, long[]> bytes = new EnumMap<>(Place.class);
    private final Map<String, long[]> types = new LinkedHashMap<>();

    /** Where in a checkpoint a tensor belongs. */
    private enum Place {
        EMBEDDING("embedding table"),
        EXPERTS("experts"),
        REST("all other weights"),
        HEAD("lm_head"),
        VISION("vision side"),
        DRAFT("draft (MTP) modules"),
        SCALE("scales of quantised weights"),
        BUFFER("buffers");

        private final String label;

        Place(String label) {
            this.label = label;
        }
    }

    private StoredModel(Model model, TensorListing listing) {
        this.model = model;
        this.listing = listing;
    }

    /**
     * Sorts the tensors of the files.
     *
     * @param names the rules by which names are understood
     */
    public static StoredModel of(Model model, TensorListing listing, Document names) {
        StoredModel stored = new StoredModel(model, listing);
        Rules rules = new Rules(names, model.layerCount());
        for (StoredTensor tensor : listing.tensors()) {
            Place place = rules.place(tensor.name());
            boolean scale = isRead(place) && rules.kind(tensor.name(), "scale");
            // A scale is read with its weight, so its bytes count there; as elements it is none of the weights.
            stored.add(scale ? Place.SCALE : place, place, tensor);
        }
        return stored;
    }

    private static boolean isRead(Place place) {
        return place == Place.EMBEDDING || place == Place.EXPERTS || place == Place.REST || place == Place.HEAD;
    }

    private void add(Place counted, Place read, StoredTensor tensor) {
        elements.computeIfAbsent(counted, missing -> new long[1])[0] += tensor.elements();
        bytes.computeIfAbsent(read, missing -> new long[1])[0] += tensor.bytes();
        long[] type = types.computeIfAbsent(tensor.type(), missing -> new long[2]);
        type[0] += tensor.elements();
        type[1] += tensor.bytes();
    }

    /** The rules by which names are understood, for a model of so many layers. */
    private static final class Rules {
        private final Pattern layer;
        private final Map<String, Pattern> kinds = new LinkedHashMap<>();
        private final Map<String, Pattern> places = new LinkedHashMap<>();
        private final int layers;

        Rules(Document names, int layers) {
            this.layer = Pattern.compile(names.get("layer").text());
            this.layers = layers;
            names.list("kinds").forEach(rule -> add(kinds, rule));
            names.list("places").forEach(rule -> add(places, rule));
        }

        private static void add(Map<String, Pattern> rules, Document rule) {
            rules.put(rule.get("what").text(), Pattern.compile(rule.get("match").text()));
        }

        boolean kind(String name, String kind) {
            Pattern pattern = kinds.get(kind);
            return pattern != null && pattern.matcher(name).find();
        }

        Place place(String name) {
            if (kind(name, "buffer")) {
                return Place.BUFFER;
            }
            for (Map.Entry<String, Pattern> rule : places.entrySet()) {
                if (rule.getValue().matcher(name).find()) {
                    Place place = Place.valueOf(rule.getKey().toUpperCase(Locale.ROOT));
                    return place == Place.EXPERTS && beyond(name) ? Place.DRAFT : place;
                }
            }
            return beyond(name) ? Place.DRAFT : Place.REST;
        }

        private boolean beyond(String name) {
            Matcher matcher = layer.matcher(name);
            return matcher.find() && matcher.group(1).length() < 7 && Integer.parseInt(matcher.group(1)) >= layers;
        }
    }

    private long bytes(Place place) {
        long[] sum = bytes.get(place);
        return sum == null ? 0 : sum[0];
    }

    private long elements(Place place) {
        long[] sum = elements.get(place);
        return sum == null ? 0 : sum[0];
    }

    /**
     * Bytes of the decoder's weights and of the tables stored with them; of a tied head, a copy that the file may hold is
     * left out.
     */
    long weightBytes() {
        long head = model.tiedEmbeddings() ? 0 : bytes(Place.HEAD);
        return bytes(Place.EMBEDDING) + bytes(Place.EXPERTS) + bytes(Place.REST) + bytes(Place.BUFFER) + head;
    }

    /** Bytes that one token reads: the head, all other weights, and k of E experts. */
    double weightBytesPerToken() {
        double share = model.layers().stream()
                .flatMap(layer -> layer.routed().stream())
                .mapToDouble(routing -> (double) routing.perToken() / routing.experts())
                .findFirst()
                .orElse(1);
        long head = model.tiedEmbeddings() ? bytes(Place.EMBEDDING) : bytes(Place.HEAD);
        return head + bytes(Place.REST) + share * bytes(Place.EXPERTS);
    }

    /** The weights as a scheme for estimates, in this arithmetic. */
    public StoredWeights scheme(NumberFormat arithmetic) {
        Map<Place, Long> weights = new EnumMap<>(Place.class);
        for (PlacedTensor placed : model.tensors()) {
            weights.merge(place(placed), placed.tensor().elements(), Long::sum);
        }
        return new StoredWeights(
                arithmetic,
                perWeight(Place.EMBEDDING, weights),
                perWeight(Place.HEAD, weights),
                perWeight(Place.EXPERTS, weights),
                perWeight(Place.REST, weights));
    }

    private static Place place(PlacedTensor placed) {
        TensorRole role = placed.tensor().role();
        if (role == TensorRole.EMBEDDING || role == TensorRole.POSITION_EMBEDDING) {
            return Place.EMBEDDING;
        }
        boolean routed = placed.tensor().copies() > 1;
        return role == TensorRole.LM_HEAD ? Place.HEAD : routed ? Place.EXPERTS : Place.REST;
    }

    private double perWeight(Place place, Map<Place, Long> weights) {
        long count = weights.getOrDefault(place, 0L);
        return count == 0 ? 0 : (double) bytes(place) / count;
    }

    /** The stored type that holds most bytes. */
    public String mainType() {
        String main = "";
        long most = -1;
        for (Map.Entry<String, long[]> type : types.entrySet()) {
            if (type.getValue()[1] > most) {
                most = type.getValue()[1];
                main = type.getKey();
            }
        }
        return main;
    }

    List<Inspection.Part> parts() {
        List<Inspection.Part> parts = new ArrayList<>();
        for (Place place : Place.values()) {
            if (elements(place) > 0) {
                parts.add(new Inspection.Part(place.label, elements(place), bytes(place)));
            }
        }
        return parts;
    }

    List<Inspection.Stored> formats() {
        return types.entrySet().stream()
                .map(type -> new Inspection.Stored(type.getKey(), type.getValue()[0], type.getValue()[1]))
                .toList();
    }

    /** What the files hold beyond the decoder's weights, each with its reason. */
    public List<Map<String, Object>> differences() {
        List<Map<String, Object>> list = new ArrayList<>();
        add(list, Place.VISION, "held, but not read for a decoded token");
        add(list, Place.DRAFT, "predicts further tokens; outside the decoder");
        add(list, Place.SCALE, "stored beside quantised weights; their bytes are counted with the weights");
        add(list, Place.BUFFER, "computed tables that the file stores; no weights");
        if (model.tiedEmbeddings()) {
            add(list, Place.HEAD, "the head shares the embedding table, which the file holds twice");
        }
        return list;
    }

    private void add(List<Map<String, Object>> list, Place place, String why) {
        if (elements(place) > 0) {
            Map<String, Object> difference = new LinkedHashMap<>();
            difference.put("what", place.label);
            difference.put("parameters", elements(place));
            difference.put("bytes", bytes(place));
            difference.put("why", why);
            list.add(difference);
        }
    }

    /** Elements and bytes of all tensors of the files. */
    public Map<String, Object> totals() {
        Map<String, Object> totals = new LinkedHashMap<>();
        totals.put("tensors", listing.tensors().size());
        totals.put("parameters", listing.elements());
        totals.put("bytes", listing.bytes());
        totals.put("source", "the headers of its files");
        return totals;
    }
}
