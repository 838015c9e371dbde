package llmlatency.profile;

import java.util.List;
import llmlatency.document.Document;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Source;

/**
 * How devices reach each other beyond a node, where nothing else says it.
 *
 * @param node devices that reach each other at the rate of their own links
 * @param rate rate between nodes, one way for each device
 * @param sources where both come from
 */
public record Network(int node, BytesPerSecond rate, List<Source> sources) {
    private static final int MOST = 1_000_000;

    static Network of(Document table) {
        table.allowOnly(List.of("title", "notes", "sources", "devices_per_node", "per_direction"));
        return new Network(
                (int) table.get("devices_per_node").whole(1, MOST),
                table.get("per_direction").quantity(BytesPerSecond::parse),
                table.list("sources").stream().map(Profile::source).toList());
    }
}
