package llmlatency.report;

import java.util.List;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Metric;
import llmlatency.estimate.Phase;
import llmlatency.estimate.Timings;

/** An estimate for people at a terminal: 80 columns of plain ASCII, the answer first. */
final class EstimateTable {
    private static final String INDENT = " ".repeat(11);
    private final Estimate estimate;

    EstimateTable(Estimate estimate) {
        this.estimate = estimate;
    }

    String text(EstimateReport.Detail detail) {
        StringBuilder text = new StringBuilder();
        text.append(Wording.wrapped(Wording.subject(estimate), "  "));
        text.append(Wording.wrapped(Wording.workload(estimate), "  ")).append('\n');
        text.append(AnswerGrid.of(estimate, true).table());
        if (estimate.expected() == null) {
            text.append('\n').append(Wording.wrapped(Wording.notExpected(estimate), "  "));
        }
        text.append(curve()).append('\n');
        text.append(load());
        text.append(memory());
        if (detail == EstimateReport.Detail.BRIEF) {
            return text.toString();
        }
        for (List<String> line : CostText.lines(estimate)) {
            text.append(
                    Wording.beside(line.get(0) + INDENT.substring(line.get(0).length()), line.get(1)));
        }
        text.append('\n').append(operations(detail)).append('\n');
        if (detail == EstimateReport.Detail.EXPLAINED) {
            new Explanation(estimate).lines().forEach(line -> text.append(line).append('\n'));
            return text.toString();
        }
        text.append(Wording.wrapped(Wording.assumed(estimate), "  "));
        text.append(Wording.wrapped(Wording.sources(estimate), "  "));
        text.append("--explain shows the arithmetic; -f json feeds scripts.\n");
        return text.toString();
    }

    private String curve() {
        Decode decode = estimate.floor().decode();
        if (decode == null) {
            return "";
        }
        Timings expected = estimate.expected();
        Decode real = expected == null ? null : expected.decode();
        StringBuilder text = new StringBuilder("\n  y = k x + b, x tokens after the first\n");
        text.append(Wording.wrapped(
                "  floor  " + (real == null ? "" : "   ") + line(estimate.floor(), decode, 4) + ", off by at most "
                        + Decimals.significant(decode.maxDeviation().milliseconds(), 1) + " ms; k "
                        + Decimals.significant(decode.first().milliseconds(), 4) + " .. "
                        + Decimals.significant(decode.last().milliseconds(), 4),
                INDENT));
        Double light = expected == null ? null : Metric.SPEED_OF_LIGHT_PERCENT.of(estimate, expected);
        if (expected != null && real != null && light != null) {
            text.append(Wording.wrapped(
                    "  expected  " + line(expected, real, 3) + ", " + Decimals.fixed(light, 0)
                            + " % of the speed of light",
                    INDENT));
        }
        return text.toString();
    }

    private static String line(Timings timings, Decode decode, int digits) {
        return "y = " + Decimals.significant(decode.mean().time().milliseconds(), digits) + " x + "
                + Decimals.significant(timings.prefill().time().milliseconds(), 3) + " ms";
    }

    private String load() {
        LoadText load = LoadText.of(estimate);
        if (load == null) {
            return "";
        }
        StringBuilder text = new StringBuilder(Wording.wrapped(load.title(), "  "));
        text.append(load.grid().table());
        load.notes().forEach(note -> text.append(Wording.wrapped("  " + note, "    ")));
        return text.append('\n').toString();
    }

    private String memory() {
        StringBuilder text = new StringBuilder();
        text.append("memory     ").append(Wording.fits(estimate)).append('\n');
        text.append(INDENT).append(Wording.memoryParts(estimate)).append('\n');
        beside(text, "host       ", Wording.host(estimate));
        beside(text, INDENT, Wording.limits(estimate));
        beside(text, "in waves   ", Wording.waves(estimate));
        return text.toString();
    }

    /** Lines under each other, a label before the first. */
    private static void beside(StringBuilder text, String label, List<String> lines) {
        String start = label;
        for (String line : lines) {
            text.append(Wording.beside(start, line));
            start = INDENT;
        }
    }

    private String operations(EstimateReport.Detail detail) {
        Decode decode = estimate.floor().decode();
        Phase prefill = estimate.floor().prefill();
        String last = decode == null
                ? ""
                : Wording.operations("one decode step, floor", decode.mean(), false)
                        .table();
        if (decode != null && detail == EstimateReport.Detail.USUAL) {
            return last;
        }
        return Wording.operations("prefill, floor", prefill, true).table() + (last.isEmpty() ? "" : "\n" + last);
    }
}
