package llmlatency.hardware;

import llmlatency.work.Operation;

/** How fast operations run: at the device's limits, or as an engine runs them. */
public interface Pace {
    /** What one run of the operation costs, its {@code count} aside. */
    Cost cost(Operation operation);

    /** Seconds of a pass that are neither moving nor computing nor talking to other devices. */
    default double overhead() {
        return 0;
    }

    /** Seconds of a pass that devices spend on talking to each other. */
    default double communication() {
        return 0;
    }
}
