package llmlatency.estimate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmlatency.model.ForwardPass;
import llmlatency.model.Step;
import llmlatency.work.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What passes of a model do, each worked out once: the same for every device and every engine. Not for several threads
 * at once; what it keeps is bounded.
 */
final class Passes {
    private static final int MOST = 1024;
    private final ForwardPass pass;
    private final Map<Step, List<Operation>> steps = new HashMap<>();
    private final Map<Asked, PassPlan> plans = new HashMap<>();
    private @Nullable List<Long> bends;

    Passes(ForwardPass pass) {
        this.pass = pass;
    }

    /** Whether these are the passes of another; models are compared by identity, since comparing them in full costs more. */
    @SuppressWarnings("ReferenceEquality") // other objects are worked out anew, which costs time alone
    boolean areOf(ForwardPass other) {
        return pass.model() == other.model()
                && areAlike(pass.cache(), other.cache())
                && areAlike(pass.parallelism(), other.parallelism())
                && areAlike(pass.scheme(), other.scheme())
                && areAlike(pass.placement(), other.placement());
    }

    /** Mostly they are the same object; what Java links to compare records costs every start some milliseconds. */
    static boolean areAlike(Object one, Object other) {
        return one == other || (one.getClass() == other.getClass() && one.equals(other));
    }

    /** The operations of a pass. */
    List<Operation> operations(Step step) {
        List<Operation> known = steps.get(step);
        if (known == null) {
            known = pass.operations(step);
            clear(steps);
            steps.put(step, known);
        }
        return known;
    }

    /** Cache lengths at which some layer's cost bends. */
    List<Long> bends() {
        if (bends == null) {
            bends = pass.bends();
        }
        return bends;
    }

    /** The passes of a prompt, or decode steps. */
    PassPlan plan(Asked asked) {
        PassPlan known = plans.get(asked);
        if (known == null) {
            known = asked.prompt
                    ? PassPlan.prefill(this, asked.tokens, asked.cached, asked.batch, asked.chunk)
                    : PassPlan.decode(this, asked.cached, asked.tokens, asked.batch);
            clear(plans);
            plans.put(asked, known);
        }
        return known;
    }

    private static void clear(Map<?, ?> map) {
        if (map.size() >= MOST) {
            map.clear();
        }
    }

    /**
     * What passes are asked for: a prompt's, or decode steps.
     *
     * @param tokens tokens of the prompt, or steps
     * @param cached tokens in the cache before
     * @param batch sequences
     * @param prompt whether it is a prompt
     * @param chunk tokens of a prompt that are taken at once; null: all
     */
    record Asked(
            long tokens,
            long cached,
            long batch,
            boolean prompt,
            @Nullable Long chunk) {
        // Written out, since what Java links for a record at run time costs every start some milliseconds.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Asked asked
                    && tokens == asked.tokens
                    && cached == asked.cached
                    && batch == asked.batch
                    && prompt == asked.prompt
                    && (chunk == null ? asked.chunk == null : chunk.equals(asked.chunk));
        }

        @Override
        public int hashCode() {
            return 31 * (31 * Long.hashCode(tokens) + Long.hashCode(cached)) + Long.hashCode(batch) + (prompt ? 1 : 0);
        }
    }
}
