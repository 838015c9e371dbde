package llmlatency.calibration;

/** Kinds of measurement whose errors have much in common (validation.md). */
public enum Regime {
    SINGLE_DECODE("batch-1 decode"),
    SINGLE_PREFILL("batch-1 prefill"),
    BATCHED_DECODE("batched decode"),
    BATCHED_PREFILL("batched prefill"),
    STATIC_END_TO_END("static batch end to end"),
    WAVES("static batch in waves"),
    SERVING_TPOT("serving TPOT"),
    SERVING_TTFT("serving TTFT"),
    SERVING_THROUGHPUT("serving throughput");

    private final String label;

    Regime(String label) {
        this.label = label;
    }

    /** The words for it in tables and filters. */
    public String label() {
        return label;
    }

    /** The regime of a metric that was measured so. */
    static Regime of(MeasuredMetric metric, Measurement.Request request) {
        if (request.load()) {
            return switch (metric) {
                case TPOT -> SERVING_TPOT;
                case TTFT -> SERVING_TTFT;
                case DECODE_RATE_PER_SEQUENCE, DECODE_RATE, PREFILL_RATE, END_TO_END, BANDWIDTH -> SERVING_THROUGHPUT;
            };
        }
        boolean single = request.batch() == 1;
        return switch (metric.span(request.includesPrefill())) {
            case DECODE -> single ? SINGLE_DECODE : BATCHED_DECODE;
            case PREFILL -> single ? SINGLE_PREFILL : BATCHED_PREFILL;
            case END_TO_END -> STATIC_END_TO_END;
        };
    }
}
