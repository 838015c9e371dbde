package llmlatency.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import llmlatency.estimate.Estimate;
import llmlatency.profile.UsedProfiles;
import org.jspecify.annotations.Nullable;

/**
 * What moved since an earlier verdict, and why: somebody changed the question, or the program and its profiles changed.
 * Where both did, the old question is asked again, and its answer stands between the two.
 *
 * @param baseline the earlier verdict
 * @param estimator what changed in the estimator: its version, profiles; none: it is the same
 * @param edits what was asked otherwise
 * @param moves how every limited figure moved
 * @param added deployments that are new
 * @param gone deployments that are no longer there
 */
public record Shift(
        Baseline baseline,
        List<String> estimator,
        List<Edit> edits,
        List<Move> moves,
        List<String> added,
        List<String> gone) {
    /**
     * An option that is given otherwise.
     *
     * @param deployment whose
     * @param option its long name in snake_case
     * @param before what was given; null: nothing
     * @param after what is given now; null: nothing
     */
    public record Edit(
            String deployment,
            String option,
            @Nullable String before,
            @Nullable String after) {}

    /**
     * How a figure moved.
     *
     * @param deployment whose
     * @param limit the limit that it is held to now
     * @param before its value then; null: it had none
     * @param between the value that the old question has now; null where it cannot be asked
     * @param after its value now; null: it has none, because requests wait for a place
     * @param allowedPercent by how much it may become worse; null: by any
     */
    public record Move(
            String deployment,
            Limit limit,
            @Nullable Double before,
            @Nullable Double between,
            @Nullable Double after,
            @Nullable Double allowedPercent) {
        /** Relative difference that printed digits cannot show. */
        private static final double EQUAL = 1e-8;

        /** By how much it moved, in percent of the value before; null where one of them is missing. */
        public @Nullable Double percent() {
            return percent(before, after);
        }

        /** The part of it that comes from a changed question; null where that cannot be told. */
        public @Nullable Double byQuestion() {
            return between == null ? null : percent(between, after);
        }

        /** The part of it that comes from a changed estimator; null where that cannot be told. */
        public @Nullable Double byEstimator() {
            return between == null ? null : percent(before, between);
        }

        private @Nullable Double percent(@Nullable Double from, @Nullable Double to) {
            if (from == null || to == null || before == null) {
                return null;
            }
            double change = (to - from) / before;
            return Math.abs(change) < EQUAL ? 0.0 : 100 * change;
        }

        /** Whether the figure moved at all. */
        public boolean moved() {
            Double percent = percent();
            return percent == null ? !Objects.equals(before, after) : percent != 0;
        }

        /** Whether a move by that much is for the worse. */
        public boolean worse(double percent) {
            return limit.upper() ? percent > 0 : percent < 0;
        }

        /** Whether it became worse by more than is allowed, as far as the question is to blame. */
        public boolean regression() {
            if (allowedPercent == null || before == null) {
                return false;
            }
            if (after == null) {
                return true;
            }
            Double asked = byQuestion();
            Double percent = asked == null ? percent() : asked;
            return percent != null && worse(percent) && Math.abs(percent) > allowedPercent;
        }
    }

    public Shift {
        estimator = List.copyOf(estimator);
        edits = List.copyOf(edits);
        moves = List.copyOf(moves);
        added = List.copyOf(added);
        gone = List.copyOf(gone);
    }

    /** How many figures became worse than is allowed. */
    public long regressions() {
        return moves.stream().filter(Move::regression).count();
    }

    /** A deployment of the baseline as it is asked today. */
    public interface Again {
        /** What was given for it then, by long option names in snake_case. */
        Map<String, String> options(Baseline.Before before);

        /** What comes of that today; null where it is no question any more. */
        @Nullable
        Estimate estimate(Baseline.Before before);

        /** The profiles that were read for it. */
        UsedProfiles used();
    }

    /**
     * Compares.
     *
     * @param now today's deployments
     * @param used the profiles that they rest on
     * @param version the program's version
     * @param allowedPercent by how much a figure may become worse; null: by any
     */
    public static Shift of(
            Baseline baseline,
            List<Checked> now,
            UsedProfiles used,
            String version,
            @Nullable Double allowedPercent,
            Again again) {
        boolean alone = now.size() == 1 && baseline.deployments().size() == 1;
        Function<Checked, Baseline.@Nullable Before> earlier = checked -> baseline.deployments().stream()
                .filter(before -> alone || before.name().equals(checked.name()))
                .findFirst()
                .orElse(null);
        List<Edit> edits = new ArrayList<>();
        List<Move> moves = new ArrayList<>();
        List<String> added = new ArrayList<>();
        Map<String, Boolean> met = new LinkedHashMap<>();
        baseline.deployments().forEach(before -> met.put(before.name(), false));
        for (Checked checked : now) {
            Baseline.Before before = earlier.apply(checked);
            String name = checked.name() != null ? checked.name() : before == null ? "this deployment" : before.name();
            if (before == null) {
                added.add(name);
                continue;
            }
            met.put(before.name(), true);
            edits.addAll(edits(name, again.options(before), checked.options()));
            Estimate old = again.estimate(before);
            moves.addAll(moves(name, checked.verdict(), before, old, allowedPercent));
        }
        List<String> gone = met.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
        used.addAll(again.used());
        return new Shift(baseline, estimator(baseline, used, version), edits, moves, added, gone);
    }

    private static List<String> estimator(Baseline baseline, UsedProfiles used, String version) {
        List<String> changes = new ArrayList<>();
        if (!baseline.version().equals(version)) {
            changes.add("version " + baseline.version() + " -> " + version);
        }
        used.hashes().forEach((name, hash) -> {
            String before = baseline.profiles().get(name);
            if (before != null && !before.equals(hash)) {
                changes.add("profile " + name);
            }
        });
        return changes;
    }

    private static List<Edit> edits(String name, Map<String, String> before, Map<String, String> after) {
        List<Edit> edits = new ArrayList<>();
        TreeSet<String> options = new TreeSet<>(before.keySet());
        options.addAll(after.keySet());
        for (String option : options) {
            if (!Objects.equals(before.get(option), after.get(option))) {
                edits.add(new Edit(name, option, before.get(option), after.get(option)));
            }
        }
        return edits;
    }

    private static List<Move> moves(
            String name,
            Verdict verdict,
            Baseline.Before before,
            @Nullable Estimate old,
            @Nullable Double allowedPercent) {
        List<Move> moves = new ArrayList<>();
        boolean floor = verdict.against() == Against.FLOOR;
        for (Limit.Outcome outcome : verdict.outcomes()) {
            Limit limit = outcome.limit();
            moves.add(new Move(
                    name,
                    limit,
                    before.value(limit.metric(), verdict.against()),
                    old == null ? null : value(limit, old, floor),
                    value(limit, verdict.estimate(), floor),
                    allowedPercent));
        }
        return moves;
    }

    /** Of the interval the baseline does not keep every end, so that what is expected is compared. */
    private static @Nullable Double value(Limit limit, Estimate estimate, boolean floor) {
        return floor
                ? limit.metric().of(estimate, estimate.floor())
                : estimate.expected() == null ? null : limit.metric().of(estimate, estimate.expected());
    }
}
