package llmlatency.study;

import java.util.List;
import java.util.Objects;
import llmlatency.profile.UsedProfiles;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a whole budget.
 *
 * @param deployments its deployments, one at least
 * @param version version of the program, on which the values depend
 * @param profiles the profiles that they rest on
 * @param comparison what moved since an earlier verdict; null where none was given
 */
public record Judgement(
        List<Checked> deployments,
        String version,
        UsedProfiles profiles,
        @Nullable Shift comparison) {
    public Judgement {
        deployments = List.copyOf(deployments);
    }

    /** Whether every deployment keeps its budget, and nothing became worse than is allowed. */
    public boolean kept() {
        return broken() == 0 && (comparison == null || comparison.regressions() == 0);
    }

    /** How many deployments break their budgets. */
    public long broken() {
        return deployments.stream()
                .filter(deployment -> !deployment.verdict().kept())
                .count();
    }

    /** Which values were held in all deployments; null where it is not the same in all. */
    public @Nullable Against against() {
        Against first = deployments.get(0).verdict().against();
        return deployments.stream()
                        .allMatch(deployment ->
                                Objects.equals(deployment.verdict().against(), first))
                ? first
                : null;
    }
}
