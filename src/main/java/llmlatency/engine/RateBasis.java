package llmlatency.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.work.Arithmetic;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/** Which of a device's peak rates a kernel's speed goes with. */
enum RateBasis {
    /** The format's own, with FP32 accumulation. */
    NATIVE,
    /** FP16 on the matrix units, with FP16 accumulation where that is faster. */
    FP16_ACC16,
    /** FP16 on the matrix units, with FP32 accumulation. */
    FP16,
    /** The vector units. */
    FP32,
    /** INT8 on the matrix units. */
    INT8;

    static final List<String> KEYS = List.of("native", "fp16_acc16", "fp16", "fp32", "int8");

    static RateBasis named(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** FLOP per second on the device; null where it lists no rate that would do. */
    @Nullable
    Double of(Gpu gpu, NumberFormat format) {
        Map<Arithmetic, Peak> peaks = gpu.peaks();
        return switch (this) {
            case NATIVE -> wide(gpu, format);
            case FP16_ACC16 -> sixteen(peaks, true);
            case FP16 -> sixteen(peaks, false);
            case FP32 -> first(peaks, false, Arithmetic.FP32, Arithmetic.FP16, Arithmetic.BF16);
            case INT8 -> first(peaks, false, Arithmetic.INT8, Arithmetic.FP16, Arithmetic.BF16, Arithmetic.FP32);
        };
    }

    private static @Nullable Double sixteen(Map<Arithmetic, Peak> peaks, boolean narrow) {
        return first(peaks, narrow, Arithmetic.FP16, Arithmetic.BF16, Arithmetic.FP32);
    }

    private static @Nullable Double wide(Gpu gpu, NumberFormat format) {
        Double best = null;
        for (Arithmetic arithmetic : format.arithmetic()) {
            Double rate = first(gpu.peaks(), false, arithmetic);
            if (rate != null && (best == null || rate > best)) {
                best = rate;
            }
        }
        return best == null ? sixteen(gpu.peaks(), false) : best;
    }

    private static @Nullable Double first(Map<Arithmetic, Peak> peaks, boolean narrow, Arithmetic... order) {
        for (Arithmetic arithmetic : order) {
            Peak peak = peaks.get(arithmetic);
            if (peak != null) {
                return (narrow ? peak.fastest() : peak.wide()).value();
            }
        }
        return null;
    }
}
