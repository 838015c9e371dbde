package llmlatency.engine;

import java.util.List;

/**
 * What an engine may leave in the memory of the host.
 *
 * @param parts {@link #LAYERS}, {@link #EXPERTS}; none: nothing
 * @param why why it is no more, for whoever asks for it
 */
public record Offloading(List<String> parts, String why) {
    /** Whole layers, with their cache. */
    public static final String LAYERS = "layers";

    /** The routed experts of layers that are on a device otherwise. */
    public static final String EXPERTS = "experts";

    /** The words for parts. */
    public static final List<String> PARTS = List.of(LAYERS, EXPERTS);

    /** Of an engine whose profile says nothing. */
    public static final Offloading UNKNOWN = new Offloading(List.of(), "its profile says nothing of it");

    public Offloading {
        parts = List.copyOf(parts);
    }
}
