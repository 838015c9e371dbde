package llmlatency.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workload;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
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
    EngineOptions engine = new EngineOptions();

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
                description = "Sequences that run together; default: 1.")
        String batch = "1";

        @Option(
                names = "--cached-tokens",
                paramLabel = "N",
                description = "Of each prompt, tokens already in the cache; default: 0.")
        String cachedTokens = "0";

        Workload workload() {
            return new Workload(
                    OptionValue.of("--prompt-tokens", promptTokens, text -> Counts.parse(text, 1)),
                    OptionValue.of("--cached-tokens", cachedTokens, text -> Counts.parse(text, 0)),
                    OptionValue.of("--output-tokens", outputTokens, text -> Counts.parse(text, 1)),
                    OptionValue.of("--batch", batch, text -> Counts.parse(text, 1)));
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
        Parallelism layout = device.layout(on.count(), served.setup().engine(), assumptions);
        return new Scenario(
                found.name(),
                model.model,
                held(found),
                profile.trainedContext(),
                weights.value().format(),
                storage.scheme(),
                model.dtype == null,
                storage.cache(),
                new Deployment(
                        on.gpu(),
                        on.count(),
                        layout,
                        served.setup(),
                        served.automatic(),
                        served.profile().sources()),
                asked,
                assumptions,
                sources);
    }

    /** The model as it is held: with its draft modules where they are asked for. */
    private Model held(Profile<ModelProfile> found) {
        long draft = model.mtp ? ModelProfile.draftParameters(found.node()) : 0;
        if (model.mtp && draft == 0) {
            throw new Refusal("--mtp: no draft (MTP) modules are known of " + found.name());
        }
        return found.value().model().holding(draft);
    }
}
