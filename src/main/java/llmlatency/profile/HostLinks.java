package llmlatency.profile;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Source;
import org.jspecify.annotations.Nullable;

/**
 * How fast the lanes of links between a host and its devices are.
 *
 * @param lanes generations, and the rate of one lane, one way
 * @param sources where they come from
 */
public record HostLinks(Map<String, Document> lanes, List<Source> sources) {
    private static final Pattern LANES = Pattern.compile("(PCIe [0-9]\\.[0-9]) x([0-9]+)(?: or x([0-9]+))?");

    static HostLinks of(Document table) {
        table.allowOnly(List.of("title", "notes", "sources", "lanes"));
        return new HostLinks(
                table.get("lanes").fields(),
                table.list("sources").stream().map(Profile::source).toList());
    }

    /** The rate of a device's link to its host, one way: {@code lanes · rate of one}; null where its profile lists none. */
    public @Nullable BytesPerSecond of(Profile<GpuProfile> device) {
        BytesPerSecond fastest = null;
        for (Document link : device.node().list("links")) {
            Matcher matcher = LANES.matcher(link.get("kind").text());
            Document lane = matcher.matches() ? lanes.get(matcher.group(1)) : null;
            if (lane != null) {
                String more = matcher.group(3);
                int count = Integer.parseInt(matcher.group(2));
                int most = more == null ? count : Math.max(count, Integer.parseInt(more));
                BytesPerSecond rate = new BytesPerSecond(
                        most * lane.quantity(BytesPerSecond::parse).value());
                fastest = fastest == null || rate.value() > fastest.value() ? rate : fastest;
            }
        }
        return fastest;
    }
}
