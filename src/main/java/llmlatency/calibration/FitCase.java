package llmlatency.calibration;

import java.util.List;
import java.util.Set;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.estimate.Timeline;
import llmlatency.hardware.Gpu;
import org.jspecify.annotations.Nullable;

/** A measurement that an engine is fitted to; what its passes do is worked out once. */
final class FitCase implements FitRow {
    /** First tokens under load scatter three times as far as steps, and so say less. */
    private static final double FIRST_WEIGHT = 0.3;

    private final MeasuredCase measured;
    private final Timeline passes;
    private final String group;
    private final List<Object> alike;

    private FitCase(MeasuredCase measured, Performance performance) {
        this.measured = measured;
        this.passes = Timeline.expected(measured.scenario(), performance, measured.chunk(performance));
        this.group = Accuracy.Group.of(measured) + " " + measured.span();
        this.alike = measured.alike();
        measured.value(passes); // what passes do is known from here on, so that threads may share the case
    }

    /** The case; null where it is not trusted, of none of these engines, or nothing is expected of it. */
    static @Nullable FitCase of(MeasuredCase measured, Set<String> engines) {
        boolean counts = measured.measurement().origin().trusted()
                && measured.unexpected() == null
                && engines.contains(measured.setup().engine().name());
        Performance performance = counts ? measured.performance() : null;
        return performance == null ? null : new FitCase(measured, performance);
    }

    MeasuredCase measured() {
        return measured;
    }

    /** Rows that count as one: of the same source, device, model, format and phase. */
    @Override
    public String group() {
        return group;
    }

    @Override
    public List<Object> alike() {
        return alike;
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
    @Override
    public Performance performance(Engine engine) {
        Performance performance = measured.performance(engine);
        if (performance == null) {
            throw new IllegalStateException("a fit took away what " + engine.name() + " needs");
        }
        return performance;
    }

    /** {@code ln(expected / measured)}. */
    @Override
    public double logError(Performance performance) {
        return Math.log(
                measured.value(passes.as(performance)) / measured.measurement().value());
    }

    @Override
    public double weight() {
        return interval() == Parameter.LOAD_FIRST_INTERVAL ? FIRST_WEIGHT : 1;
    }

    /** The measurement beside what another description of its engine expects. */
    Comparison comparison(Engine engine) {
        return Comparison.of(measured.with(engine));
    }

    /** Whether passes of few rows, or of many, are part of it. */
    @Override
    public boolean has(boolean few, Engine engine) {
        if (measured.measurement().request().load()) {
            return true;
        }
        boolean fewSteps = measured.measurement().request().batch() <= engine.fewRows();
        boolean fewPrompt = measured.promptRows() <= engine.fewRows();
        return switch (measured.span()) {
            case DECODE -> few == fewSteps;
            case PREFILL -> few == fewPrompt;
            case END_TO_END -> few == fewSteps || few == fewPrompt;
        };
    }

    /** The parameter that is the width of its interval. */
    Parameter interval() {
        return measured.intervalUnderLoad() == null ? Parameter.INTERVAL : measured.intervalUnderLoad();
    }

    /** The rule that gives the interval of its larger part; null where none does. */
    @Nullable
    Rule intervalRule(Engine engine) {
        boolean few = interval() == Parameter.INTERVAL && has(true, engine);
        return performance(engine).origin(interval(), few ? 1 : Double.MAX_VALUE);
    }
}
