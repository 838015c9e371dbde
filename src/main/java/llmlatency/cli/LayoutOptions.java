package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.hardware.Gpu;
import llmlatency.model.Model;
import llmlatency.model.Parallelism;
import llmlatency.profile.Network;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Assumption;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.Refusal;
import llmlatency.units.Source;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the model lies on its devices, and how these reach each other. */
final class LayoutOptions {
    private static final String LAYER = "layer";
    private static final int MOST_DEVICES = 1_000_000;

    @Option(
            names = "--tp",
            paramLabel = "N",
            description = "Tensor-parallel degree: each matrix is cut into so many parts; default: the devices that the"
                    + " other degrees leave, or layers split where the engine does so.")
    @Nullable
    String tensor;

    @Option(
            names = "--pp",
            paramLabel = "N",
            description = "Pipeline stages: the layers are split into so many groups; default: 1.")
    @Nullable
    String pipeline;

    @Option(
            names = "--dp",
            paramLabel = "N",
            description = "Ranks of data-parallel attention: each holds all but the experts, and has sequences of its"
                    + " own; default: 1.")
    @Nullable
    String data;

    @Option(
            names = "--ep",
            paramLabel = "N",
            description = "Deal the experts out over so many groups of the TP x DP devices; default: 1.")
    @Nullable
    String expert;

    @Option(
            names = "--moe-tp",
            paramLabel = "N",
            description = "Cut each expert into so many parts; EP x MoE-TP = TP x DP.")
    @Nullable
    String expertTensor;

    @Option(names = "--replicas", paramLabel = "N", description = "Whole copies, which share the requests; default: 1.")
    @Nullable
    String replicas;

    @Option(
            names = "--split",
            paramLabel = "layer",
            description = "Give each device some of the layers, one part after the other, as llama.cpp does.")
    @Nullable
    String split;

    @Option(
            names = "--gpus-per-node",
            paramLabel = "N",
            description = "Devices that reach each other by their own links; default: those of a usual server.")
    @Nullable
    String node;

    @Option(
            names = "--network",
            paramLabel = "RATE",
            description = "Network between nodes, one way for each device, such as \"50 GB/s\".")
    @Nullable
    String network;

    /**
     * A layout.
     *
     * @param devices all devices
     * @param parallelism how one copy lies on its own
     * @param splitsLayers whether its stages are a layer split
     * @param assumptions what it rests on
     */
    record Layout(int devices, Parallelism parallelism, boolean splitsLayers, List<Assumption> assumptions) {}

    /** The number of devices that a text says. */
    static int count(String text) {
        long count = Counts.parse(text, 1);
        if (count > MOST_DEVICES) {
            throw new Refusal(text + " devices are more than " + MOST_DEVICES);
        }
        return (int) count;
    }

    private static int degree(String option, @Nullable String text) {
        Integer degree = counted(option, text);
        return degree == null ? 1 : degree;
    }

    private static @Nullable Integer counted(String option, @Nullable String text) {
        return text == null ? null : OptionValue.of(option, text, LayoutOptions::count);
    }

    /**
     * The layout asked for, else the one that the engine takes: TP x PP x DP x replicas devices, or layers split over
     * those of a copy.
     *
     * @param devices how many were asked for; null: as many as the degrees need
     * @throws Refusal when the degrees contradict each other, the devices or the model
     */
    Layout layout(@Nullable Integer devices, Engine engine, Model model) {
        requireOneSplit();
        Integer parts = counted("--tp", tensor);
        int stages = degree("--pp", pipeline);
        int ranks = degree("--dp", data);
        int copies = degree("--replicas", replicas);
        double others = (double) stages * ranks * copies;
        if (others * (parts == null ? 1 : parts) > MOST_DEVICES) {
            throw new Refusal("these degrees need more than " + MOST_DEVICES + " devices");
        }
        int all = devices != null ? devices : (int) (others * (parts == null ? 1 : parts));
        List<Assumption> assumptions = new ArrayList<>();
        boolean layers = split != null
                || (parts == null
                        && pipeline == null
                        && data == null
                        && expert == null
                        && expertTensor == null
                        && engine.splitsLayers());
        if (layers) {
            requireShare(all, copies, "--replicas " + copies);
            if (all > copies && split == null) {
                assumptions.add(
                        new Assumption("layout", "layer split", engine.name() + " gives each device some layers"));
            }
            return new Layout(all, new Parallelism(1, all / copies), all > copies, assumptions);
        }
        int degree = parts != null ? parts : left(all, stages, ranks, copies);
        requireProduct(all, degree, stages, ranks, copies);
        if (parts == null && degree > 1) {
            assumptions.add(new Assumption(
                    "layout", "TP " + degree, "devices without a stated layout are taken as tensor-parallel"));
        }
        Parallelism parallelism = new Parallelism(degree, stages, ranks, experts(degree * ranks, model));
        if (ranks > 1 && model.elementsOfExperts() == 0) {
            assumptions.add(new Assumption(
                    "attention data parallelism",
                    ranks + " whole copies",
                    "a model without experts has nothing that its ranks share; --replicas " + ranks
                            + " says the same"));
        }
        return new Layout(all, parallelism, false, assumptions);
    }

    private void requireOneSplit() {
        if (split != null && !split.equals(LAYER)) {
            throw new Refusal("--split '" + split + "' is none of layer");
        }
        String other = tensor != null
                ? "--tp"
                : pipeline != null
                        ? "--pp"
                        : data != null ? "--dp" : expert != null ? "--ep" : expertTensor != null ? "--moe-tp" : null;
        if (split != null && other != null) {
            throw new Refusal("--split layer and " + other + " contradict each other; give one");
        }
    }

    private static void requireShare(int all, int parts, String options) {
        if (all % parts != 0) {
            throw new Refusal(
                    options + " does not divide the " + all + " devices",
                    "give --gpus " + parts * Math.max(1, Math.round((double) all / parts)));
        }
    }

    /** The tensor-parallel degree that the other degrees leave. */
    private static int left(int all, int stages, int ranks, int copies) {
        int others = stages * ranks * copies;
        requireShare(all, others, named(1, stages, ranks, copies));
        return all / others;
    }

    private static String named(int degree, int stages, int ranks, int copies) {
        List<String> words = new ArrayList<>();
        add(words, "--tp", degree);
        add(words, "--pp", stages);
        add(words, "--dp", ranks);
        add(words, "--replicas", copies);
        return words.isEmpty() ? "--tp 1" : String.join(" ", words);
    }

    private static void add(List<String> words, String option, int degree) {
        if (degree > 1) {
            words.add(option + " " + degree);
        }
    }

    private static void requireProduct(int all, int degree, int stages, int ranks, int copies) {
        int product = degree * stages * ranks * copies;
        if (product == all) {
            return;
        }
        int others = stages * ranks * copies;
        String copied = all % product == 0 ? ", --replicas " + copies * (all / product) + " for more copies" : "";
        String cut = all % others == 0 ? "give --tp " + all / others + ", " : "give ";
        throw new Refusal(
                named(degree, stages, ranks, copies)
                        + (product == 1 ? " is one device" : " are " + product + " devices") + ", not " + all,
                cut + "--gpus " + product + copied);
    }

    /** The expert-parallel degree over so many devices, as --ep or --moe-tp says. */
    private int experts(int devices, Model model) {
        Integer dealt = counted("--ep", expert);
        Integer cut = counted("--moe-tp", expertTensor);
        if (cut != null && model.elementsOfExperts() == 0) {
            throw new Refusal("--moe-tp " + cut + " needs experts; this model is dense", "leave --moe-tp out");
        }
        if (cut != null && (devices % cut != 0 || (dealt != null && dealt * (long) cut != devices))) {
            throw new Refusal(
                    "--moe-tp " + cut + (dealt == null ? "" : " and --ep " + dealt) + (dealt == null ? " does" : " do")
                            + " not lay experts out over the " + devices + " devices of TP x DP",
                    "EP x MoE-TP = TP x DP: leave one of them out");
        }
        return dealt != null ? dealt : cut != null ? devices / cut : 1;
    }

    /**
     * The device with what is between nodes, where one copy's layers are spread over more than one.
     *
     * @param assumptions gains what is taken where it was not said
     * @param sources gains where that comes from
     */
    Gpu connected(
            Gpu gpu,
            Parallelism parallelism,
            ProfileLibrary library,
            List<Assumption> assumptions,
            List<Source> sources) {
        Integer given = counted("--gpus-per-node", node);
        BytesPerSecond rate = network == null ? null : OptionValue.of("--network", network, BytesPerSecond::parse);
        int together = parallelism.expertDevices();
        if (together == 1 || (given != null && together <= given)) {
            return gpu;
        }
        Network usual = library.network();
        int devices = given != null ? given : usual.node();
        if (together <= devices) {
            return gpu;
        }
        if (given == null) {
            assumptions.add(new Assumption(
                    "devices a node", String.valueOf(devices), "the usual server; --gpus-per-node says otherwise"));
        }
        assumptions.add(
                rate != null
                        ? new Assumption("network", String.valueOf(network), "given on the command line")
                        : new Assumption(
                                "network",
                                Math.round(usual.rate().value() / 1e9) + " GB/s",
                                "one way for each device, between nodes of " + devices + "; --network says otherwise"));
        if (rate == null || given == null) {
            sources.addAll(usual.sources());
        }
        return gpu.with(gpu.build().inNodes(devices, rate != null ? rate : usual.rate()));
    }
}
