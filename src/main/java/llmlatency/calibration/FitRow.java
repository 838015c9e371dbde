package llmlatency.calibration;

import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;

/** Something measured that an engine is fitted to: a whole pass, or a kernel run alone. */
interface FitRow {
    /** Rows that count as one say the same here. */
    String group();

    /** What another description of its engine makes of its device. */
    Performance performance(Engine engine);

    /** Rows that agree in this have the same performance by any rules. */
    List<Object> alike();

    /** How much it counts. */
    default double weight() {
        return 1;
    }

    /** {@code ln(expected / measured)}. */
    default double logError(Engine engine) {
        return logError(performance(engine));
    }

    /** The same by what an engine makes of its device. */
    double logError(Performance performance);

    /** Whether passes of few rows, or of many, are part of it. */
    boolean has(boolean few, Engine engine);

    /** Whether a parameter may matter to it at all. */
    default boolean feels(Parameter parameter) {
        return true;
    }

    /** Whether a rule's condition holds for it. */
    default boolean meets(Engine engine, Rule rule) {
        return performance(engine).meets(rule.when());
    }
}
