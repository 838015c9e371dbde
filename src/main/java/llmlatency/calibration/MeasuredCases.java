package llmlatency.calibration;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmlatency.engine.Performance;
import llmlatency.engine.Setup;
import llmlatency.engine.Structure;
import llmlatency.estimate.Admission;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Load;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Waves;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.model.Model;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.profile.Storage;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Turns measurements into cases; keeps what it has resolved, so that thousands of rows cost little. */
public final class MeasuredCases {
    private final KnownProfiles profiles;
    private final Map<Asked, Stored> stored = new HashMap<>();

    /** Cases over the profiles of a library. */
    public MeasuredCases(ProfileLibrary library) {
        this.profiles = new KnownProfiles(library);
    }

    /** A measurement as a case, or the reason why it is none. */
    public static Resolved of(Measurement measurement, ProfileLibrary library) {
        return new MeasuredCases(library).resolve(measurement);
    }

    /** A measurement as a case, or the reason why it is none. */
    public Resolved resolve(Measurement measurement) {
        Identity identity = Identity.of(measurement, profiles);
        try {
            return answerable(measurement, identity);
        } catch (Refusal e) {
            return new Resolved.Skipped(measurement, identity, e.message());
        }
    }

    private MeasuredCase answerable(Measurement measurement, Identity identity) {
        Measurement.Subject subject = measurement.subject();
        MeasuredMetric metric = MeasuredMetric.named(measurement.metric());
        if (metric == null) {
            throw new Refusal("unknown metric: " + measurement.metric());
        }
        Profile<ModelProfile> found = profiles.model(subject.model());
        Gpu gpu = profiles.gpu(subject.gpu()).gpu();
        EngineRun run = EngineRun.of(measurement, gpu, profiles);
        Stored stored = stored(measurement).with(run.setup(), gpu, subject, profiles);
        requireSupported(measurement);
        Lengths lengths = Lengths.of(metric, measurement.request());
        Deployment deployment = new Deployment(
                gpu, measurement.layout().gpus(), measurement.layout().parallelism(), run.setup());
        stored.model().requireFits(deployment.parallelism());
        gpu.rate(stored.storage().weights().value().format());
        gpu.rate(stored.storage().cache());
        Scenario scenario = new Scenario(
                found.name(),
                subject.model(),
                stored.model(),
                found.value().trainedContext(),
                stored.storage().weights().value().format(),
                stored.storage().scheme(),
                subject.weightFormat() == null,
                stored.storage().cache(),
                deployment,
                workload(lengths, measurement.request().batch()),
                List.of(),
                List.of());
        scenario = scenario.stored(stored.storage().recipe(profiles.library(), stored.model()));
        Waves waves = null;
        if (measurement.request().load()) {
            scenario = loaded(scenario, measurement, metric);
        } else if (scenario.workload().batch() > 1) {
            waves = Waves.of(scenario);
            scenario = waves == null ? scenario : asking(scenario, waves.batch());
        }
        return new MeasuredCase(measurement, identity, metric, scenario, lengths, run.unexpected(), waves);
    }

    /**
     * A model as it was stored.
     *
     * @param model what was held
     * @param storage in which formats
     */
    private record Stored(Model model, Storage storage) {
        /** The same with the cache as the engine stores it, where the row does not say. */
        Stored with(Setup setup, Gpu gpu, Measurement.Subject subject, KnownProfiles profiles) {
            String format = subject.kvFormat() != null
                    ? null
                    : Performance.cacheFormat(
                            setup, gpu, storage.weights().value().format(), Structure.of(model));
            return format == null ? this : new Stored(model, storage.cached(profiles.library(), format));
        }
    }

    /** What decides how a model is stored. */
    private record Asked(
            String model,
            @Nullable String weightFormat,
            @Nullable Long weightBytes,
            @Nullable String kvFormat,
            @Nullable String date) {}

    private Stored stored(Measurement measurement) {
        Measurement.Subject subject = measurement.subject();
        String date = measurement.origin().date();
        Asked asked =
                new Asked(subject.model(), subject.weightFormat(), subject.weightBytes(), subject.kvFormat(), date);
        Stored known = stored.get(asked);
        if (known == null) {
            known = read(asked);
            stored.put(asked, known);
        }
        return known;
    }

    private Stored read(Asked subject) {
        ModelProfile profile = profiles.model(subject.model()).value();
        String weights = subject.weightFormat() == null ? profile.weightFormat() : subject.weightFormat();
        profiles.format(weights);
        if (subject.kvFormat() != null) {
            profiles.format(subject.kvFormat());
        }
        Storage storage = Storage.of(profiles.library(), profile, subject.weightFormat(), subject.kvFormat());
        Long bytes = subject.weightBytes();
        if (bytes == null || profile.weights() != null) {
            return new Stored(profile.model(), storage);
        }
        Model alone = profile.model().withoutAside();
        return new Stored(alone, storage.ofSize(profiles.library(), alone, bytes, subject.date()));
    }

    /** Refuses what cannot be expressed yet, a line each. */
    private static void requireSupported(Measurement measurement) {
        Measurement.Layout layout = measurement.layout();
        if (!layout.splitsLayers() && !layout.matches()) {
            throw new Refusal("layout does not match");
        }
        refuseIf(
                layout.split() != null && !"layer".equals(layout.split()),
                "layout not supported yet: split " + layout.split());
        refuseIf(layout.replicas() > 1 && !measurement.request().load(), "layout not supported yet: replicas");
    }

    private static void refuseIf(boolean holds, String reason) {
        if (holds) {
            throw new Refusal(reason);
        }
    }

    /** For memory alone; the formulas take their lengths from elsewhere, since a workload has a prompt. */
    private static Workload workload(Lengths lengths, long batch) {
        return new Workload(
                Math.max(1, lengths.afterPrompt()),
                lengths.newTokens() == 0 ? 0 : lengths.cached(),
                Math.max(1, lengths.output()),
                batch);
    }

    /** The same with as many requests on every rank as memory admits of those in flight. */
    private static Scenario loaded(Scenario scenario, Measurement measurement, MeasuredMetric metric) {
        long ranks = scenario.deployment().ranks();
        long requests = (measurement.request().batch() + ranks - 1) / ranks;
        refuseIf(metric == MeasuredMetric.TTFT && requests > Load.MOST_UNQUEUED, "queueing");
        Long admitted = Admission.most(scenario);
        refuseIf(admitted != null && admitted < 1, "does not fit");
        return asking(scenario, (admitted == null ? requests : Math.min(requests, admitted)) * ranks);
    }

    private static Scenario asking(Scenario scenario, long batch) {
        Workload asked = scenario.workload();
        return scenario.asking(new Workload(asked.promptTokens(), asked.cachedTokens(), asked.outputTokens(), batch));
    }
}
