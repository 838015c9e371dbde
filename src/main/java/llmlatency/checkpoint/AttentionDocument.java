package llmlatency.checkpoint;

import java.util.ArrayList;
import java.util.List;
import llmlatency.document.Document;
import llmlatency.model.Attention;
import llmlatency.model.CompressedAttention;
import llmlatency.model.GatedDeltaNet;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.GroupedQueryAttention.Gate;
import llmlatency.model.GroupedQueryAttention.KeyValues;
import llmlatency.model.GroupedQueryAttention.QkNorm;
import llmlatency.model.Indexer;
import llmlatency.model.KimiDeltaAttention;
import llmlatency.model.LatentAttention;
import llmlatency.model.LightningAttention;
import llmlatency.model.Mamba1;
import llmlatency.model.Mamba2;
import llmlatency.model.Rwkv5;
import llmlatency.model.ShortConvolution;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads the building blocks that mix tokens, one method each. */
final class AttentionDocument {
    private static final int LARGEST = 1 << 24;
    private final Document node;
    private final List<String> known = new ArrayList<>(List.of("kind"));

    private AttentionDocument(Document node) {
        this.node = node;
    }

    private enum Kind {
        GQA,
        MLA,
        COMPRESSED,
        GATED_DELTA_NET,
        KDA,
        LIGHTNING,
        MAMBA1,
        MAMBA2,
        RWKV5,
        SHORT_CONVOLUTION
    }

    /** The block that the document describes. */
    static Attention read(Document node) {
        AttentionDocument document = new AttentionDocument(node);
        Attention attention = document.attention(node.get("kind").choice(Kind.values()));
        node.allowOnly(document.known);
        return attention;
    }

    private Attention attention(Kind kind) {
        return switch (kind) {
            case GQA -> groupedQuery();
            case MLA -> latent();
            case COMPRESSED -> compressed();
            case GATED_DELTA_NET ->
                new GatedDeltaNet(
                        count("key_heads"),
                        count("key_size"),
                        count("value_heads"),
                        count("value_size"),
                        count("convolution"),
                        stateBits());
            case KDA ->
                new KimiDeltaAttention(
                        count("heads"),
                        count("head_size"),
                        count("convolution"),
                        flag("full_rank_gate"),
                        flag("decay_per_channel"),
                        stateBits());
            case LIGHTNING -> new LightningAttention(count("heads"), count("head_size"), stateBits());
            case MAMBA1 ->
                new Mamba1(
                        count("inner"),
                        count("state"),
                        count("convolution"),
                        count("rank"),
                        flag("inner_norms"),
                        stateBits());
            case MAMBA2 ->
                new Mamba2(
                        count("heads"),
                        count("head_size"),
                        count("groups"),
                        count("state"),
                        count("convolution"),
                        flag("convolution_bias"),
                        flag("projection_bias"),
                        stateBits());
            case RWKV5 -> timeMix();
            case SHORT_CONVOLUTION -> new ShortConvolution(count("width"), count("convolution"), flag("bias"));
        };
    }

    private Attention groupedQuery() {
        Document qkNorm = find("qk_norm");
        Document keyValues = find("key_values");
        Document index = find("index");
        Gate gate = flag("output_gate") ? Gate.ELEMENTWISE : flag("head_gate") ? Gate.PER_HEAD : Gate.NONE;
        int headSize = count("head_size");
        try {
            return new GroupedQueryAttention(
                    count("heads"),
                    count("kv_heads"),
                    headSize,
                    count("value_size", headSize),
                    limit("window"),
                    keyValues == null ? KeyValues.OWN : keyValues.choice(KeyValues.values()),
                    flag("qkv_bias"),
                    flag("output_bias"),
                    qkNorm == null ? QkNorm.NONE : qkNorm.choice(QkNorm.values()),
                    flag("sinks"),
                    gate,
                    index == null ? null : indexer(index),
                    limit("top_k"));
        } catch (Refusal e) {
            throw e.message().startsWith(node.file()) ? e : node.refuse(e.message());
        }
    }

    private Attention latent() {
        Document index = find("index");
        return new LatentAttention(
                count("heads"),
                count("query_rank", 0),
                count("kv_rank"),
                count("plain_size"),
                count("rotary_size", 0),
                count("value_size"),
                flag("output_gate"),
                index == null ? null : indexer(index),
                limit("top_k"));
    }

    private Attention compressed() {
        Document index = find("index");
        if ((long) count("heads") * count("head_size") % count("output_groups") != 0) {
            throw node.refuse("output_groups must divide heads times head_size");
        }
        if (count("ratio", 0) == 0 ? index != null : count("compressor_width", 0) == 0) {
            throw node.refuse("ratio and compressor_width belong together, and an index needs them");
        }
        if (index != null && count("index_compressor_width", 0) == 0) {
            throw node.refuse("an index needs index_compressor_width");
        }
        return new CompressedAttention(
                count("heads"),
                count("head_size"),
                count("query_rank"),
                count("output_groups"),
                count("output_rank"),
                limit("window"),
                count("ratio", 0),
                count("compressor_width", 0),
                index == null ? null : indexer(index),
                count("index_compressor_width", 0),
                limit("top_k"));
    }

    private Attention timeMix() {
        if (count("width") % count("head_size") != 0) {
            throw node.refuse("head_size must divide width");
        }
        return new Rwkv5(count("width"), count("head_size"), stateBits());
    }

    private static @Nullable Indexer indexer(Document node) {
        node.allowOnly(List.of("heads", "size", "query_input", "head_weights"));
        return new Indexer(
                (int) node.get("heads").whole(1, LARGEST),
                (int) node.get("size").whole(1, LARGEST),
                node.get("query_input").whole(1, LARGEST),
                node.flag("head_weights"));
    }

    private @Nullable Document find(String name) {
        known.add(name);
        return node.find(name);
    }

    private int count(String name) {
        known.add(name);
        return (int) node.get(name).whole(1, LARGEST);
    }

    private int count(String name, int otherwise) {
        known.add(name);
        return (int) node.whole(name, 0, LARGEST, otherwise);
    }

    private long limit(String name) {
        known.add(name);
        return node.whole(name, 1, LARGEST, Long.MAX_VALUE);
    }

    private boolean flag(String name) {
        known.add(name);
        return node.flag(name);
    }

    private int stateBits() {
        return count("state_bits");
    }
}
