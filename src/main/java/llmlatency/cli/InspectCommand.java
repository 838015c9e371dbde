package llmlatency.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import llmlatency.checkpoint.GgufMix;
import llmlatency.checkpoint.Inspection;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.ModelProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.profile.Storage;
import llmlatency.report.InspectionReport;
import llmlatency.report.ReportFormat;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What does a model hold? */
@Command(
        name = "inspect",
        description = "What does a model hold: parameters, bytes, cache per token? Reads a config.json, a folder with"
                + " one, the headers of weights beside one, a .gguf file, or a known model.",
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency inspect 7b",
            "  llm-latency inspect path/to/config.json -f json | jq .model.parameters",
            "  llm-latency inspect llama-3.1-8b -d q4_k_m",
            "  llm-latency inspect path/to/config.json --save my-model"
        })
final class InspectCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "MODEL",
            description = "A name, alias, Hugging Face id or file; - reads a config from standard input.")
    @Nullable
    String model;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "The same as an option, as in other commands.")
    @Nullable
    String modelOption;

    @Option(
            names = {"-d", "--dtype"},
            paramLabel = "FORMAT",
            description =
                    "Number format of the weights; default: the checkpoint's own. A GGUF mix such as q4_k_m counts"
                            + " tensor by tensor.")
    @Nullable
    String dtype;

    @Option(names = "--kv-dtype", paramLabel = "FORMAT", description = "Number format of the KV cache.")
    @Nullable
    String kvDtype;

    @Option(
            names = "--context-tokens",
            paramLabel = "N",
            description = "Length of the sequence that the cache's blocks are shown for; default: 4096.")
    String contextTokens = "4096";

    @Option(
            names = "--assume",
            paramLabel = "FIELD=VALUE",
            description = "A field of a config.json that it lacks, or that is to be read otherwise. May repeat.")
    Map<String, String> assume = new LinkedHashMap<>();

    @Option(
            names = "--save",
            paramLabel = "NAME",
            description = "Keep it as a profile of that name in your profile folder.")
    @Nullable
    String save;

    @Option(names = "--force", description = "Let --save replace a profile of that name.")
    boolean force;

    @Mixin
    AnyFormat output = new AnyFormat();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    InspectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = output.format();
        ProfileLibrary library = profiles.library(console);
        Profile<ModelProfile> found = library.model(asked(), assume);
        String saved = save == null
                ? null
                : UserProfiles.save(ProfileKind.MODEL, found, save, force, library, console.environment());
        output.write(console, InspectionReport.text(found, inspection(library, found.value()), format));
        if (saved != null) {
            console.remark("saved as " + saved);
        }
        return ExitCode.ANSWERED;
    }

    private String asked() {
        if (model != null && modelOption != null) {
            throw new Refusal("the model is named twice, as " + model + " and by --model; name it once");
        }
        String word = model != null ? model : modelOption;
        if (word == null) {
            throw new Refusal("inspect which model? name one, such as llama-3.1-8b or path/to/config.json");
        }
        return word;
    }

    private Inspection inspection(ProfileLibrary library, ModelProfile profile) {
        Profile<FormatProfile> weights = library.format(dtype == null ? profile.weightFormat() : dtype);
        NumberFormat cache = Storage.cache(library, kvDtype, profile, weights);
        long tokens = OptionValue.of("--context-tokens", contextTokens, text -> Counts.parse(text, 1));
        int block = library.engine("ideal").value().cacheBlockTokens();
        if (profile.weights() != null) {
            Storage.requireSame(dtype, profile, weights);
            return Inspection.stored(profile.model(), profile.weights(), cache, tokens, block);
        }
        if (dtype == null && !profile.unquantised().isEmpty()) {
            NumberFormat plain =
                    library.format(profile.activationFormat()).value().format();
            NumberFormat format = weights.value().format();
            return Inspection.recipe(profile.model(), format, plain, profile.unquantised(), cache, tokens, block);
        }
        GgufMix mix = dtype == null ? null : library.mix(weights.name());
        return mix == null
                ? Inspection.flat(profile.model(), weights.value().format(), cache, tokens, block)
                : Inspection.mixed(profile.model(), mix, profile.ggufVectors(), cache, tokens, block);
    }
}
