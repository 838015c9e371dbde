package llmlatency.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.model.Model;
import llmlatency.model.PlacedTensor;
import llmlatency.model.TensorRole;
import llmlatency.model.WeightScheme;
import llmlatency.work.NumberFormat;

/** Adds up weights and bytes by part and by format. */
final class TensorCount {
    private static final double BITS_PER_BYTE = 8;
    private final Map<String, double[]> parts = new LinkedHashMap<>();
    private final Map<String, double[]> formats = new LinkedHashMap<>();
    private double read;

    /** Counts one tensor. */
    void add(String part, String format, long parameters, double bytes) {
        add(parts, part, parameters, bytes);
        add(formats, format, parameters, bytes);
    }

    private static void add(Map<String, double[]> sums, String key, long parameters, double bytes) {
        double[] sum = sums.computeIfAbsent(key, missing -> new double[2]);
        sum[0] += parameters;
        sum[1] += bytes;
    }

    /** The count of a model that is stored in one format, vectors at its vector width. */
    static TensorCount flat(Model model, WeightScheme scheme) {
        TensorCount count = new TensorCount();
        NumberFormat format = scheme.arithmeticFormat();
        for (PlacedTensor placed : model.tensors()) {
            long elements = placed.tensor().elements();
            boolean matrix = placed.tensor().role().matrix();
            boolean same = format.vectorBits() == format.bitsPerWeight();
            String name = matrix || same ? format.name() : format.vectorBits() + "-bit vectors";
            double bytes = matrix ? format.bytes(elements) : elements * format.vectorBits() / BITS_PER_BYTE;
            count.add(placed.part(), name, elements, bytes);
        }
        return count;
    }

    /**
     * The count of a quantised checkpoint that leaves some weights of a part in a plain format.
     *
     * @param unquantised weights of each part that are left plain
     */
    static TensorCount recipe(Model model, NumberFormat format, NumberFormat plain, Map<String, Long> unquantised) {
        TensorCount count = new TensorCount();
        Map<String, Long> left = new LinkedHashMap<>(unquantised);
        for (PlacedTensor placed : model.tensors()) {
            long elements = placed.tensor().elements();
            long kept = placed.tensor().role().matrix()
                    ? Math.min(elements, left.getOrDefault(placed.part(), 0L))
                    : elements;
            if (placed.tensor().role().matrix()) {
                left.merge(placed.part(), -kept, Long::sum);
            }
            double share = share(placed, model);
            count.add(placed.part(), plain.name(), kept, plain.bytes(kept));
            count.read += share * plain.bytes(kept);
            if (elements > kept) {
                count.add(placed.part(), format.name(), elements - kept, format.bytes(elements - kept));
                count.read += share * format.bytes(elements - kept);
            }
        }
        return count;
    }

    /** Share of a tensor that one token reads: k of E experts, nothing of a table that is looked up. */
    static double share(PlacedTensor placed, Model model) {
        boolean lookup = placed.layer() == null && placed.part().endsWith("table");
        if (lookup) {
            boolean head = model.tiedEmbeddings() && placed.tensor().role() == TensorRole.EMBEDDING;
            return head ? 1 : 0;
        }
        return placed.tensor().copies() > 1 && placed.layer() != null
                ? placed.layer()
                        .routed()
                        .map(routing -> (double) routing.perToken() / routing.experts())
                        .orElse(1.0)
                : 1;
    }

    /** Bytes that one token reads; counted for recipes alone. */
    double read() {
        return read;
    }

    /** All bytes. */
    long bytes() {
        return Math.round(formats.values().stream().mapToDouble(sum -> sum[1]).sum());
    }

    List<Inspection.Part> parts() {
        return parts.entrySet().stream()
                .map(e -> new Inspection.Part(e.getKey(), (long) e.getValue()[0], Math.round(e.getValue()[1])))
                .toList();
    }

    List<Inspection.Stored> formats() {
        return formats.entrySet().stream()
                .map(e -> new Inspection.Stored(e.getKey(), (long) e.getValue()[0], Math.round(e.getValue()[1])))
                .toList();
    }
}
