package llmlatency.estimate;

import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.model.Parallelism;
import llmlatency.units.Source;

/**
 * What the model runs on.
 *
 * @param gpu one of the devices, all equal
 * @param gpus how many
 * @param parallelism how the model is laid out over them
 * @param setup the program that serves it, and how it is run
 * @param automatic whether the program was chosen for the device, because none was asked for
 * @param engineSources where its parameters come from
 */
public record Deployment(
        Gpu gpu, int gpus, Parallelism parallelism, Setup setup, boolean automatic, List<Source> engineSources) {
    public Deployment {
        engineSources = List.copyOf(engineSources);
    }

    /** With an engine that was asked for. */
    public Deployment(Gpu gpu, int gpus, Parallelism parallelism, Setup setup) {
        this(gpu, gpus, parallelism, setup, false, List.of());
    }

    /** With an engine of which nothing is said but its name. */
    public Deployment(Gpu gpu, int gpus, Parallelism parallelism, Engine engine) {
        this(gpu, gpus, parallelism, Setup.of(engine));
    }

    /** The program that serves it. */
    public Engine engine() {
        return setup.engine();
    }
}
