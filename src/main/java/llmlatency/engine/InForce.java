package llmlatency.engine;

import java.util.EnumMap;
import java.util.Map;

/**
 * What holds in one case and where it comes from, to be shown: of all rules that apply, the last that names a parameter
 * decides, as in {@link Settings}. What no rule names is not here.
 *
 * @param values parameters
 * @param choices ways of doing things
 */
public record InForce(Map<Parameter, Rule.Value> values, Map<Choice, String> choices) {
    static InForce of(Case now) {
        Map<Parameter, Rule.Value> values = new EnumMap<>(Parameter.class);
        Map<Choice, String> choices = new EnumMap<>(Choice.class);
        for (Rule rule : now.setup().engine().rules()) {
            if (rule.when().holds(now)) {
                values.putAll(rule.values());
                choices.putAll(rule.choices());
            }
        }
        for (Parameter interval : Parameter.INTERVALS) {
            Rule widest = now.widest(interval);
            Rule.Value width = widest == null ? null : widest.values().get(interval);
            if (width != null) {
                values.put(interval, width);
            }
        }
        for (Map.Entry<Parameter, Double> given : now.setup().replaced().entrySet()) {
            values.put(given.getKey(), new Rule.Value(given.getValue(), false, null, null, "given by hand"));
        }
        return new InForce(values, choices);
    }
}
