package llmlatency.calibration;

import llmlatency.model.Parallelism;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure and what was measured, as validation.md describes it. What a source does not state is null, or its
 * usual value where there is one.
 *
 * @param origin where it comes from
 * @param subject what was measured
 * @param layout how many devices, and how the model lay on them
 * @param request what was asked of it
 * @param metric name of the metric, which {@link MeasuredMetric} may not know
 * @param value the figure, in the metric's own unit, above 0
 */
public record Measurement(Origin origin, Subject subject, Layout layout, Request request, String metric, double value) {
    /**
     * Where a figure comes from.
     *
     * @param file the file that holds it, as the user may know it
     * @param line its line there, or its number where a file has no lines
     * @param id its name; null where it has none
     * @param source who measured it; null where that is not said
     * @param date a day, a month or a year
     * @param engineVersion the engine's version, as the source writes it
     * @param trusted false for figures that headline figures leave out
     */
    public record Origin(
            String file,
            long line,
            @Nullable String id,
            @Nullable String source,
            @Nullable String date,
            @Nullable String engineVersion,
            boolean trusted) {}

    /**
     * What was measured, each by the name that an option takes.
     *
     * @param model as {@code --model} takes it
     * @param gpu as {@code --gpu} takes it
     * @param engine {@code name} or {@code name/backend}
     * @param weightFormat as {@code --dtype} takes it; null: the checkpoint's own
     * @param weightBytes size of the file of weights, which then decides the bytes; null where it is not stated
     * @param kvFormat as {@code --kv-dtype} takes it; null: as without that option
     * @param flashAttention whether scores were kept on the chip; null: as the engine does by default
     */
    public record Subject(
            String model,
            String gpu,
            String engine,
            @Nullable String weightFormat,
            @Nullable Long weightBytes,
            @Nullable String kvFormat,
            @Nullable Boolean flashAttention) {}

    /**
     * How a model lay on its devices.
     *
     * @param gpus how many devices
     * @param tensor tensor-parallel degree; null: all devices that the other degrees leave
     * @param pipeline pipeline-parallel degree
     * @param expert expert-parallel degree
     * @param attentionData ranks of data-parallel attention
     * @param expertTensor tensor-parallel degree within an expert; null: the devices of a replica over the other degrees
     * @param replicas whole copies
     * @param split how layers were split; null: they were not
     */
    public record Layout(
            int gpus,
            @Nullable Integer tensor,
            int pipeline,
            int expert,
            int attentionData,
            @Nullable Integer expertTensor,
            int replicas,
            @Nullable String split) {
        /** One device. */
        public static final Layout ONE = new Layout(1, null, 1, 1, 1, null, 1, null);

        /** The tensor-parallel degree: that stated, else the devices that the other degrees leave, at least 1. */
        public int tensorDegree() {
            return tensor != null ? tensor : (int) Math.max(1, gpus / ((long) pipeline * attentionData * replicas));
        }

        /** Whether layers are split over the devices, one part after the other. */
        boolean splitsLayers() {
            return "layer".equals(split) && gpus > 1;
        }

        /** How the model lies on its devices. */
        Parallelism parallelism() {
            return splitsLayers()
                    ? new Parallelism(1, gpus)
                    : new Parallelism(tensorDegree(), pipeline, attentionData, expert);
        }

        /** Whether the degrees multiply to the devices. */
        boolean matches() {
            boolean experts = expertTensor == null || expertTensor * expert == tensorDegree() * attentionData;
            return experts && (double) tensorDegree() * pipeline * attentionData * replicas == gpus;
        }
    }

    /**
     * What was asked of it.
     *
     * @param load whether {@code batch} requests came in a closed loop; else so many prompts started together
     * @param batch B, or requests in flight
     * @param promptTokens P; null where it is not stated
     * @param outputTokens n; null where it is not stated
     * @param depth tokens in the cache where the measurement starts; null where it is not stated
     * @param prefillChunk tokens of a prompt that the engine took at once; null where it is not stated
     * @param cachedTokens of the prompt, tokens that were in the cache already
     * @param includesPrefill whether a decode rate was divided by the whole time
     */
    public record Request(
            boolean load,
            long batch,
            @Nullable Long promptTokens,
            @Nullable Long outputTokens,
            @Nullable Long depth,
            @Nullable Long prefillChunk,
            long cachedTokens,
            boolean includesPrefill) {}

    /** The same as one that headline figures and fits count. */
    public Measurement counted() {
        Origin known = new Origin(
                origin.file(),
                origin.line(),
                origin.id(),
                origin.source(),
                origin.date(),
                origin.engineVersion(),
                true);
        return new Measurement(known, subject, layout, request, metric, value);
    }

    /** Its id, or its place in its file. */
    public String name() {
        return origin.id() != null ? origin.id() : origin.file() + ":" + origin.line();
    }
}
