package llmlatency.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.model.Model;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.profile.Storage;
import llmlatency.units.Assumption;
import llmlatency.units.Refusal;
import llmlatency.units.Source;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The question: a model, what is asked of it, and what it runs on. */
final class ScenarioOptions {
    @Mixin
    ModelOptions model = new ModelOptions();

    @Mixin
    DeviceOptions device = new DeviceOptions();

    @Mixin
    LayoutOptions layout = new LayoutOptions();

    @Mixin
    OffloadOptions offload = new OffloadOptions();

    @Mixin
    EngineOptions engine = new EngineOptions();

    @Mixin
    PriceOptions price = new PriceOptions();

    @Mixin
    WorkloadOptions workload = new WorkloadOptions();

    /** The model and how it is stored. */
    static final class ModelOptions {
        @Option(
                names = {"-m", "--model"},
                paramLabel = "MODEL",
                description = "A model's name, alias or Hugging Face id, or a file: a config.json, a folder with one,"
                        + " weights beside one, a .gguf, a profile; - reads a config from standard input.")
        @Nullable
        String model;

        @Option(
                names = {"-d", "--dtype"},
                paramLabel = "FORMAT",
                description = "Number format of the weights; default: the checkpoint's own.")
        @Nullable
        String dtype;

        @Option(
                names = "--kv-dtype",
                paramLabel = "FORMAT",
                description = "Number format of the KV cache; default: that of the weights where it is fp16 or bf16,"
                        + " else the checkpoint's own 16-bit format.")
        @Nullable
        String kvDtype;

        @Option(names = "--mtp", description = "Hold the model's draft (MTP) modules in memory too.")
        boolean mtp;

        @Option(
                names = "--assume",
                paramLabel = "FIELD=VALUE",
                description = "A field of a config.json that it lacks, or that is to be read otherwise. May repeat.")
        Map<String, String> assume = new LinkedHashMap<>();
    }

    /** What is asked of the model. */
    static final class WorkloadOptions {
        @Option(
                names = {"-p", "--prompt-tokens"},
                paramLabel = "N",
                description = "Tokens of each prompt; default: 512. 4k is 4096.")
        String promptTokens = "512";

        @Option(
                names = {"-n", "--output-tokens"},
                paramLabel = "N",
                description = "Tokens generated for each; default: 128.")
        String outputTokens = "128";

        @Option(
                names = {"-b", "--batch"},
                paramLabel = "N",
                description = "Sequences that start together and run alone; default: 1.")
        @Nullable
        String batch;

        @Option(
                names = "--concurrency",
                paramLabel = "N",
                description = "Requests always in flight, over all devices: each answer brings the next. Adds what"
                        + " users see under load.")
        @Nullable
        String concurrency;

        @Option(
                names = "--request-rate",
                paramLabel = "RATE",
                description = "Requests a second, such as 2.5, instead of --concurrency.")
        @Nullable
        String requestRate;

        @Option(
                names = "--cached-tokens",
                paramLabel = "N",
                description = "Of each prompt, tokens already in the cache; default: 0.")
        String cachedTokens = "0";

        Workload workload() {
            Demand demand = demand();
            Workload alone = new Workload(
                    OptionValue.of("--prompt-tokens", promptTokens, text -> Counts.parse(text, 1)),
                    OptionValue.of("--cached-tokens", cachedTokens, text -> Counts.parse(text, 0)),
                    OptionValue.of("--output-tokens", outputTokens, text -> Counts.parse(text, 1)),
                    OptionValue.of("--batch", batch == null ? "1" : batch, text -> Counts.parse(text, 1)));
            return demand == null ? alone : alone.under(demand);
        }

        /** Whether requests keep coming. */
        boolean underLoad() {
            return concurrency != null || requestRate != null;
        }

        private @Nullable Demand demand() {
            if (concurrency != null && requestRate != null) {
                throw new Refusal("--concurrency and --request-rate contradict each other; give one");
            }
            String option = concurrency != null ? "--concurrency" : "--request-rate";
            String text = concurrency != null ? concurrency : requestRate;
            if (text == null) {
                return null;
            }
            if (batch != null) {
                throw new Refusal(
                        "--batch and " + option
                                + " contradict each other: one batch alone, or requests that keep coming",
                        "give one of them");
            }
            return concurrency != null
                    ? OptionValue.of(option, text, count -> Demand.inFlight(Counts.parse(count, 1)))
                    : OptionValue.of(option, text, rate -> Demand.perSecond(perSecond(rate)));
        }

        private static double perSecond(String text) {
            String number = text.replaceFirst("\\s*/\\s*s$", "").strip();
            double rate = number.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") ? Double.parseDouble(number) : 0;
            if (!(rate > 0)) {
                throw new Refusal("'" + text + "' is not a number of requests a second above zero, such as 2.5");
            }
            return rate;
        }
    }

    /** The question with every name resolved. */
    Scenario scenario(ProfileLibrary library) {
        if (model.model == null) {
            throw new Refusal(
                    "which model? give --model NAME, such as --model llama-3.1-8b",
                    "all names: llm-latency list models");
        }
        Workload asked = workload.workload();
        Profile<ModelProfile> found = library.model(model.model, model.assume);
        ModelProfile profile = found.value();
        Storage storage = Storage.of(library, profile, model.dtype, model.kvDtype);
        Profile<FormatProfile> weights = storage.weights();
        DeviceOptions.Device on = device.device(library);
        EngineOptions.Served served = engine.served(library, on.gpu(), weights.name());
        List<Assumption> assumptions = new ArrayList<>();
        Storage stored = cached(storage, library, profile, served, on, assumptions);
        List<Source> sources = new ArrayList<>(on.sources());
        sources.addAll(found.sources());
        weights.assumptions()
                .forEach(a -> assumptions.add(new Assumption("weight format", a.value() + " bits", a.why())));
        assumptions.addAll(found.assumptions());
        assumptions.addAll(served.assumptions());
        served.profile().assumptions().stream()
                .filter(assumption -> !assumption.what().equals("cache_block_tokens"))
                .forEach(assumptions::add);
        assumptions.addAll(on.assumptions());
        LayoutOptions.Layout lies = layout.layout(on.count(), served.setup().engine(), profile.model());
        assumptions.addAll(lies.assumptions());
        Gpu gpu = layout.connected(price.priced(on.gpu(), library), lies.parallelism(), library, assumptions, sources);
        Deployment deployment = new Deployment(
                gpu,
                lies.devices(),
                lies.parallelism(),
                served.setup(),
                served.automatic(),
                served.profile().sources(),
                lies.splitsLayers());
        OffloadOptions.Asked split = new OffloadOptions.Asked(
                profile.model(),
                weights.value().format(),
                served.setup(),
                on,
                lies.parallelism(),
                deployment.replicas());
        return new Scenario(
                        found.name(),
                        model.model,
                        held(found),
                        profile.trainedContext(),
                        weights.value().format(),
                        storage.scheme(),
                        model.dtype == null,
                        stored.cache(),
                        deployment.offloading(offload.offload(split, library, assumptions, sources)),
                        asked,
                        assumptions,
                        sources)
                .stored(storage.recipe(library, profile.model()));
    }

    /** How the cache is stored where that is not asked for: as the engine does it on such a device. */
    private Storage cached(
            Storage storage,
            ProfileLibrary library,
            ModelProfile profile,
            EngineOptions.Served served,
            DeviceOptions.Device on,
            List<Assumption> assumptions) {
        String format = model.kvDtype != null
                ? null
                : Performance.cacheFormat(
                        served.setup(), on.gpu(), storage.weights().value().format(), Structure.of(profile.model()));
        if (format != null) {
            assumptions.add(new Assumption(
                    "KV cache",
                    format,
                    served.profile().name() + " stores it so beside such weights on such a device; --kv-dtype"
                            + " decides otherwise"));
        }
        return storage.cached(library, format);
    }

    /** The model as it is held: with its draft modules where they are asked for. */
    private Model held(Profile<ModelProfile> found) {
        long draft = model.mtp ? ModelProfile.draftParameters(found.node()) : 0;
        if (model.mtp && draft == 0) {
            throw new Refusal("--mtp: no draft (MTP) modules are known of " + found.name());
        }
        return draft == 0 ? found.value().model() : found.value().model().holding(draft);
    }
}
