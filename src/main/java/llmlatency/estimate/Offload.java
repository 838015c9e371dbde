package llmlatency.estimate;

import llmlatency.hardware.Gpu;
import llmlatency.model.Placement;
import llmlatency.units.BytesPerSecond;
import org.jspecify.annotations.Nullable;

/**
 * What of a model stays in the memory of the host, and what that is.
 *
 * @param placement which parts stay there
 * @param host the CPU and its memory; without rates where only a bandwidth is known
 * @param link rate from its memory to the devices, one way; null where it is not known
 */
public record Offload(
        Placement placement, Gpu host, @Nullable BytesPerSecond link) {}
