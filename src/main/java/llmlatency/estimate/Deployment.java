package llmlatency.estimate;

import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.model.Parallelism;

/**
 * What the model runs on.
 *
 * @param gpu one of the devices, all equal
 * @param gpus how many
 * @param parallelism how the model is laid out over them
 * @param setup the program that serves it, and how it is run
 * @param automatic whether the program was chosen for the device, because none was asked for
 */
public record Deployment(Gpu gpu, int gpus, Parallelism parallelism, Setup setup, boolean automatic) {
    /** With an engine that was asked for. */
    public Deployment(Gpu gpu, int gpus, Parallelism parallelism, Setup setup) {
        this(gpu, gpus, parallelism, setup, false);
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
