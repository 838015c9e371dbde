package llmlatency.estimate;

import llmlatency.hardware.Cost;
import llmlatency.hardware.Pace;
import llmlatency.work.Operation;

/**
 * A pace at which everything takes {@code factor} times as long.
 *
 * @param pace the pace
 * @param factor above 0
 */
record ScaledPace(Pace pace, double factor) implements Pace {
    @Override
    public Cost cost(Operation operation) {
        Cost cost = pace.cost(operation);
        return new Cost(factor * cost.weights(), factor * cost.cache(), factor * cost.compute(), factor * cost.total());
    }

    @Override
    public double overhead() {
        return factor * pace.overhead();
    }

    @Override
    public double communication() {
        return factor * pace.communication();
    }
}
