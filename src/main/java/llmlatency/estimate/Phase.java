package llmlatency.estimate;

import java.util.List;
import llmlatency.hardware.Bound;
import llmlatency.units.Seconds;

/**
 * Prefill, or the mean step of decode: its operations' times plus the overhead are its time.
 *
 * @param time how long it takes
 * @param bound the resource of the operations that hold most of it
 * @param breakdown how long each part would take alone
 * @param operations where the time goes
 */
public record Phase(Seconds time, Bound bound, Breakdown breakdown, List<OperationTime> operations) {
    public Phase {
        operations = List.copyOf(operations);
    }
}
