package llmlatency.calibration;

import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.estimate.Timeline;
import llmlatency.hardware.Gpu;
import org.jspecify.annotations.Nullable;

/** A measurement that an engine is fitted to; what its passes do is worked out once. */
final class FitCase {
    private final MeasuredCase measured;
    private final Timeline passes;
    private final String group;

    private FitCase(MeasuredCase measured, Performance performance) {
        this.measured = measured;
        this.passes = Timeline.expected(measured.scenario(), performance, measured.chunk(performance));
        this.group = Accuracy.Group.of(measured) + " " + measured.span();
        measured.value(passes); // what passes do is known from here on, so that threads may share the case
    }

    /** The case; null where it is not trusted, of another engine, or nothing is expected of it. */
    static @Nullable FitCase of(MeasuredCase measured, Engine engine) {
        boolean counts = measured.measurement().origin().trusted()
                && measured.unexpected() == null
                && measured.setup().engine().name().equals(engine.name());
        Performance performance = counts ? measured.performance() : null;
        return performance == null ? null : new FitCase(measured, performance);
    }

    MeasuredCase measured() {
        return measured;
    }

    /** Rows that count as one: of the same source, device, model, format and phase. */
    String group() {
        return group;
    }

    String device() {
        return gpu().name();
    }

    Gpu gpu() {
        return measured.scenario().deployment().gpu();
    }

    @Nullable
    String backend() {
        return measured.setup().backend();
    }

    /** What another description of its engine makes of its device. */
    Performance performance(Engine engine) {
        Performance performance = measured.performance(engine);
        if (performance == null) {
            throw new IllegalStateException("a fit took away what " + engine.name() + " needs");
        }
        return performance;
    }

    /** {@code ln(expected / measured)}. */
    double logError(Engine engine) {
        return Math.log(measured.value(passes.as(performance(engine)))
                / measured.measurement().value());
    }

    /** The measurement beside what another description of its engine expects. */
    Comparison comparison(Engine engine) {
        return Comparison.of(measured.with(engine));
    }

    /** Whether passes of few rows, or of many, are part of it. */
    boolean has(boolean few, Engine engine) {
        boolean fewSteps = measured.measurement().request().batch() <= engine.fewRows();
        boolean fewPrompt = measured.promptRows() <= engine.fewRows();
        return switch (measured.span()) {
            case DECODE -> few == fewSteps;
            case PREFILL -> few == fewPrompt;
            case END_TO_END -> few == fewSteps || few == fewPrompt;
        };
    }

    /** The rule that gives the interval of its larger part; null where none does. */
    @Nullable
    Rule intervalRule(Engine engine) {
        return performance(engine).origin(Parameter.INTERVAL, has(true, engine) ? 1 : Double.MAX_VALUE);
    }

    /** Whether a rule's condition holds for it. */
    boolean meets(Engine engine, Rule rule) {
        return performance(engine).meets(rule.when());
    }
}
