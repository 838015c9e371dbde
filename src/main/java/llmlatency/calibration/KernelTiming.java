package llmlatency.calibration;

import java.util.function.ToDoubleFunction;
import llmlatency.engine.Performance;
import llmlatency.engine.Structure;
import llmlatency.hardware.Gpu;
import llmlatency.work.NumberFormat;

/**
 * How long a kernel took alone.
 *
 * @param kind what kernel
 * @param engine the engine that it is of, as the table calls it
 * @param gpu the device
 * @param format format that the table is about, of weights or of the cache
 * @param weights format of the weights
 * @param structure the kind of model that it is part of
 * @param rows rows that it worked on, as those of a pass
 * @param time how long it should take, in seconds
 * @param seconds how long it took
 */
record KernelTiming(
        KernelTable.Kind kind,
        String engine,
        Gpu gpu,
        NumberFormat format,
        NumberFormat weights,
        Structure structure,
        double rows,
        ToDoubleFunction<Performance> time,
        double seconds) {}
