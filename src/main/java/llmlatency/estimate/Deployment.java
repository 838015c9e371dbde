package llmlatency.estimate;

import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.engine.Setup;
import llmlatency.hardware.Gpu;
import llmlatency.model.Parallelism;
import llmlatency.model.Placement;
import llmlatency.units.Source;
import org.jspecify.annotations.Nullable;

/**
 * What the model runs on.
 *
 * @param gpu one of the devices, all equal
 * @param gpus how many
 * @param parallelism how the model is laid out over them
 * @param setup the program that serves it, and how it is run
 * @param automatic whether the program was chosen for the device, because none was asked for
 * @param engineSources where its parameters come from
 * @param splitsLayers whether stages are what a program calls its layer split, not pipeline parallelism
 * @param offload what stays on the host; null: nothing
 */
public record Deployment(
        Gpu gpu,
        int gpus,
        Parallelism parallelism,
        Setup setup,
        boolean automatic,
        List<Source> engineSources,
        boolean splitsLayers,
        @Nullable Offload offload) {
    public Deployment {
        engineSources = List.copyOf(engineSources);
    }

    /** With nothing on the host. */
    public Deployment(
            Gpu gpu,
            int gpus,
            Parallelism parallelism,
            Setup setup,
            boolean automatic,
            List<Source> engineSources,
            boolean splitsLayers) {
        this(gpu, gpus, parallelism, setup, automatic, engineSources, splitsLayers, null);
    }

    /** With an engine that was asked for. */
    public Deployment(Gpu gpu, int gpus, Parallelism parallelism, Setup setup) {
        this(gpu, gpus, parallelism, setup, false, List.of(), parallelism.stages() > 1);
    }

    /** With an engine of which nothing is said but its name. */
    public Deployment(Gpu gpu, int gpus, Parallelism parallelism, Engine engine) {
        this(gpu, gpus, parallelism, Setup.of(engine));
    }

    /** Which parts of a model stay on the host. */
    public Placement placement() {
        return offload == null ? Placement.DEVICES : offload.placement();
    }

    /** The same with a part of the model on the host; null: with nothing there. */
    public Deployment offloading(@Nullable Offload other) {
        return new Deployment(gpu, gpus, parallelism, setup, automatic, engineSources, splitsLayers, other);
    }

    /** Whole copies: devices over those of one copy. */
    public int replicas() {
        return (int) Math.max(1, gpus / parallelism.devices());
    }

    /** Groups of devices that work on sequences of their own: ranks of all copies. */
    public long ranks() {
        return (long) replicas() * parallelism.data();
    }

    /** Of so many sequences, those of the fullest rank of the fullest copy. */
    public long ofRank(long sequences) {
        return (sequences + ranks() - 1) / ranks();
    }

    /** The program that serves it. */
    public Engine engine() {
        return setup.engine();
    }
}
