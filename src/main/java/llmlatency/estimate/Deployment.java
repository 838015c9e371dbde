package llmlatency.estimate;

import llmlatency.engine.Engine;
import llmlatency.hardware.Gpu;
import llmlatency.model.Parallelism;

/**
 * What the model runs on.
 *
 * @param gpu one of the devices, all equal
 * @param gpus how many
 * @param parallelism how the model is laid out over them
 * @param engine the program that serves it
 */
public record Deployment(Gpu gpu, int gpus, Parallelism parallelism, Engine engine) {}
