package llmlatency.engine;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.units.Assumption;
import org.jspecify.annotations.Nullable;

/** The parameters that hold in one case: of all rules that apply, the last that names a parameter decides. */
final class Settings {
    private final Map<Parameter, Double> values = new EnumMap<>(Parameter.class);
    private final Map<Parameter, Rule> origins = new EnumMap<>(Parameter.class);
    private final Map<Choice, String> choices = new EnumMap<>(Choice.class);
    private final List<Assumption> assumptions = new ArrayList<>();
    private int closeness;

    private Settings() {}

    static Settings of(Case now) {
        Settings settings = new Settings();
        for (Rule rule : now.setup().engine().rules()) {
            if (rule.when().holds(now)) {
                for (Map.Entry<Parameter, Rule.Value> value : rule.values().entrySet()) {
                    settings.values.put(value.getKey(), value.getValue().value());
                    settings.origins.put(value.getKey(), rule);
                }
                settings.choices.putAll(rule.choices());
                settings.closeness = Math.max(settings.closeness, rule.when().closeness());
                if (rule.assumption() != null) {
                    settings.assumptions.removeIf(
                            a -> a.what().equals(rule.assumption().what()));
                    settings.assumptions.add(rule.assumption());
                }
            }
        }
        for (Parameter interval : Parameter.INTERVALS) {
            Rule widest = now.widest(interval);
            Rule.Value width = widest == null ? null : widest.values().get(interval);
            if (width != null) {
                settings.values.put(interval, width.value());
                settings.origins.put(interval, widest);
            }
        }
        settings.values.putAll(now.setup().replaced());
        return settings;
    }

    /** The value, or what holds where no rule says otherwise. */
    double get(Parameter parameter) {
        Double value = find(parameter);
        if (value == null) {
            throw new IllegalStateException("no rule gives " + parameter.key());
        }
        return value;
    }

    double get(Parameter parameter, Parameter otherwise) {
        Double value = find(parameter);
        return value == null ? get(otherwise) : value;
    }

    @Nullable
    Double find(Parameter parameter) {
        Double value = values.get(parameter);
        return value == null ? parameter.usual() : value;
    }

    /** The rule that gives a parameter; null where none does. */
    @Nullable
    Rule origin(Parameter parameter) {
        return origins.get(parameter);
    }

    @Nullable
    String find(Choice choice) {
        return choices.get(choice);
    }

    /** What the reader should know of the rules that apply. */
    List<Assumption> assumptions() {
        return assumptions;
    }

    /** How closely the rules look at this device: see {@link Condition#closeness}. */
    int closeness() {
        return closeness;
    }
}
