package llmlatency.engine;

import llmlatency.hardware.Gpu;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an engine's rules are asked about.
 *
 * @param setup the engine as it is run
 * @param gpu the device
 * @param weights format of the weights
 * @param structure the model's layers
 * @param fewRows whether the pass has few rows
 * @param flashAttention whether scores are kept on the chip
 */
record Case(Setup setup, Gpu gpu, NumberFormat weights, Structure structure, boolean fewRows, boolean flashAttention) {
    /**
     * The rule that gives an interval where no backend of the engine is known for such a device: of all that speak of so
     * many rows the one with the widest, whatever else it asks. Null where a backend is known.
     */
    @Nullable
    Rule widest(Parameter interval) {
        if (!setup.engine().isForeignTo(gpu.build().kind())) {
            return null;
        }
        Rule widest = null;
        double most = 0;
        for (Rule rule : setup.engine().rules()) {
            Rule.Value value = rule.values().get(interval);
            Boolean few = rule.when().fewRows();
            if (value != null && value.value() > most && (few == null || few == fewRows)) {
                widest = rule;
                most = value.value();
            }
        }
        return widest;
    }
}
