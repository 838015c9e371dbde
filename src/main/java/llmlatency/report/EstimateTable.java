package llmlatency.report;

import java.util.ArrayList;
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
        text.append(answer(estimate, true).table()).append('\n');
        text.append(Wording.NOT_EXPECTED).append('\n').append(curve()).append('\n');
        text.append(memory());
        if (detail == EstimateReport.Detail.BRIEF) {
            return text.toString();
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

    /** The figures asked for. Units are as wide as the widest in a terminal, so that numbers stand under each other. */
    static Grid answer(Estimate estimate, boolean padded) {
        Timings floor = estimate.floor();
        Decode decode = floor.decode();
        long tokens = estimate.scenario().workload().outputTokens();
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                "first token (TTFT), b",
                Wording.duration(floor.prefill().time(), 3),
                floor.prefill().bound().key(),
                padded));
        if (decode != null) {
            rows.add(row(
                    "each next (TPOT),   k",
                    Wording.duration(decode.mean().time(), 4),
                    decode.mean().bound().key(),
                    padded));
            rows.add(row(Decimals.whole(tokens) + " tokens, in all", Wording.duration(floor.total(), 3), "", padded));
        }
        Double rate = Metric.TOKENS_PER_SECOND.of(estimate, floor);
        if (rate != null) {
            boolean several = estimate.scenario().workload().batch() > 1;
            rows.add(row(several ? "decode speed, batch" : "decode speed", Wording.rate(rate), "", padded));
        }
        Double each = Metric.TOKENS_PER_SECOND_PER_SEQUENCE.of(estimate, floor);
        if (rate != null && each != null && !rate.equals(each)) {
            rows.add(row("decode speed, each", Wording.rate(each), "", padded));
        }
        return new Grid(List.of(Grid.text(""), Grid.number("floor"), Grid.text("bound by")), rows);
    }

    private static List<String> row(String name, String value, String bound, boolean padded) {
        int unit = value.length() - value.indexOf(' ') - 1;
        return List.of(name, padded ? value + " ".repeat("tok/s".length() - unit) : value, bound);
    }

    private String curve() {
        Decode decode = estimate.floor().decode();
        if (decode == null) {
            return "";
        }
        double k = decode.mean().time().milliseconds();
        double b = estimate.floor().prefill().time().milliseconds();
        return "\n  y = k x + b, x tokens after the first\n"
                + "  floor  y = " + Decimals.significant(k, 4) + " x + " + Decimals.significant(b, 3)
                + " ms, off by at most "
                + Decimals.significant(decode.maxDeviation().milliseconds(), 1) + " ms; k "
                + Decimals.significant(decode.first().milliseconds(), 4) + " .. "
                + Decimals.significant(decode.last().milliseconds(), 4) + "\n";
    }

    private String memory() {
        StringBuilder text = new StringBuilder();
        text.append("memory     ").append(Wording.fits(estimate)).append('\n');
        text.append(INDENT).append(Wording.memoryParts(estimate)).append('\n');
        Wording.limits(estimate)
                .forEach(line -> text.append(INDENT).append(line).append('\n'));
        return text.toString();
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
