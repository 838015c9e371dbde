package llmlatency.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import llmlatency.document.NearestNames;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** What rows are told apart by: the columns of {@code --by} and {@code --where}. */
public enum Attribute {
    SOURCE(row -> row.measurement().origin().source()),
    ENGINE(row -> row.identity().engine()),
    BACKEND(row -> row.identity().backend()),
    GPU(row -> row.identity().gpu()),
    CLASS(row -> row.identity().kind()),
    MODEL(row -> row.identity().model()),
    STRUCTURE(row -> row.identity().structure()),
    FORMAT(row -> row.identity().format()),
    ERA(row -> row.identity().era()),
    METRIC(row -> row.measurement().metric()),
    PHASE(Attribute::phase),
    REGIME(Attribute::regime),
    TRUST(row -> row.measurement().origin().trusted() ? "high" : "low"),
    GPUS(row -> Integer.toString(row.measurement().layout().gpus())),
    ID(row -> row.measurement().name());

    /** Stands where a row does not say. */
    private static final String UNKNOWN = "unknown";

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<Resolved, @Nullable String> value;

    Attribute(Function<Resolved, @Nullable String> value) {
        this.value = value;
    }

    /** The name of the column. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a row says there. */
    public String of(Resolved row) {
        String text = value.apply(row);
        return text == null ? UNKNOWN : text;
    }

    private static @Nullable String phase(Resolved row) {
        MeasuredMetric metric = MeasuredMetric.named(row.measurement().metric());
        boolean whole = row.measurement().request().includesPrefill();
        return metric == null ? null : metric.span(whole).label();
    }

    private static @Nullable String regime(Resolved row) {
        if (row instanceof MeasuredCase answered) {
            return answered.regime().label();
        }
        MeasuredMetric metric = MeasuredMetric.named(row.measurement().metric());
        return metric == null
                ? null
                : Regime.of(metric, row.measurement().request()).label();
    }

    /**
     * The attribute of that name.
     *
     * @throws Refusal naming those that there are
     */
    public static Attribute named(String key) {
        List<String> known = new ArrayList<>();
        for (Attribute attribute : values()) {
            if (attribute.key().equals(key)) {
                return attribute;
            }
            known.add(attribute.key());
        }
        List<String> near = NearestNames.among(known, key);
        throw new Refusal(
                "no column '" + key + "'" + NearestNames.question(near), "columns: " + String.join(", ", known));
    }
}
