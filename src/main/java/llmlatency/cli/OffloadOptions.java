package llmlatency.cli;

import java.util.List;
import java.util.Map;
import llmlatency.engine.Choice;
import llmlatency.engine.Engine;
import llmlatency.engine.Offloading;
import llmlatency.engine.Performance;
import llmlatency.engine.Setup;
import llmlatency.engine.Structure;
import llmlatency.estimate.Offload;
import llmlatency.hardware.Gpu;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.model.Placement;
import llmlatency.profile.GpuProfile;
import llmlatency.profile.HostLinks;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Assumption;
import llmlatency.units.Bytes;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Refusal;
import llmlatency.units.Source;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What of the model stays in the memory of the host, and what that host is. */
final class OffloadOptions {
    private static final String ALL = "all";
    private static final String BY_HAND = "custom host";
    private static final String FIRST = "first";
    private static final String LAST = "last";

    @Option(
            names = {"--gpu-layers", "--n-gpu-layers"},
            paramLabel = "N|all",
            description = "Layers on the GPU, the last ones, the head counted as one; the rest stays on the host;"
                    + " default: all.")
    @Nullable
    String layers;

    @Option(names = "--cpu-moe", description = "Leave the routed experts of all layers on the host.")
    boolean experts;

    @Option(
            names = "--n-cpu-moe",
            paramLabel = "N",
            description = "Leave the routed experts of the first N layers on the host.")
    @Nullable
    String expertLayers;

    @Option(
            names = "--host",
            paramLabel = "CPU",
            description = "The host's CPU, such as cpu-ddr5-5600 or 'epyc-9654 384GB' for a fitted memory.")
    @Nullable
    String host;

    @Option(
            names = "--host-bandwidth",
            paramLabel = "RATE",
            description = "Bandwidth of the host's memory, such as \"80 GB/s\", instead of --host.")
    @Nullable
    String bandwidth;

    @Option(
            names = "--host-memory",
            paramLabel = "SIZE",
            description = "Usable memory of the host, such as \"64 GiB\"; taken as given.")
    @Nullable
    String memory;

    @Option(
            names = "--host-link",
            paramLabel = "RATE",
            description = "Rate from the host to the GPU, one way, such as \"25 GB/s\"; default: the GPU's PCIe link.")
    @Nullable
    String link;

    /**
     * What an answer is asked about.
     *
     * @param model the model
     * @param weights format of its weights as stored
     * @param setup the engine
     * @param device the devices
     * @param layout how the model lies on them
     * @param copies whole copies of it
     */
    record Asked(
            Model model,
            NumberFormat weights,
            Setup setup,
            DeviceOptions.Device device,
            Parallelism layout,
            int copies) {}

    /**
     * What stays on the host; null: nothing.
     *
     * @param assumptions gains what it rests on
     * @param sources gains where its figures come from
     */
    @Nullable
    Offload offload(Asked asked, ProfileLibrary library, List<Assumption> assumptions, List<Source> sources) {
        String option = asksFor();
        if (option == null) {
            requireUnused();
            return null;
        }
        boolean headFirst = !LAST.equals(Performance.choice(
                asked.setup(), asked.device().gpu(), asked.weights(), Structure.of(asked.model()), Choice.HEAD_LAYER));
        Placement placement = placement(asked.model(), headFirst);
        if (placement.isOnDevices()) {
            return null;
        }
        requirePossible(asked, option, placement);
        Gpu found = host(library, assumptions, sources);
        assumptions.add(new Assumption(
                "cache of layers on the host", "beside them", "as llama.cpp does; they attend on the CPU too"));
        if (layers != null) {
            assumptions.add(new Assumption(
                    "head among --gpu-layers",
                    headFirst ? FIRST : LAST,
                    headFirst
                            ? "it counts as the first on the GPU, as in builds of 2026; those before count it last"
                            : "it goes to the GPU after all layers, as in builds before 2026"));
        }
        return new Offload(placement, found, link(asked, library, assumptions, sources));
    }

    /** Whether a part is to stay on the host. */
    boolean isAsked() {
        return asksFor() != null;
    }

    private @Nullable String asksFor() {
        if (experts && expertLayers != null) {
            throw new Refusal("--cpu-moe and --n-cpu-moe contradict each other; give one");
        }
        return layers != null ? "--gpu-layers" : experts ? "--cpu-moe" : expertLayers != null ? "--n-cpu-moe" : null;
    }

    private void requireUnused() {
        String unused = host != null
                ? "--host"
                : bandwidth != null
                        ? "--host-bandwidth"
                        : memory != null ? "--host-memory" : link != null ? "--host-link" : null;
        if (unused != null) {
            throw new Refusal(
                    unused + " changes nothing where nothing stays on the host",
                    "say what does: --gpu-layers N, --cpu-moe or --n-cpu-moe N");
        }
    }

    /** The head is one of the layers asked for: the first, or the one after the last. */
    private Placement placement(Model model, boolean headFirst) {
        int all = model.layerCount();
        long asked = layers == null || layers.equals(ALL)
                ? all + 1L
                : OptionValue.of("--gpu-layers", layers, text -> Counts.parse(text, 0));
        long moe = experts
                ? all
                : expertLayers == null ? 0 : OptionValue.of("--n-cpu-moe", expertLayers, text -> Counts.parse(text, 0));
        if ((experts || expertLayers != null) && model.elementsOfExperts() == 0) {
            throw new Refusal(
                    (experts ? "--cpu-moe" : "--n-cpu-moe") + " needs experts; this model is dense",
                    "say how many layers go to the GPU: --gpu-layers N");
        }
        boolean whole = asked > all;
        if (whole && moe == 0) {
            return Placement.DEVICES;
        }
        boolean head = whole || (headFirst && asked > 0);
        long device = whole ? all : headFirst ? Math.max(0, asked - 1) : asked;
        return new Placement((int) device, head, (int) Math.min(all, moe));
    }

    private static void requirePossible(Asked asked, String option, Placement placement) {
        Engine engine = asked.setup().engine();
        String part = option.equals("--gpu-layers") ? Offloading.LAYERS : Offloading.EXPERTS;
        if (!engine.offloading().parts().contains(part)) {
            throw new Refusal(
                    option + ": " + engine.name() + " leaves no " + part + " on the host: "
                            + engine.offloading().why(),
                    "name an engine that does: -e llama.cpp, or -e ideal for the floor");
        }
        Profile<GpuProfile> profile = asked.device().profile();
        if (profile != null && profile.value().unified()) {
            throw new Refusal(
                    option + ": " + profile.name() + " shares one memory with its CPU; nothing is gained by leaving"
                            + " a part of the model to it",
                    "leave " + option + " out");
        }
        Parallelism layout = asked.layout();
        if (layout.tensor() > 1 || layout.data() > 1 || layout.expert() > 1 || asked.copies() > 1) {
            throw new Refusal(
                    option + " gives devices whole layers, one part after the other; TP, DP, EP and replicas do not go"
                            + " with it",
                    "give --split layer");
        }
        if (layout.stages() > Math.max(1, placement.onDevices(asked.model().layerCount()))) {
            throw new Refusal(
                    layout.stages() + " devices share fewer layers: "
                            + placement.onDevices(asked.model().layerCount()),
                    "give fewer --gpus, or more --gpu-layers");
        }
    }

    private Gpu host(ProfileLibrary library, List<Assumption> assumptions, List<Source> sources) {
        if ((host == null) == (bandwidth == null)) {
            String what = host == null
                    ? "a part of the model stays on the host, which is not known"
                    : "--host and --host-bandwidth contradict each other";
            throw new Refusal(
                    what + "; give one of --host cpu-ddr5-5600 and --host-bandwidth \"80 GB/s\"",
                    "all devices, CPUs among them: llm-latency list gpus");
        }
        Bytes size = OptionValue.optional("--host-memory", memory, Bytes::parse);
        if (memory != null) {
            assumptions.add(new Assumption("host memory", memory, "given on the command line"));
        }
        if (bandwidth != null) {
            assumptions.add(new Assumption("host bandwidth", bandwidth, "given on the command line"));
            assumptions.add(new Assumption(
                    "host arithmetic",
                    "no time",
                    "of a host described by its bandwidth no rate is known; --host names one of which they are"));
            return new Gpu(
                    BY_HAND,
                    size,
                    OptionValue.of("--host-bandwidth", bandwidth, BytesPerSecond::parse),
                    Map.of(),
                    new Gpu.Build(GpuProfile.CPU, null, null, null, null, null));
        }
        ProfileLibrary.FoundGpu found = OptionValue.of("--host", String.valueOf(host), library::host);
        addNew(sources, found.profile().sources());
        for (Assumption assumption : found.assumptions(size != null)) {
            assumptions.add(new Assumption("host " + assumption.what(), assumption.value(), assumption.why()));
        }
        Gpu gpu = found.gpu();
        return size == null ? gpu : new Gpu(gpu.name(), size, gpu.bandwidth(), gpu.peaks(), gpu.build());
    }

    private static void addNew(List<Source> sources, List<Source> more) {
        for (Source source : more) {
            if (!sources.contains(source)) {
                sources.add(source);
            }
        }
    }

    private @Nullable BytesPerSecond link(
            Asked asked, ProfileLibrary library, List<Assumption> assumptions, List<Source> sources) {
        if (link != null) {
            assumptions.add(new Assumption("host link", link, "given on the command line"));
            return OptionValue.of("--host-link", link, BytesPerSecond::parse);
        }
        Profile<GpuProfile> profile = asked.device().profile();
        HostLinks links = library.hostLinks();
        BytesPerSecond rate = profile == null ? null : links.of(profile);
        if (rate == null) {
            assumptions.add(new Assumption(
                    "host link",
                    "not known",
                    "no weights are carried to the GPU, so that prompts run on the CPU; --host-link says otherwise"));
            return null;
        }
        addNew(sources, links.sources());
        assumptions.add(new Assumption(
                "host link",
                Math.round(rate.value() / 1e8) / 10.0 + " GB/s",
                "the GPU's PCIe link at all its lanes; --host-link says otherwise"));
        return rate;
    }
}
