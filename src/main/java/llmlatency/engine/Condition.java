package llmlatency.engine;

import java.util.List;
import llmlatency.hardware.Gpu;
import org.jspecify.annotations.Nullable;

/**
 * When a rule of an engine applies. An empty list or a null asks nothing.
 *
 * @param engines names of engines, where rules of several stand together
 * @param backends what the engine runs on
 * @param eras names of its eras
 * @param classes kinds of device
 * @param architectures generations of devices
 * @param devices names of devices
 * @param fewRows whether a pass has few rows (decode) or many (prefill)
 * @param formats names of weight formats
 * @param bitsBelow weight formats with fewer bits than this
 * @param bitsFrom weight formats with at least so many bits
 * @param flashAttention whether scores are kept on the chip
 * @param structures kinds of model, see {@link Structure}
 */
public record Condition(
        List<String> engines,
        List<String> backends,
        List<String> eras,
        List<String> classes,
        List<String> architectures,
        List<String> devices,
        @Nullable Boolean fewRows,
        List<String> formats,
        @Nullable Double bitsBelow,
        @Nullable Double bitsFrom,
        @Nullable Boolean flashAttention,
        List<String> structures) {
    public Condition {
        engines = List.copyOf(engines);
        backends = List.copyOf(backends);
        eras = List.copyOf(eras);
        classes = List.copyOf(classes);
        architectures = List.copyOf(architectures);
        devices = List.copyOf(devices);
        formats = List.copyOf(formats);
        structures = List.copyOf(structures);
    }

    /** The condition of one device under one backend, for few rows or for many. */
    public static Condition onDevice(@Nullable String backend, String device, boolean fewRows) {
        List<String> backends = backend == null ? List.of() : List.of(backend);
        List<String> none = List.of();
        return new Condition(none, backends, none, none, none, List.of(device), fewRows, none, null, null, null, none);
    }

    /** The same asked of engines of these names alone; none: of any. */
    public Condition of(List<String> names) {
        return new Condition(
                names,
                backends,
                eras,
                classes,
                architectures,
                devices,
                fewRows,
                formats,
                bitsBelow,
                bitsFrom,
                flashAttention,
                structures);
    }

    /**
     * What remains of it on one device under one backend, for few rows or for many: what it asks of eras, formats and
     * models; null where it never holds there.
     */
    public @Nullable Condition narrowed(@Nullable String backend, Gpu gpu, boolean few) {
        boolean possible = has(backends, backend)
                && has(classes, gpu.build().kind())
                && has(architectures, gpu.build().architecture())
                && has(devices, gpu.name())
                && (fewRows == null || fewRows == few);
        Condition there = onDevice(backend, gpu.name(), few);
        return possible
                ? new Condition(
                        engines,
                        there.backends,
                        eras,
                        there.classes,
                        there.architectures,
                        there.devices,
                        there.fewRows,
                        formats,
                        bitsBelow,
                        bitsFrom,
                        flashAttention,
                        structures)
                : null;
    }

    /** Whether it holds for this case. */
    boolean holds(Case now) {
        return has(engines, now.setup().engine().name())
                && has(backends, now.setup().backend())
                && has(
                        eras,
                        now.setup().era() == null ? null : now.setup().era().name())
                && has(classes, now.gpu().build().kind())
                && has(architectures, now.gpu().build().architecture())
                && has(devices, now.gpu().name())
                && (fewRows == null || fewRows == now.fewRows())
                && has(formats, now.weights().name())
                && (bitsBelow == null || now.weights().bitsPerWeight() < bitsBelow)
                && (bitsFrom == null || now.weights().bitsPerWeight() >= bitsFrom)
                && (flashAttention == null || flashAttention == now.flashAttention())
                && (structures.isEmpty() || structures.stream().anyMatch(now.structure()::is));
    }

    private static boolean has(List<String> words, @Nullable String word) {
        return words.isEmpty() || (word != null && words.contains(word));
    }

    /** How closely it looks at the device: 0 not at all, 1 its class or generation, 2 the very device. */
    int closeness() {
        return !devices.isEmpty() ? 2 : !classes.isEmpty() || !architectures.isEmpty() ? 1 : 0;
    }
}
