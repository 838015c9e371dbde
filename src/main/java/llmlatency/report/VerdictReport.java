package llmlatency.report;

import llmlatency.study.Judgement;

/** A verdict in every format. */
public final class VerdictReport {
    private VerdictReport() {}

    /** The text of a verdict. */
    public static String text(Judgement judgement, VerdictFormat format) {
        return switch (format) {
            case TABLE -> new VerdictTable(judgement).text();
            case JSON -> JsonText.pretty(VerdictTree.of(judgement));
            case MARKDOWN -> new VerdictMarkdown(judgement).text();
            case JUNIT -> new VerdictJunit(judgement).text();
            case GITHUB -> new VerdictAnnotations(judgement).text();
        };
    }
}
