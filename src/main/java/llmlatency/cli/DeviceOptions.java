package llmlatency.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.profile.GpuProfile;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Assumption;
import llmlatency.units.Bytes;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.FlopsPerSecond;
import llmlatency.units.Refusal;
import llmlatency.units.Source;
import llmlatency.work.Arithmetic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the model runs on: a named device, one described by hand, or a named one with figures replaced. */
final class DeviceOptions {
    private static final Pattern COUNTED = Pattern.compile("([0-9]+)\\s*[xX*]\\s*(\\S.*)");
    private static final String BY_HAND = "custom";

    @Option(
            names = {"-g", "--gpu"},
            paramLabel = "GPU",
            description =
                    "A device's name, alias or profile file; '4x h100-sxm' for four, 'm4-max-40 64GB' for a fitted"
                            + " memory.")
    @Nullable
    String gpu;

    @Option(names = "--gpus", paramLabel = "N", description = "How many of them; default: as many as the layout needs.")
    @Nullable
    String gpus;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            description = "Memory bandwidth, such as \"1008 GB/s\"; alone, or instead of the named device's.")
    @Nullable
    String bandwidth;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Usable memory, such as \"24 GiB\"; taken as given.")
    @Nullable
    String memory;

    @Option(
            names = "--peak",
            paramLabel = "FORMAT=RATE",
            description =
                    "Dense peak rate, such as \"fp16=165 TFLOP/s\"; fp32, fp16, bf16, fp8, fp4 or int8. May repeat.")
    List<String> peaks = new ArrayList<>();

    @Option(
            names = "--link",
            paramLabel = "RATE",
            description = "Rate at which a device reaches the others of its node, one way, such as \"450 GB/s\".")
    @Nullable
    String link;

    /**
     * The devices asked for.
     *
     * @param gpu one of them
     * @param count how many; null where nothing says it
     * @param assumptions what its figures rest on
     * @param sources where they come from
     * @param profile the profile that it was named by; null: it was described by hand
     */
    record Device(
            Gpu gpu,
            @Nullable Integer count,
            List<Assumption> assumptions,
            List<Source> sources,
            @Nullable Profile<GpuProfile> profile) {}

    Device device(ProfileLibrary library) {
        String name = gpu;
        Integer counted = null;
        if (name != null) {
            Matcher matcher = COUNTED.matcher(name.strip());
            if (matcher.matches()) {
                counted = OptionValue.of("--gpu", matcher.group(1), LayoutOptions::count);
                name = matcher.group(2);
            }
        }
        Integer count = devices(counted);
        List<Assumption> assumptions = new ArrayList<>();
        List<Source> sources = new ArrayList<>();
        Gpu found = null;
        Profile<GpuProfile> profile = null;
        if (name != null) {
            ProfileLibrary.FoundGpu named = library.gpu(name);
            found = named.gpu();
            profile = named.profile();
            sources.addAll(named.profile().sources());
            assumptions.addAll(named.assumptions(memory != null));
        }
        return new Device(linked(withGiven(found, assumptions), assumptions), count, assumptions, sources, profile);
    }

    /** How many devices, said once or said alike; null where nothing says it. */
    private @Nullable Integer devices(@Nullable Integer counted) {
        Integer asked = OptionValue.optional("--gpus", gpus, LayoutOptions::count);
        if (counted != null && asked != null && !counted.equals(asked)) {
            throw new Refusal("--gpu says " + counted + " devices and --gpus " + asked + "; give one");
        }
        return counted != null ? counted : asked;
    }

    /** The device with the figures given by hand put in. */
    private Gpu withGiven(@Nullable Gpu named, List<Assumption> assumptions) {
        if (named == null && bandwidth == null) {
            throw new Refusal(
                    "which GPU? give --gpu NAME, or describe one:"
                            + " --bandwidth \"1008 GB/s\" --memory \"24 GiB\" --peak \"fp16=165 TFLOP/s\"",
                    "all names: llm-latency list gpus");
        }
        BytesPerSecond rate = OptionValue.optional("--bandwidth", bandwidth, BytesPerSecond::parse);
        Bytes size = OptionValue.optional("--memory", memory, Bytes::parse);
        Map<Arithmetic, Peak> rates = new EnumMap<>(Arithmetic.class);
        if (named != null) {
            rates.putAll(named.peaks());
        }
        peaks().forEach((arithmetic, peak) -> {
            rates.put(arithmetic, peak);
            given(assumptions, arithmetic.key() + " peak", text(arithmetic));
        });
        if (rate != null) {
            given(assumptions, "bandwidth", String.valueOf(bandwidth));
        }
        if (size != null) {
            given(assumptions, "memory", String.valueOf(memory));
        }
        if (named != null) {
            return new Gpu(
                    named.name(),
                    size == null ? named.usableMemory() : size,
                    rate == null ? named.bandwidth() : rate,
                    rates,
                    named.build(),
                    named.price());
        }
        if (rate == null || rates.isEmpty()) {
            throw new Refusal("a device described by hand needs a rate: --peak \"fp16=165 TFLOP/s\"");
        }
        return new Gpu(BY_HAND, size, rate, rates);
    }

    private Gpu linked(Gpu device, List<Assumption> assumptions) {
        if (link == null) {
            return device;
        }
        BytesPerSecond rate = OptionValue.of("--link", link, BytesPerSecond::parse);
        given(assumptions, "link", link);
        return device.with(device.build().linked(rate));
    }

    private static void given(List<Assumption> assumptions, String what, String value) {
        assumptions.add(new Assumption(what, value, "given on the command line"));
    }

    private String text(Arithmetic arithmetic) {
        String prefix = arithmetic.key() + "=";
        return peaks.stream()
                .filter(peak -> peak.startsWith(prefix))
                .map(peak -> peak.substring(prefix.length()).strip())
                .findFirst()
                .orElse("");
    }

    private Map<Arithmetic, Peak> peaks() {
        Map<Arithmetic, Peak> given = new EnumMap<>(Arithmetic.class);
        for (String text : peaks) {
            int at = text.indexOf('=');
            Arithmetic arithmetic =
                    at < 0 ? null : Arithmetic.named(text.substring(0, at).strip());
            if (arithmetic == null) {
                throw new Refusal("--peak '" + text + "' is not FORMAT=RATE with fp32, fp16, bf16, fp8, fp4 or int8,"
                        + " such as \"fp16=165 TFLOP/s\"");
            }
            FlopsPerSecond rate =
                    OptionValue.of("--peak", text.substring(at + 1).strip(), FlopsPerSecond::parse);
            if (given.put(arithmetic, new Peak(rate, null)) != null) {
                throw new Refusal("--peak " + arithmetic.key() + " is given twice");
            }
        }
        return given;
    }
}
