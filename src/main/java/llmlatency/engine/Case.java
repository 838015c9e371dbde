package llmlatency.engine;

import llmlatency.hardware.Gpu;
import llmlatency.work.NumberFormat;

/**
 * What an engine's rules are asked about.
 *
 * @param setup the engine as it is run
 * @param gpu the device
 * @param weights format of the weights
 * @param structure the model's layers
 * @param fewRows whether the pass has few rows
 * @param flashAttention whether scores are kept on the chip
 */
record Case(Setup setup, Gpu gpu, NumberFormat weights, Structure structure, boolean fewRows, boolean flashAttention) {}
