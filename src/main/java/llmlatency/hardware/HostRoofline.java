package llmlatency.hardware;

import llmlatency.units.BytesPerSecond;
import llmlatency.work.Operation;
import llmlatency.work.Place;
import org.jspecify.annotations.Nullable;

/**
 * The least time of operations of which some lie in the host's memory: there {@code max(bytes / bandwidth, FLOP / peak)}
 * of the host, or the same with its bytes carried to the device first, {@code max(bytes / min(bandwidth, link), FLOP /
 * the device's peak)}, whichever is less.
 *
 * <p>Source: Williams et al. 2009, "Roofline" (doi 10.1145/1498765.1498785), for each place; offload.md. Holds for: layers
 * that run one after the other, so that the times of both places add up. A host of which no rate is known computes in no
 * time here.
 *
 * @param device the accelerator
 * @param host the CPU
 * @param link rate from the host's memory to the device; null where it is not known, and nothing is carried
 */
public record HostRoofline(Gpu device, Gpu host, @Nullable BytesPerSecond link) implements Pace {
    @Override
    public Cost cost(Operation operation) {
        if (operation.place() == Place.DEVICE) {
            return new Roofline(device).cost(operation);
        }
        Cost stays = new Roofline(host).cost(operation);
        if (link == null) {
            return stays;
        }
        double rate = Math.min(link.value(), host.bandwidth().value());
        Cost carried = new Cost(
                operation.weightBytes() / rate,
                operation.cacheBytes() / rate,
                new Roofline(device).compute(operation).value(),
                null);
        return carried.total() < stays.total() ? carried : stays;
    }
}
