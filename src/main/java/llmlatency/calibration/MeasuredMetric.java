package llmlatency.calibration;

import org.jspecify.annotations.Nullable;

/** The figures that measurements may state. */
public enum MeasuredMetric {
    DECODE_RATE_PER_SEQUENCE("decode_tokens_per_s_per_seq", "tok/s", Span.DECODE),
    DECODE_RATE("decode_tokens_per_s_total", "tok/s", Span.DECODE),
    TPOT("tpot_ms", "ms", Span.DECODE),
    PREFILL_RATE("prefill_tokens_per_s", "tok/s", Span.PREFILL),
    TTFT("ttft_ms", "ms", Span.PREFILL),
    END_TO_END("e2e_latency_ms", "ms", Span.END_TO_END),
    BANDWIDTH("achieved_bandwidth_gbs", "GB/s", Span.DECODE);

    /** Which part of a request a figure is about. */
    public enum Span {
        DECODE("decode"),
        PREFILL("prefill"),
        END_TO_END("end to end");

        private final String label;

        Span(String label) {
            this.label = label;
        }

        /** The word for it in tables and filters. */
        public String label() {
            return label;
        }
    }

    private final String key;
    private final String unit;
    private final Span span;

    MeasuredMetric(String key, String unit, Span span) {
        this.key = key;
        this.unit = unit;
        this.span = span;
    }

    /** The name in files. */
    public String key() {
        return key;
    }

    /** The unit that its figures are in. */
    public String unit() {
        return unit;
    }

    /** Which part of a request it is about; a decode rate over the whole time is about all of it. */
    Span span(boolean includesPrefill) {
        return includesPrefill && span == Span.DECODE && this != BANDWIDTH ? Span.END_TO_END : span;
    }

    /** Whether a larger figure is a faster one. */
    boolean isRate() {
        return !unit.equals("ms");
    }

    /** The metric of that name, or null. */
    public static @Nullable MeasuredMetric named(String key) {
        for (MeasuredMetric metric : values()) {
            if (metric.key.equals(key)) {
                return metric;
            }
        }
        return null;
    }
}
