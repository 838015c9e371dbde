package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Timings;
import llmlatency.hardware.Price;
import llmlatency.units.Watts;
import org.jspecify.annotations.Nullable;

/** What tokens cost, and what energy they take, for people. */
final class CostText {
    private static final int DIGITS = 3;

    private CostText() {}

    /** A label and a line each: cost where a price is known, energy where the board power is. */
    static List<List<String>> lines(Estimate estimate) {
        List<List<String>> lines = new ArrayList<>();
        Price price = estimate.scenario().deployment().gpu().price();
        boolean load = estimate.scenario().workload().demand() != null;
        if (price != null) {
            lines.add(List.of(
                    "cost",
                    both(estimate, load ? Metric.LOAD_OUTPUT_COST : Metric.OUTPUT_COST, "USD a million output tokens")
                            + (load ? "" : ", " + both(estimate, Metric.INPUT_COST, "input"))
                            + " (" + Decimals.significant(price.perHour().value(), DIGITS) + " USD/h a device, "
                            + price.source() + ")"));
        }
        Watts power = estimate.scenario().deployment().gpu().build().boardPower();
        if (power != null) {
            lines.add(List.of(
                    "energy",
                    both(estimate, load ? Metric.LOAD_OUTPUT_ENERGY : Metric.OUTPUT_ENERGY, "J an output token")
                            + (load ? "" : ", " + both(estimate, Metric.INPUT_ENERGY, "an input token"))
                            + " (" + Decimals.significant(power.value(), DIGITS) + " W board power a device*)"));
        }
        return lines;
    }

    /** What is expected, else the floor, which is said then. */
    private static String both(Estimate estimate, Metric metric, String unit) {
        Timings expected = estimate.expected();
        Double value = metric.of(estimate, expected == null ? estimate.floor() : expected);
        return text(value) + " " + unit + (expected == null ? " at least" : "");
    }

    private static String text(@Nullable Double value) {
        return value == null ? "-" : Decimals.significant(value, DIGITS);
    }
}
