package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.checkpoint.Inspection;
import llmlatency.document.Document;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import org.jspecify.annotations.Nullable;

/** What a model holds, in every format. */
public final class InspectionReport {
    private final Profile<ModelProfile> profile;
    private final Inspection inspection;

    private InspectionReport(Profile<ModelProfile> profile, Inspection inspection) {
        this.profile = profile;
        this.inspection = inspection;
    }

    /** The text of an inspection. */
    public static String text(Profile<ModelProfile> profile, Inspection inspection, ReportFormat format) {
        InspectionReport report = new InspectionReport(profile, inspection);
        return switch (format) {
            case JSON -> JsonText.pretty(report.tree());
            case NDJSON -> JsonText.line(report.tree());
            case TABLE -> report.table();
            case MARKDOWN -> report.markdown();
            case CSV -> report.parts(false).csv();
        };
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("model", model());
        put(tree, "published", "published");
        Document stored = profile.node().fields().get("stored");
        tree.put("differences", stored == null ? List.of() : stored.plain());
        return tree;
    }

    private void put(Map<String, Object> tree, String key, String field) {
        Document node = profile.node().fields().get(field);
        if (node != null) {
            tree.put(key, node.plain());
        }
    }

    private Map<String, Object> model() {
        Inspection.Cache cache = inspection.cache();
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("name", profile.name());
        put(model, "architecture", "architecture");
        model.put("parameters", inspection.model().parameters());
        model.put("active_parameters", inspection.model().activeParameters());
        model.put("weight_bytes", inspection.weightBytes());
        model.put("weight_bytes_per_token", inspection.weightBytesPerToken());
        model.put("kv_bytes_per_token", cache.perToken());
        model.put("kv_constant_bytes", cache.constantBytes());
        model.put("kv_bytes_per_token_windows_full", cache.perTokenWindowsFull());
        model.put("kv_window_bytes", cache.windowBytes());
        model.put("kv_tokens", cache.tokens());
        model.put("kv_logical_bytes", cache.logicalBytes());
        model.put("kv_allocated_bytes", cache.allocatedBytes());
        model.put("kv_block_tokens", cache.blockTokens());
        if (inspection.model().aside() > 0) {
            model.put("vision_parameters", inspection.model().aside());
        }
        put(model, "mtp", "mtp");
        model.put(
                "parts",
                inspection.parts().stream()
                        .map(part -> counted("part", part.part(), part.parameters(), part.bytes()))
                        .toList());
        model.put(
                "formats",
                inspection.formats().stream()
                        .map(format -> counted("format", format.format(), format.parameters(), format.bytes()))
                        .toList());
        return model;
    }

    private static Map<String, Object> counted(String key, String name, long parameters, long bytes) {
        Map<String, Object> tree = EstimateReport.ordered(key, name);
        tree.put("parameters", parameters);
        tree.put("bytes", bytes);
        return tree;
    }

    private Grid parts(boolean people) {
        List<List<String>> rows = new ArrayList<>();
        inspection.parts().forEach(part -> rows.add(row(people, part.part(), part.parameters(), part.bytes())));
        return new Grid(List.of(Grid.text("part"), Grid.number("parameters"), Grid.number("bytes")), rows);
    }

    private Grid formats() {
        List<List<String>> rows = new ArrayList<>();
        inspection
                .formats()
                .forEach(stored -> rows.add(row(true, stored.format(), stored.parameters(), stored.bytes())));
        return new Grid(List.of(Grid.text("format"), Grid.number("parameters"), Grid.number("bytes")), rows);
    }

    private static List<String> row(boolean people, String name, long parameters, long bytes) {
        return people
                ? List.of(name, Decimals.whole(parameters), Decimals.whole(bytes))
                : List.of(name, Long.toString(parameters), Long.toString(bytes));
    }

    private Grid differences() {
        List<List<String>> rows = new ArrayList<>();
        Document stored = profile.node().fields().get("stored");
        if (stored != null && stored.plain() instanceof List<?> list) {
            for (Object item : list) {
                Map<?, ?> difference = (Map<?, ?>) item;
                rows.add(List.of(
                        String.valueOf(difference.get("what")),
                        shown(difference.get("parameters")),
                        String.valueOf(difference.get("why"))));
            }
        }
        return new Grid(
                List.of(Grid.text("a checkpoint may also store"), Grid.number("elements"), Grid.text("why")), rows);
    }

    private static String shown(@Nullable Object number) {
        return number instanceof Number count ? Decimals.whole(count.longValue()) : "";
    }

    private List<String> facts() {
        Inspection.Cache cache = inspection.cache();
        List<String> lines = new ArrayList<>();
        lines.add("parameters  " + Decimals.whole(inspection.model().parameters()) + "; one token uses "
                + Decimals.whole(inspection.model().activeParameters()));
        lines.add("weights     " + Wording.gb(inspection.weightBytes()) + "; one token reads "
                + Wording.gb(inspection.weightBytesPerToken()));
        lines.add("KV cache    " + Decimals.whole(Math.round(cache.perToken())) + " bytes a token"
                + (cache.windowBytes() > 0
                        ? ", " + Decimals.whole(Math.round(cache.perTokenWindowsFull()))
                                + " once windows are full (" + Decimals.whole(Math.round(cache.windowBytes()))
                                + " bytes)"
                        : ""));
        if (cache.constantBytes() > 0) {
            lines.add("state       " + Decimals.whole(cache.constantBytes()) + " bytes a sequence");
        }
        lines.add("            " + Decimals.whole(cache.tokens()) + " tokens: "
                + Decimals.whole(cache.logicalBytes()) + " bytes, "
                + Decimals.whole(cache.allocatedBytes()) + " in blocks of " + cache.blockTokens() + "*");
        if (inspection.model().aside() > 0) {
            lines.add("vision      " + Decimals.whole(inspection.model().aside()) + " parameters beside the decoder");
        }
        Document published = profile.node().fields().get("published");
        if (published != null && published.plain() instanceof Map<?, ?> map) {
            lines.add("published   " + shown(map.get("parameters")) + " (" + map.get("source") + ")");
        }
        return lines;
    }

    private String table() {
        StringBuilder text = new StringBuilder();
        text.append(profile.title()).append("\n\n");
        facts().forEach(line -> text.append(Wording.wrapped(line, " ".repeat(12))));
        text.append('\n')
                .append(parts(true).table())
                .append('\n')
                .append(formats().table());
        Grid differences = differences();
        for (List<String> row : differences.rows()) {
            text.append(Wording.wrapped(
                    "\na checkpoint may also store " + row.get(0) + ": " + row.get(1) + " elements (" + row.get(2)
                            + ")",
                    "  "));
        }
        return text.append("\n* assumed: the size of an engine's cache block\n").toString();
    }

    private String markdown() {
        StringBuilder text = new StringBuilder();
        text.append("**").append(profile.title()).append("**\n\n");
        facts().forEach(line ->
                text.append("- ").append(line.strip().replace("*", "\\*")).append('\n'));
        text.append('\n')
                .append(parts(true).markdown())
                .append('\n')
                .append(formats().markdown());
        return differences().rows().isEmpty()
                ? text.toString()
                : text.append('\n').append(differences().markdown()).toString();
    }
}
