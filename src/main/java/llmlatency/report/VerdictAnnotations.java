package llmlatency.report;

import java.util.stream.Collectors;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Limit;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import org.jspecify.annotations.Nullable;

/** A verdict as annotations: lines that a GitHub workflow turns into marks on the changed files. */
final class VerdictAnnotations {
    private final Judgement judgement;
    private final StringBuilder text = new StringBuilder();

    VerdictAnnotations(Judgement judgement) {
        this.judgement = judgement;
    }

    String text() {
        judgement.deployments().forEach(this::deployment);
        Shift comparison = judgement.comparison();
        if (comparison != null) {
            comparison.moves().stream().filter(Shift.Move::regression).forEach(this::regression);
        }
        String word = judgement.kept() ? "KEPT: " : "FAILED: ";
        add("notice", null, "llm-latency check", word + VerdictWords.headline(judgement));
        return text.toString();
    }

    private void deployment(Checked checked) {
        Verdict verdict = checked.verdict();
        String name = VerdictWords.name(checked);
        for (Limit.Outcome outcome : verdict.outcomes()) {
            if (outcome.kept() && !outcome.doubtful()) {
                continue;
            }
            String label = VerdictWords.label(outcome.limit().metric());
            String note = VerdictWords.note(verdict, outcome);
            add(
                    outcome.kept() ? "warning" : "error",
                    checked,
                    name + ": " + label,
                    label + " " + VerdictWords.value(outcome) + " " + VerdictWords.sign(outcome) + " "
                            + VerdictWords.limit(outcome.limit()) + ", " + VerdictWords.room(outcome)
                            + (note == null ? "" : "\n" + note) + (outcome.kept() ? "" : remedies(checked)));
        }
        if (verdict.misfit()) {
            add("error", checked, name + ": memory", VerdictWords.memory(verdict) + remedies(checked));
        }
    }

    private void regression(Shift.Move move) {
        add(
                "error",
                null,
                move.deployment() + ": regression",
                VerdictWords.label(move.limit().metric()) + " " + VerdictWords.moved(move) + ", "
                        + VerdictWords.change(move) + " " + VerdictWords.blame(move));
    }

    private static String remedies(Checked checked) {
        return checked.remedies().isEmpty()
                ? ""
                : "\nto pass: "
                        + checked.remedies().stream()
                                .map(remedy -> VerdictWords.typed(remedy) + " (" + VerdictWords.cost(remedy) + ")")
                                .collect(Collectors.joining(", or "));
    }

    private void add(String level, @Nullable Checked checked, String title, String message) {
        Checked.Place place = checked == null ? null : checked.place();
        text.append("::").append(level).append(' ');
        if (place != null) {
            text.append("file=")
                    .append(property(place.file()))
                    .append(",line=")
                    .append(place.line())
                    .append(',');
        }
        text.append("title=")
                .append(property(title))
                .append("::")
                .append(data(message))
                .append('\n');
    }

    /** Escapes as workflow commands want it. */
    private static String data(String message) {
        return message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String value) {
        return data(value).replace(":", "%3A").replace(",", "%2C");
    }
}
