package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import org.jspecify.annotations.Nullable;

/** Lists of profiles, and one of them in full. */
public final class CatalogueReport {
    /** Width of the names of most fields. */
    private static final int LABEL = 24;

    private CatalogueReport() {}

    /** Profiles of a kind, an item each. */
    public static String list(ProfileKind kind, List<Profile<?>> profiles, ReportFormat format) {
        List<Map<String, Object>> items = new ArrayList<>();
        for (Profile<?> profile : profiles) {
            items.add(CatalogueItem.of(kind, profile));
        }
        return switch (format) {
            case TABLE -> items.isEmpty() ? "" : forPeople(kind, items).table();
            case MARKDOWN -> forPeople(kind, items).markdown();
            case CSV -> forMachines(kind, items).csv();
            case NDJSON -> String.join("", items.stream().map(JsonText::line).toList());
            case JSON -> {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
                tree.put("kind", kind.folder());
                tree.put("items", items);
                yield JsonText.pretty(tree);
            }
        };
    }

    private static Grid forPeople(ProfileKind kind, List<Map<String, Object>> items) {
        List<Grid.Column> header = CatalogueItem.columns(kind);
        return new Grid(
                header,
                items.stream()
                        .map(item -> header.stream()
                                .map(column -> shown(CatalogueItem.forPeople(item, column.name())))
                                .toList())
                        .toList());
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth ? "yes" : "no";
        }
        return value instanceof Long number ? Decimals.whole(number) : EstimateReport.cell(value);
    }

    private static Grid forMachines(ProfileKind kind, List<Map<String, Object>> items) {
        List<String> names = CatalogueItem.fields(kind);
        return new Grid(
                names.stream().map(Grid::text).toList(),
                items.stream()
                        .map(item -> names.stream()
                                .map(name -> EstimateReport.cell(item.get(name)))
                                .toList())
                        .toList());
    }

    /** The document of a profile, to be kept as a file. */
    public static String document(Profile<?> profile) {
        return JsonText.compact(profile.node().plain());
    }

    /** One profile as resolved. */
    public static String show(ProfileKind kind, Profile<?> profile, ReportFormat format) {
        Map<String, Object> tree = resolved(profile, kind, profile.node().fields());
        return switch (format) {
            case JSON -> JsonText.pretty(tree);
            case NDJSON -> JsonText.line(tree);
            case TABLE -> text(resolved(profile, kind, EngineText.fields(profile))) + after(EngineText.text(profile));
            case MARKDOWN -> fields(tree).markdown();
            case CSV -> fields(tree).csv();
        };
    }

    private static Map<String, Object> resolved(Profile<?> profile, ProfileKind kind, Map<String, Document> fields) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("kind", kind.folder());
        tree.put("name", profile.name());
        fields.forEach((key, node) -> tree.put(key, node.plain()));
        return tree;
    }

    private static String after(String text) {
        return text.isEmpty() ? "" : "\n" + text;
    }

    private static String text(Map<String, Object> tree) {
        StringBuilder text = new StringBuilder();
        for (List<String> row : fields(tree).rows()) {
            String key = row.get(0);
            text.append(Wording.beside(key + " ".repeat(Math.max(2, LABEL - key.length())), row.get(1)));
        }
        return text.toString();
    }

    /** Field and value of everything in the tree, nested names joined by points. */
    private static Grid fields(Map<String, Object> tree) {
        List<List<String>> rows = new ArrayList<>();
        tree.forEach((key, value) -> {
            if (!key.equals("schema_version")) {
                flatten(rows, key, value);
            }
        });
        return new Grid(List.of(Grid.text("field"), Grid.text("value")), rows);
    }

    private static void flatten(List<List<String>> rows, String key, Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((inner, item) -> flatten(rows, key + "." + inner, item));
        } else if (value instanceof List<?> list && !list.stream().allMatch(String.class::isInstance)) {
            for (int i = 0; i < list.size(); i++) {
                flatten(rows, key + "[" + i + "]", list.get(i));
            }
        } else if (value instanceof List<?> texts) {
            rows.add(List.of(
                    key,
                    String.join("; ", texts.stream().map(String.class::cast).toList())));
        } else {
            rows.add(List.of(key, EstimateReport.cell(value)));
        }
    }
}
