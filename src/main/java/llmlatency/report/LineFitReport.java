package llmlatency.report;

import java.util.LinkedHashMap;
import java.util.Map;
import llmlatency.calibration.LineFit;
import llmlatency.estimate.Decode;
import llmlatency.estimate.Estimate;
import org.jspecify.annotations.Nullable;

/** A measured line {@code y = kx + b}, beside the floor where model and device are known: as text or JSON. */
public final class LineFitReport {
    private LineFitReport() {}

    /**
     * The text of a line.
     *
     * @param estimate the answer for its model and device; null where they are not known
     */
    public static String text(LineFit line, @Nullable Estimate estimate, ReportFormat format) {
        return format == ReportFormat.JSON ? JsonText.pretty(tree(line, estimate)) : table(line, estimate);
    }

    private static String table(LineFit line, @Nullable Estimate estimate) {
        StringBuilder text = new StringBuilder();
        text.append("y = ").append(Decimals.significant(line.slope(), 4)).append(" x + ");
        text.append(Decimals.significant(line.intercept(), 4)).append(" ms, through ");
        text.append(Decimals.whole(line.points())).append(" points, off by at most ");
        text.append(Decimals.significant(line.deviation(), 2)).append(" ms\n");
        Double share = share(line, estimate);
        if (estimate != null && share != null) {
            text.append(Wording.wrapped(Wording.subject(estimate), "  "));
            text.append("k is at ").append(Decimals.significant(share, 3)).append(" % of the speed of light\n");
        }
        return text.toString();
    }

    private static Map<String, Object> tree(LineFit line, @Nullable Estimate estimate) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("schema_version", EstimateReport.SCHEMA_VERSION);
        tree.put("points", line.points());
        tree.put("k_ms", line.slope());
        tree.put("b_ms", line.intercept());
        tree.put("max_deviation_ms", line.deviation());
        Double share = share(line, estimate);
        if (share != null) {
            tree.put("speed_of_light_percent", share);
        }
        return tree;
    }

    /** {@code 100 · floor's k / k}; null where there is no floor or the line does not rise. */
    private static @Nullable Double share(LineFit line, @Nullable Estimate estimate) {
        Decode decode = estimate == null ? null : estimate.floor().decode();
        return decode == null || line.slope() <= 0
                ? null
                : (Double) (100 * decode.mean().time().milliseconds() / line.slope());
    }
}
