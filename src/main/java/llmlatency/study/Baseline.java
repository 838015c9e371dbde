package llmlatency.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.estimate.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A verdict that was printed earlier as JSON.
 *
 * @param version version of the program then
 * @param hash checksum of the profiles then
 * @param profiles the profiles that it rested on, with the checksum of each
 * @param deployments its deployments
 */
public record Baseline(String version, String hash, Map<String, String> profiles, List<Before> deployments) {
    private static final int SCHEMA_VERSION = 1;

    /**
     * A deployment as it was.
     *
     * @param name its name
     * @param kept whether it kept its budget
     * @param asked what was asked, as an object of a budget file
     * @param estimate the answer then, as {@code estimate} prints it
     */
    public record Before(String name, boolean kept, Document asked, Document estimate) {
        /** The value of a figure that was held so; null where there was none. */
        @Nullable
        Double value(Metric metric, Against against) {
            Document node = estimate.find(against == Against.FLOOR ? "floor" : "expected");
            for (String part : metric.key().split("\\.", -1)) {
                node = node == null ? null : node.find(part);
            }
            return node == null ? null : (Double) node.number(0, Double.MAX_VALUE);
        }
    }

    public Baseline {
        profiles = new LinkedHashMap<>(profiles);
        deployments = List.copyOf(deployments);
    }

    /**
     * Reads one.
     *
     * @throws llmlatency.units.Refusal when it is not what {@code check -f json} prints
     */
    public static Baseline read(Document document) {
        if (document.find("profiles_hash") == null || document.find("deployments") == null) {
            throw document.refuse("not a verdict; a baseline is what check -f json printed earlier");
        }
        document.get("schema_version").whole(SCHEMA_VERSION, SCHEMA_VERSION);
        Map<String, String> profiles = new LinkedHashMap<>();
        for (Document profile : document.list("profiles")) {
            profiles.put(profile.get("name").text(), profile.get("hash").text());
        }
        List<Before> deployments = new ArrayList<>();
        for (Document deployment : document.get("deployments").items()) {
            deployments.add(new Before(
                    deployment.get("name").text(),
                    deployment.flag("kept"),
                    deployment.get("asked"),
                    deployment.get("estimate")));
        }
        return new Baseline(
                document.get("version").text(), document.get("profiles_hash").text(), profiles, deployments);
    }
}
