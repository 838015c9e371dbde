package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Performance;
import llmlatency.engine.Setup;
import llmlatency.units.Assumption;

/** What an expected time rests on, as far as the question leaves it open. */
final class EngineAssumptions {
    private static final String BORROWED = "engine parameters";
    private static final int DEVICE_KNOWN = 2;

    private EngineAssumptions() {}

    static List<Assumption> of(Deployment deployment, Performance performance) {
        Setup setup = deployment.setup();
        Engine engine = setup.engine();
        List<Assumption> all = new ArrayList<>();
        String kind = deployment.gpu().build().kind();
        if (setup.backend() != null && engine.isForeignTo(kind)) {
            all.add(new Assumption(
                    "backend",
                    setup.backend(),
                    "no backend of " + engine.name() + " is known for "
                            + (kind == null ? "a device whose kind is not known" : kind)
                            + "; its widest interval is taken"));
        }
        Era era = setup.era();
        if (era != null && engine.eras().size() > 1) {
            all.add(new Assumption(
                    "engine version",
                    era.name(),
                    "its parameters are of that time; --engine-version takes another version or a date"));
        }
        if (setup.flashAttention() == null) {
            all.add(new Assumption(
                    "flash attention",
                    performance.flashAttention() ? "on" : "off",
                    "as " + engine.name() + " does by default here; --flash-attention says otherwise"));
        }
        all.addAll(performance.assumptions());
        if (deployment.offload() != null) {
            all.add(new Assumption(
                    "speed on the host", "not fitted", engine.offloading().why() + "; the widest interval is taken"));
        }
        // A rule that lends parameters says better than this whose they are.
        if (performance.closeness() < DEVICE_KNOWN && !says(all)) {
            all.add(
                    performance.closeness() == 0
                            ? new Assumption(
                                    BORROWED,
                                    "of any device",
                                    "not all of its rules speak of this device or of its kind")
                            : new Assumption(
                                    BORROWED, "of its kind", "no rule speaks of this very device, but of its kind"));
        }
        return all;
    }

    private static boolean says(List<Assumption> all) {
        for (Assumption assumption : all) {
            if (assumption.what().equals(BORROWED)) {
                return true;
            }
        }
        return false;
    }
}
