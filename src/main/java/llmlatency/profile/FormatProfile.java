package llmlatency.profile;

import java.util.ArrayList;
import java.util.List;
import llmlatency.document.Document;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;

/**
 * What a format profile describes.
 *
 * @param format the format
 * @param cache whether a KV cache may be stored in it
 */
public record FormatProfile(NumberFormat format, boolean cache) {
    private static final double BITS_PER_BYTE = 8;
    private static final double LEAST_BITS = 0.01;
    private static final double MOST_BITS = 64;

    static Profile<FormatProfile> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of("bits_per_weight", "block", "bytes_per_block", "vector_bits", "arithmetic", "cache"));
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
        return Profile.of(name, node, new FormatProfile(format, node.flag("cache")));
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
