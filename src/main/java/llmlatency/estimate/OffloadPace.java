package llmlatency.estimate;

import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.hardware.Cost;
import llmlatency.hardware.Pace;
import llmlatency.units.BytesPerSecond;
import llmlatency.work.KernelKind;
import llmlatency.work.Operation;
import llmlatency.work.Place;
import org.jspecify.annotations.Nullable;

/**
 * How an engine runs a pass of which a part lies on the host. What lies on the device runs there; what lies on the host
 * runs on its CPU, by the same engine's rules for CPUs, one after the other. Products of many rows run on the device all
 * the same, their weights carried there first: {@code bytes / (host_link_share · link) + the device's time}.
 *
 * <p>Source: offload.md. Holds for: engines that walk through the layers in order, and carry weights before they
 * multiply, not meanwhile.
 */
final class OffloadPace implements Pace {
    private static final double HIDDEN_BYTES = 4;
    private final Pace device;
    private final Pace host;
    private final double carried;
    private final @Nullable Double link;
    private final double deviceLayers;
    private final double crossing;
    private final double hostFactor;

    /**
     * @param scenario the question, with something on the host
     * @param on what the engine makes of the device
     * @param there what it makes of the host
     * @param rows rows of the pass
     * @param sequences sequences in it
     * @param side which end of the interval: −1 the fast one, 0 none, 1 the slow one
     */
    OffloadPace(
            Scenario scenario,
            Offload offload,
            Performance on,
            Performance there,
            double rows,
            double sequences,
            int side) {
        double deviceFactor = factor(on.interval(rows), side);
        this.hostFactor = factor(hostInterval(on, there, rows), side);
        this.device = scaled(on.pace(rows, sequences), deviceFactor);
        this.host = scaled(there.pace(rows, sequences), hostFactor);
        Double from = on.find(Parameter.HOST_COPY_ROWS, rows);
        BytesPerSecond rate = offload.link();
        boolean carries = from != null && rows >= from && rate != null;
        double least = rate == null
                ? 0
                : Math.min(rate.value(), offload.host().bandwidth().value());
        this.link = carries ? (Double) (least * on.value(Parameter.HOST_LINK_SHARE)) : null;
        this.carried = carries ? hostFactor / deviceFactor : 1;
        int layers = scenario.model().layerCount();
        this.deviceLayers = (double) offload.placement().onDevices(layers) / layers;
        double each = on.value(Parameter.HOST_CROSSING_TIME)
                + (rate == null ? 0 : rows * scenario.model().hiddenSize() * HIDDEN_BYTES / rate.value());
        this.crossing = carries ? 0 : offload.placement().crossings(scenario.model()) * each * hostFactor;
    }

    /** The width for what lies on the host, never narrower than that of the rules for CPUs; null where none is stated. */
    static @Nullable Double hostInterval(Performance on, Performance there, double rows) {
        Double stated = on.find(Parameter.HOST_INTERVAL, rows);
        Double own = there.interval(rows);
        return stated == null || own == null ? stated : (Double) Math.max(stated, own);
    }

    private static double factor(@Nullable Double width, int side) {
        return side == 0 || width == null ? 1 : Math.exp(side * width);
    }

    private static Pace scaled(Pace pace, double factor) {
        return factor == 1 ? pace : new ScaledPace(pace, factor);
    }

    @Override
    public Cost cost(Operation operation) {
        if (operation.place() == Place.DEVICE) {
            return device.cost(operation);
        }
        boolean product = operation.kind() == KernelKind.MATRIX || operation.kind() == KernelKind.EXPERTS;
        if (link == null || !product) {
            return host.cost(operation);
        }
        Cost there = device.cost(operation);
        double moved = operation.weightBytes() / link * hostFactor;
        return new Cost(moved, 0, there.compute() * carried, moved + there.total() * carried);
    }

    /** Of what each would spend on all layers, the share of its own. */
    @Override
    public double overhead() {
        return device.overhead() * deviceLayers + host.overhead() * (1 - deviceLayers);
    }

    @Override
    public double communication() {
        return device.communication() + crossing;
    }
}
