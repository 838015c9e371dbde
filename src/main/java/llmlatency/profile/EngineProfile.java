package llmlatency.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.engine.Engine;
import llmlatency.units.Bytes;

/** Reads engine profiles. */
final class EngineProfile {
    private EngineProfile() {}

    static Profile<Engine> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of("memory_utilisation", "reserve", "cache_block_tokens"));
        node.allowOnly(known);
        double utilisation = node.get("memory_utilisation").positive();
        if (utilisation > 1) {
            throw node.get("memory_utilisation").refuse("a share is at most 1");
        }
        return Profile.of(
                name,
                node,
                new Engine(
                        name,
                        utilisation,
                        node.get("reserve").quantity(Bytes::parse),
                        (int) node.whole("cache_block_tokens", 1, 1_000_000, 1),
                        1,
                        null,
                        Map.of(),
                        List.of(),
                        List.of()));
    }
}
