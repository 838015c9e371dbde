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

/** A verdict for people. */
final class VerdictTable {
    private static final int LONGEST_NAME = 14;
    private static final String MARGIN = " ";
    private final Judgement judgement;
    private final String indent;

    VerdictTable(Judgement judgement) {
        this.judgement = judgement;
        int name = judgement.deployments().stream()
                .mapToInt(checked -> checked.name() == null ? 0 : checked.name().length())
                .map(length -> Math.min(length, LONGEST_NAME))
                .max()
                .orElse(0);
        this.indent = " ".repeat("  FAIL  ".length() - 1 + (name == 0 ? 0 : name + 2));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        text.append(Wording.beside(
                judgement.kept() ? "KEPT    " : "FAILED  ",
                VerdictWords.headline(judgement) + " (" + VerdictWords.held(judgement) + ")"));
        text.append('\n');
        int[] widths = widths();
        judgement.deployments().forEach(checked -> deployment(text, checked, widths));
        judgement.deployments().forEach(checked -> remedies(text, checked));
        if (judgement.comparison() != null) {
            comparison(text, judgement.comparison());
        }
        text.append('\n');
        String overridden = VerdictWords.overridden(judgement);
        if (overridden != null) {
            text.append(Wording.wrapped(overridden, "  "));
        }
        return text.append(VerdictWords.pinned(judgement)).append('\n').toString();
    }

    private void deployment(StringBuilder text, Checked checked, int[] widths) {
        Verdict verdict = checked.verdict();
        String status = MARGIN + padded(VerdictWords.status(verdict), "FAIL".length()) + "  ";
        String described = VerdictWords.described(verdict.estimate());
        String name = checked.name();
        if (name == null) {
            text.append(Wording.beside(status, described));
        } else if (name.length() > LONGEST_NAME) {
            text.append(status).append(name).append('\n').append(Wording.beside(indent, described));
        } else {
            text.append(Wording.beside(status + padded(name, indent.length() - status.length()), described));
        }
        for (Limit.Outcome outcome : verdict.outcomes()) {
            text.append(Wording.beside(indent + aligned(cells(outcome), widths) + "  ", VerdictWords.room(outcome)));
            add(text, VerdictWords.note(verdict, outcome));
        }
        add(text, VerdictWords.memory(verdict));
        LoadText load = LoadText.of(verdict.estimate());
        if (load != null) {
            add(text, load.title());
            load.notes().forEach(note -> add(text, note));
        }
    }

    private void add(StringBuilder text, @Nullable String note) {
        if (note != null) {
            text.append(Wording.beside(indent, note));
        }
    }

    private static List<String> cells(Limit.Outcome outcome) {
        return List.of(
                VerdictWords.label(outcome.limit().metric()),
                VerdictWords.value(outcome),
                VerdictWords.sign(outcome),
                VerdictWords.limit(outcome.limit()));
    }

    private int[] widths() {
        int[] widths = new int[4];
        for (Checked checked : judgement.deployments()) {
            for (Limit.Outcome outcome : checked.verdict().outcomes()) {
                List<String> cells = cells(outcome);
                for (int i = 0; i < widths.length; i++) {
                    widths[i] = Math.max(widths[i], cells.get(i).length());
                }
            }
        }
        return widths;
    }

    private static String aligned(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String pad = " ".repeat(widths[i] - cells.get(i).length());
            line.append(i == 0 ? cells.get(i) + pad : pad + cells.get(i)).append(i == 3 ? "" : "  ");
        }
        return line.toString();
    }

    private void remedies(StringBuilder text, Checked checked) {
        if (checked.verdict().kept()) {
            return;
        }
        String name = checked.name() == null ? "it" : checked.name();
        if (checked.remedies().isEmpty()) {
            text.append('\n')
                    .append(Wording.wrapped(
                            MARGIN + "to pass, no single change is enough for " + name
                                    + ": neither format, number of devices, device nor batch",
                            "   "));
            return;
        }
        text.append('\n').append(MARGIN).append("to pass, ").append(name).append(" could change one thing:\n");
        List<List<String>> rows = new ArrayList<>();
        for (Remedy remedy : checked.remedies()) {
            Limit.Outcome telling = VerdictWords.telling(checked.verdict(), remedy);
            rows.add(List.of(
                    "  " + VerdictWords.typed(remedy) + VerdictWords.layout(remedy),
                    telling == null
                            ? VerdictWords.fitting(remedy)
                            : VerdictWords.label(telling.limit().metric()) + " " + VerdictWords.value(telling),
                    telling == null ? "" : VerdictWords.room(telling),
                    VerdictWords.cost(remedy)));
        }
        Grid grid = new Grid(List.of(Grid.text(""), Grid.text(""), Grid.text(""), Grid.text("")), rows);
        grid.table()
                .lines()
                .skip(1)
                .forEach(line -> text.append(MARGIN).append(line).append('\n'));
    }

    private static void comparison(StringBuilder text, Shift comparison) {
        text.append('\n')
                .append(MARGIN)
                .append("since the baseline (llm-latency ")
                .append(comparison.baseline().version())
                .append(", profiles ")
                .append(VerdictWords.shortened(comparison.baseline().hash()))
                .append("):\n");
        moves(text, comparison.moves());
        List<String> edits = VerdictWords.edits(comparison);
        if (edits.isEmpty()) {
            text.append(MARGIN).append("  the question is the same\n");
        }
        edits.forEach(edit -> text.append(Wording.wrapped(MARGIN + "  " + edit, "     ")));
        text.append(Wording.wrapped(MARGIN + "  " + VerdictWords.estimator(comparison), "     "));
    }

    private static void moves(StringBuilder text, List<Shift.Move> moves) {
        List<List<String>> rows = new ArrayList<>();
        for (Shift.Move move : moves) {
            rows.add(List.of(
                    "   " + padded(move.regression() ? "FAIL" : "", "FAIL".length()),
                    VerdictWords.label(move.limit().metric()),
                    VerdictWords.moved(move),
                    VerdictWords.change(move)));
        }
        Grid grid = new Grid(List.of(Grid.text(""), Grid.text(""), Grid.text(""), Grid.text("")), rows);
        List<String> lines = grid.table().lines().skip(1).toList();
        String deployment = "";
        for (int i = 0; i < lines.size(); i++) {
            String name = moves.get(i).deployment();
            if (!name.equals(deployment)) {
                text.append(MARGIN).append("  ").append(name).append('\n');
                deployment = name;
            }
            String blame = VerdictWords.blame(moves.get(i));
            boolean fits = lines.get(i).length() + 2 + blame.length() <= Wording.COLUMNS;
            String gap = blame.isEmpty() ? "" : fits ? "  " : "\n" + " ".repeat("   FAIL  ".length());
            text.append(lines.get(i)).append(gap).append(blame).append('\n');
        }
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
