package llmlatency.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.document.Document;
import org.jspecify.annotations.Nullable;

/**
 * A result of the serving benchmarks of vLLM ({@code vllm bench serve --save-result}) and SGLang
 * ({@code bench_serving --output-file}): requests in flight, mean lengths, and the mean of each figure, the median where
 * there is no mean. Source: vllm/benchmarks/serve.py and sglang/bench_serving.py.
 */
record ServingResult(BenchmarkResult result) {
    private static final Pattern DAY = Pattern.compile("([0-9]{4})-?([0-9]{2})-?([0-9]{2}).*");

    /** Whether a result is one of a serving benchmark. */
    static boolean is(BenchmarkResult result) {
        return result.has("completed", "total_output_tokens")
                && result.positive("mean_ttft_ms", "median_ttft_ms", "mean_tpot_ms", "median_tpot_ms") != null;
    }

    List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        add(all, MeasuredMetric.TTFT, result.positive("mean_ttft_ms", "median_ttft_ms"));
        add(
                all,
                MeasuredMetric.TPOT,
                result.positive("mean_tpot_ms", "median_tpot_ms", "mean_itl_ms", "median_itl_ms"));
        add(
                all,
                MeasuredMetric.END_TO_END,
                result.positive("mean_e2e_latency_ms", "mean_e2el_ms", "median_e2e_latency_ms", "median_e2el_ms"));
        add(all, MeasuredMetric.DECODE_RATE, result.positive("output_throughput"));
        return all;
    }

    private void add(List<Measurement> all, MeasuredMetric metric, @Nullable Double value) {
        if (value == null) {
            return;
        }
        Integer tensor = result.degree("tensor_parallel_size", "tp_size", "tp");
        BenchmarkResult.Devices devices = result.devices(null);
        int count = devices.count() == 1 && tensor != null ? tensor : devices.count();
        Long flight = inFlight();
        all.add(new Measurement(
                new Measurement.Origin(result.node().file(), result.node().line(), null, null, date(), null, true),
                new Measurement.Subject(
                        result.model(model()),
                        devices.name(),
                        result.engine(engine()),
                        result.weightFormat(null),
                        null,
                        null,
                        null),
                new Measurement.Layout(count, tensor, 1, 1, 1, null, 1, null),
                new Measurement.Request(
                        true,
                        flight == null ? 1 : flight,
                        mean("total_input_tokens"),
                        mean("total_output_tokens"),
                        null,
                        null,
                        0,
                        false),
                flight == null ? metric.key() + " at a request rate" : metric.key(),
                value));
    }

    private @Nullable String model() {
        String id = result.text("model_id");
        return id != null ? id : result.text("model");
    }

    /** The program that was served from, without the protocol that it was spoken to in. */
    private @Nullable String engine() {
        String word = result.text("backend");
        String program = word != null ? word : result.text("endpoint_type");
        return program == null || program.startsWith("openai")
                ? null
                : program.replaceFirst("-(native|oai|chat|openai|embedding).*", "");
    }

    private @Nullable String date() {
        String text = result.text("date");
        Matcher day = DAY.matcher(text == null ? "" : text);
        return day.matches() ? day.group(1) + "-" + day.group(2) + "-" + day.group(3) : null;
    }

    /** Requests in flight: as many as allowed, else all where they came at once; null where they came at a rate. */
    private @Nullable Long inFlight() {
        Long most = result.count("max_concurrency");
        if (most != null && most > 0) {
            return most;
        }
        Document rate = result.node().find("request_rate");
        String text = rate == null ? "" : rate.plain().toString();
        Long completed = result.count("completed");
        return text.equals("inf") || text.equals("Infinity") || text.equals("INF") ? completed : null;
    }

    /** Tokens of a request on average, at least one; null where the file does not say. */
    private @Nullable Long mean(String field) {
        Double total = result.positive(field);
        Double completed = result.positive("completed");
        return total == null || completed == null ? null : (Long) Math.max(1, Math.round(total / completed));
    }
}
