package llmlatency.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.NearestNames;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.profile.EngineChoice;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Assumption;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The program that serves the model, and how it is run. */
final class EngineOptions {
    private static final String AUTO = "auto";

    @Option(
            names = {"-e", "--engine"},
            paramLabel = "NAME[/BACKEND]",
            description = "The program that serves it, such as llama.cpp/vulkan; ideal for the floor alone;"
                    + " default: auto, the usual one on the device.")
    String engine = AUTO;

    @Option(
            names = "--engine-version",
            paramLabel = "VERSION",
            description = "Its version, or the date of it, such as 2025-06; default: the newest known.")
    @Nullable
    String version;

    @Option(
            names = "--flash-attention",
            paramLabel = "on|off|auto",
            description = "Whether attention keeps its scores on the chip; default: auto, as the engine does.")
    String flashAttention = AUTO;

    @Option(
            names = "--efficiency",
            paramLabel = "NAME=VALUE",
            description = "A parameter of the engine, instead of its profile's, such as weight_bandwidth=0.8."
                    + " May repeat.")
    List<String> efficiency = new ArrayList<>();

    /**
     * The engine asked for.
     *
     * @param profile its profile
     * @param setup how it is run
     * @param automatic whether it was chosen for the device
     * @param assumptions what the choice rests on
     */
    record Served(Profile<Engine> profile, Setup setup, boolean automatic, List<Assumption> assumptions) {}

    Served served(ProfileLibrary library, Gpu gpu, String weightFormat) {
        int slash = slash(engine);
        String name = name(engine);
        boolean automatic = name.equals(AUTO);
        List<Assumption> assumptions = new ArrayList<>();
        if (automatic) {
            EngineChoice choice = library.engineFor(gpu.build().kind(), weightFormat);
            name = choice.engine();
            assumptions.add(new Assumption("engine", name, choice.why()));
        }
        Profile<Engine> profile = library.engine(name);
        Engine found = profile.value();
        Boolean flash = flashAttention();
        Map<Parameter, Double> given = efficiencies(assumptions);
        if (!found.expects() && (flash != null || !given.isEmpty())) {
            throw new Refusal(
                    (flash != null ? "--flash-attention" : "--efficiency") + " changes nothing with " + found.name()
                            + ", of which nothing is expected beyond the floor",
                    "name another engine: llm-latency list engines");
        }
        Setup setup = new Setup(
                found,
                slash < 0
                        ? found.backendFor(gpu.build().kind())
                        : OptionValue.of("--engine", engine.substring(slash + 1), found::backend),
                version == null ? found.newest() : OptionValue.of("--engine-version", version, found::eraAsked),
                flash,
                given);
        return new Served(profile, setup, automatic, assumptions);
    }

    /** Where the backend stands in NAME/BACKEND; what ends in .json is a file whose folders are no engines. */
    private static int slash(String engine) {
        return engine.endsWith(".json") ? -1 : engine.lastIndexOf('/');
    }

    /** The engine's name, without its backend. */
    static String name(String engine) {
        int slash = slash(engine);
        return slash < 0 ? engine : engine.substring(0, slash);
    }

    private @Nullable Boolean flashAttention() {
        if (flashAttention.equals(AUTO)) {
            return null;
        }
        if (!flashAttention.equals("on") && !flashAttention.equals("off")) {
            throw new Refusal("--flash-attention '" + flashAttention + "' is none of on, off, auto");
        }
        return flashAttention.equals("on");
    }

    private Map<Parameter, Double> efficiencies(List<Assumption> assumptions) {
        Map<Parameter, Double> given = new EnumMap<>(Parameter.class);
        for (String text : efficiency) {
            int at = text.indexOf('=');
            if (at < 0) {
                throw new Refusal("--efficiency '" + text + "' is not NAME=VALUE, such as weight_bandwidth=0.8");
            }
            Parameter parameter = parameter(text.substring(0, at).strip());
            String value = text.substring(at + 1).strip();
            if (given.put(parameter, value(parameter, value)) != null) {
                throw new Refusal("--efficiency " + parameter.key() + " is given twice");
            }
            assumptions.add(new Assumption(parameter.key(), value, "given on the command line"));
        }
        return given;
    }

    private static Parameter parameter(String name) {
        Parameter parameter = Parameter.named(name);
        if (parameter == null) {
            List<String> keys = new ArrayList<>();
            for (Parameter known : Parameter.values()) {
                keys.add(known.key());
            }
            List<String> near = NearestNames.among(keys, name);
            throw new Refusal("--efficiency: engines have no parameter '" + name + "'"
                    + (near.isEmpty() ? "; they have " + String.join(", ", keys) : "; " + NearestNames.hint(near)));
        }
        return parameter;
    }

    private static double value(Parameter parameter, String text) {
        double value = number(text);
        if (value >= parameter.least() && value <= parameter.most()) {
            return value;
        }
        throw new Refusal("--efficiency " + parameter.key() + ": '" + text + "' is not a number from "
                + plain(parameter.least()) + " to " + plain(parameter.most()));
    }

    private static String plain(double number) {
        return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
    }

    /** The number that a text says, with a point and perhaps an exponent; NaN where it says none. */
    private static double number(String text) {
        for (int i = 0; i < text.length(); i++) {
            if ("0123456789.eE+-".indexOf(text.charAt(i)) < 0) {
                return Double.NaN;
            }
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }
}
