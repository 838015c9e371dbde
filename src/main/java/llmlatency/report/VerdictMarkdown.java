package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.study.Checked;
import llmlatency.study.Judgement;
import llmlatency.study.Limit;
import llmlatency.study.Remedy;
import llmlatency.study.Shift;
import llmlatency.study.Verdict;
import org.jspecify.annotations.Nullable;

/** A verdict for a step summary or a pull request. */
final class VerdictMarkdown {
    private final Judgement judgement;

    VerdictMarkdown(Judgement judgement) {
        this.judgement = judgement;
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append("### ")
                .append(judgement.kept() ? "KEPT" : "FAILED")
                .append(": ")
                .append(VerdictWords.headline(judgement))
                .append("\n\n");
        text.append(table().markdown()).append('\n');
        text.append("Here ").append(VerdictWords.held(judgement)).append(".\n");
        judgement.deployments().forEach(checked -> remedies(text, checked));
        if (judgement.comparison() != null) {
            comparison(text, judgement.comparison());
        }
        String overridden = VerdictWords.overridden(judgement);
        if (overridden != null) {
            text.append('\n').append(escaped(overridden)).append("\n");
        }
        return text.append("\n<sub>")
                .append(VerdictWords.pinned(judgement))
                .append("</sub>\n")
                .toString();
    }

    private Grid table() {
        List<List<String>> rows = new ArrayList<>();
        for (Checked checked : judgement.deployments()) {
            Verdict verdict = checked.verdict();
            String name = "**" + escaped(checked.name() == null ? "this deployment" : checked.name()) + "**<br>"
                    + escaped(VerdictWords.described(verdict.estimate()));
            for (Limit.Outcome outcome : verdict.outcomes()) {
                rows.add(row(verdict, outcome, name));
                name = "";
            }
            String memory = VerdictWords.memory(verdict);
            if (memory != null) {
                rows.add(List.of(verdict.misfit() ? "**FAIL**" : "ok", name, "memory", "", "", "", escaped(memory)));
            }
        }
        return new Grid(
                List.of(
                        Grid.text(""),
                        Grid.text("deployment"),
                        Grid.text("figure"),
                        Grid.number("value"),
                        Grid.text(""),
                        Grid.number("limit"),
                        Grid.text("room")),
                rows);
    }

    private static List<String> row(Verdict verdict, Limit.Outcome outcome, String name) {
        String status = VerdictWords.status(outcome);
        String note = VerdictWords.note(verdict, outcome);
        return List.of(
                outcome.kept() ? status : "**" + status + "**",
                name,
                VerdictWords.label(outcome.limit().metric()).replace("_", "\\_"),
                VerdictWords.value(outcome),
                VerdictWords.sign(outcome).replace("<", "&lt;").replace(">", "&gt;"),
                VerdictWords.limit(outcome.limit()),
                VerdictWords.room(outcome) + (note == null ? "" : "<br>" + note));
    }

    private static void remedies(StringBuilder text, Checked checked) {
        if (checked.remedies().isEmpty()) {
            return;
        }
        String name = checked.name() == null ? "it" : escaped(checked.name());
        text.append("\n<details><summary>To pass, ").append(name).append(" could change one thing</summary>\n\n");
        List<List<String>> rows = new ArrayList<>();
        for (Remedy remedy : checked.remedies()) {
            Limit.Outcome telling = VerdictWords.telling(checked.verdict(), remedy);
            rows.add(List.of(
                    "`" + VerdictWords.typed(remedy) + "`" + VerdictWords.layout(remedy),
                    telling == null
                            ? VerdictWords.fitting(remedy)
                            : VerdictWords.label(telling.limit().metric()).replace("_", "\\_") + " "
                                    + VerdictWords.value(telling),
                    telling == null ? "" : VerdictWords.room(telling),
                    VerdictWords.cost(remedy)));
        }
        text.append(new Grid(
                                List.of(Grid.text("change"), Grid.text("then"), Grid.text("room"), Grid.text("cost")),
                                rows)
                        .markdown())
                .append("\n</details>\n");
    }

    private static void comparison(StringBuilder text, Shift comparison) {
        text.append("\n#### Since the baseline\n\n");
        List<List<String>> rows = new ArrayList<>();
        for (Shift.Move move : comparison.moves()) {
            rows.add(List.of(
                    escaped(move.deployment()),
                    VerdictWords.label(move.limit().metric()).replace("_", "\\_"),
                    VerdictWords.moved(move).replace(">", "&gt;"),
                    VerdictWords.change(move),
                    (move.regression() ? "**regression**, " : "") + VerdictWords.blame(move)));
        }
        text.append(new Grid(
                        List.of(
                                Grid.text("deployment"),
                                Grid.text("figure"),
                                Grid.text("moved"),
                                Grid.text("by"),
                                Grid.text("because")),
                        rows)
                .markdown());
        text.append('\n');
        VerdictWords.edits(comparison)
                .forEach(edit -> text.append("- ").append(escaped(edit)).append('\n'));
        text.append("- ").append(escaped(VerdictWords.estimator(comparison))).append('\n');
    }

    /** What a user wrote may hold marks of Markdown and HTML. */
    private static String escaped(@Nullable String text) {
        StringBuilder escaped = new StringBuilder();
        for (char c : String.valueOf(text).toCharArray()) {
            escaped.append(
                    switch (c) {
                        case '<' -> "&lt;";
                        case '>' -> "&gt;";
                        case '&' -> "&amp;";
                        case '\n', '\r' -> " ";
                        case '*', '_', '`', '[', ']', '\\', '#' -> "\\" + c;
                        default -> String.valueOf(c);
                    });
        }
        return escaped.toString();
    }
}
