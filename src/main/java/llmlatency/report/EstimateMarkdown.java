package llmlatency.report;

import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;

/** An estimate for a pull request or a design document. */
final class EstimateMarkdown {
    private final Estimate estimate;

    EstimateMarkdown(Estimate estimate) {
        this.estimate = estimate;
    }

    String text(EstimateReport.Detail detail) {
        StringBuilder text = new StringBuilder();
        text.append("**").append(escaped(Wording.subject(estimate))).append("**  \n");
        text.append(Wording.workload(estimate)).append("\n\n");
        text.append(AnswerGrid.of(estimate, false).markdown()).append('\n');
        if (estimate.expected() == null) {
            text.append(Wording.notExpected(estimate)).append("\n\n");
        }
        LoadText load = LoadText.of(estimate);
        if (load != null) {
            text.append(load.title())
                    .append("\n\n")
                    .append(load.grid().markdown())
                    .append('\n');
            load.notes().forEach(note -> text.append("- ").append(note).append('\n'));
        }
        text.append("- memory ").append(escaped(Wording.fits(estimate))).append('\n');
        text.append("- ").append(escaped(Wording.memoryParts(estimate))).append('\n');
        Wording.host(estimate)
                .forEach(line -> text.append("- host ").append(line).append('\n'));
        Wording.limits(estimate).forEach(line -> text.append("- ").append(line).append('\n'));
        Wording.waves(estimate)
                .forEach(line -> text.append("- in waves: ").append(line).append('\n'));
        if (detail == EstimateReport.Detail.BRIEF) {
            return text.toString();
        }
        CostText.lines(estimate)
                .forEach(line -> text.append("- ")
                        .append(line.get(0))
                        .append(' ')
                        .append(escaped(line.get(1)))
                        .append('\n'));
        Decode decode = estimate.floor().decode();
        text.append('\n');
        if (decode == null || detail == EstimateReport.Detail.EXPLAINED) {
            text.append(Wording.operations("prefill, floor", estimate.floor().prefill(), true)
                            .markdown())
                    .append('\n');
        }
        if (decode != null) {
            text.append(Wording.operations("one decode step, floor", decode.mean(), false)
                            .markdown())
                    .append('\n');
        }
        if (detail == EstimateReport.Detail.EXPLAINED) {
            text.append("```\n");
            new Explanation(estimate).lines().forEach(line -> text.append(line).append('\n'));
            return text.append("```\n").toString();
        }
        text.append(escaped(Wording.assumed(estimate))).append("\n\n");
        return text.append(Wording.sources(estimate)).append('\n').toString();
    }

    private static String escaped(String text) {
        return text.replace("*", "\\*");
    }
}
