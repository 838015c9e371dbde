package llmlatency.estimate;

import java.util.List;
import java.util.Map;
import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.hardware.Roofline;
import llmlatency.model.Attention;
import llmlatency.model.FeedForward.Dense;
import llmlatency.model.Footprint;
import llmlatency.model.ForwardPass;
import llmlatency.model.GroupedQueryAttention;
import llmlatency.model.GroupedQueryAttention.QkNorm;
import llmlatency.model.Layer;
import llmlatency.model.Model;
import llmlatency.model.Norm;
import llmlatency.model.Parallelism;
import llmlatency.model.Step;
import llmlatency.model.WeightScheme;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Bytes;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.FlopsPerSecond;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/** A question for the estimator, of which a test says only the part that matters to it. */
record Question(
        String name,
        Model model,
        @Nullable Long trained,
        NumberFormat weights,
        NumberFormat cache,
        Gpu gpu,
        int tensor,
        Workload workload) {
    /** The shipped profiles. */
    static final ProfileLibrary SHIPPED = new ProfileLibrary(List.of());

    private static final Engine IDEAL = SHIPPED.engine("ideal").value();
    private static final Workload USUAL = new Workload(512, 0, 128, 1);

    /** A shipped model in its own format, cached in its own 16-bit format, on a shipped device. */
    static Question of(String model, String gpu) {
        return of(model, SHIPPED.gpu(gpu).gpu());
    }

    /** The same on any device. */
    static Question of(String model, Gpu gpu) {
        ModelProfile profile = SHIPPED.model(model).value();
        return new Question(
                model,
                profile.model(),
                profile.trainedContext(),
                format(profile.weightFormat()),
                format(profile.activationFormat()),
                gpu,
                1,
                USUAL);
    }

    /** A model built by hand, in fp16. */
    static Question of(Model model, Gpu gpu) {
        return new Question("by hand", model, null, format("fp16"), format("fp16"), gpu, 1, USUAL);
    }

    /** A device built by hand, of unknown memory size, with one rate. */
    static Gpu gpu(double bytesPerSecond, Arithmetic arithmetic, double flopsPerSecond) {
        Peak peak = new Peak(new FlopsPerSecond(flopsPerSecond), null);
        return new Gpu("by hand", null, new BytesPerSecond(bytesPerSecond), Map.of(arithmetic, peak));
    }

    /** Attention without a window, a bias or a norm of its own. */
    static GroupedQueryAttention attention(int heads, int kvHeads, int headSize) {
        return new GroupedQueryAttention(
                heads, kvHeads, headSize, Long.MAX_VALUE, false, false, QkNorm.NONE, false, false);
    }

    /** A decoder as the texts describe them: a tied head, no norms, one shape of layer. */
    static Model decoder(
            long hidden, long vocabulary, int layers, @Nullable Attention attention, boolean gated, long width) {
        Layer layer = new Layer(layers, attention, new Dense(width, gated, false), 0);
        return new Model(
                hidden, vocabulary, true, false, Norm.RMS, false, false, 0, List.of(), List.of(), 0, List.of(layer));
    }

    static NumberFormat format(String name) {
        return SHIPPED.format(name).value().format();
    }

    /** Weights in that format; the cache too where it is a plain 16-bit one, as how-it-counts.md says. */
    Question weights(String format) {
        return weights(format(format));
    }

    Question weights(NumberFormat format) {
        NumberFormat cached = ModelProfile.isSixteenBit(format.name()) ? format : cache;
        return new Question(name, model, trained, format, cached, gpu, tensor, workload);
    }

    Question cache(String format) {
        return cache(format(format));
    }

    Question cache(NumberFormat format) {
        return new Question(name, model, trained, weights, format, gpu, tensor, workload);
    }

    Question on(Gpu other) {
        return new Question(name, model, trained, weights, cache, other, tensor, workload);
    }

    /** The same device with that much usable memory. */
    Question memory(Bytes usable) {
        return on(new Gpu(gpu.name(), usable, gpu.bandwidth(), gpu.peaks()));
    }

    Question tensor(int degree) {
        return new Question(name, model, trained, weights, cache, gpu, degree, workload);
    }

    Question asking(long prompt, long cached, long output, long batch) {
        Workload other = new Workload(prompt, cached, output, batch);
        return new Question(name, model, trained, weights, cache, gpu, tensor, other);
    }

    Question prompt(long tokens) {
        return asking(tokens, workload.cachedTokens(), workload.outputTokens(), workload.batch());
    }

    Question output(long tokens) {
        return asking(workload.promptTokens(), workload.cachedTokens(), tokens, workload.batch());
    }

    Question batch(long sequences) {
        return asking(workload.promptTokens(), workload.cachedTokens(), workload.outputTokens(), sequences);
    }

    Estimate estimate() {
        return estimate(Setup.of(IDEAL));
    }

    /** The answer with an engine. */
    Estimate estimate(Setup setup) {
        Deployment deployment = new Deployment(gpu, tensor, new Parallelism(tensor), setup);
        return Estimator.estimate(new Scenario(
                name,
                name,
                model,
                trained,
                weights,
                WeightScheme.flat(weights),
                false,
                cache,
                deployment,
                workload,
                List.of(),
                List.of()));
    }

    Timings floor() {
        return estimate().floor();
    }

    /** The decode steps, which must exist. */
    Decode decode() {
        Decode decode = floor().decode();
        if (decode == null) {
            throw new AssertionError("one output token has no decode");
        }
        return decode;
    }

    /** Milliseconds of the decode step whose token looks at {@code context} tokens, itself included. */
    double stepAt(long context, long sequences) {
        return asking(context - 1, 0, 2, sequences).decode().first().milliseconds();
    }

    /** The product whose name begins so, in a pass of that many tokens. */
    Operation product(String start, long tokens) {
        return pass().operations(new Step(1, 0, tokens)).stream()
                .filter(operation -> operation.name().startsWith(start))
                .findFirst()
                .orElseThrow();
    }

    ForwardPass pass() {
        return new ForwardPass(model, WeightScheme.flat(weights), cache, new Parallelism(tensor));
    }

    Footprint footprint() {
        return new Footprint(model, WeightScheme.flat(weights), cache, new Parallelism(tensor));
    }

    Roofline roofline() {
        return new Roofline(gpu);
    }

    @Override
    public String toString() {
        return name + " in " + weights.name() + ", cached in " + cache.name() + ", on " + tensor + "x " + gpu.name()
                + ", " + workload;
    }
}
