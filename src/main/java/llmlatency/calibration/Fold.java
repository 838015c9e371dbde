package llmlatency.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import llmlatency.model.Model;
import llmlatency.units.Refusal;

/** What is left out together, to see how far the rest carries. */
public enum Fold {
    /** A GPU in all its memory and form variants. */
    GPU(row -> gpuFamily(row.scenario().deployment().gpu().name())),
    /** A model and its siblings of the same shape. */
    MODEL(row -> shape(row.scenario().model())),
    /** A source. */
    SOURCE(Attribute.SOURCE::of),
    /** An engine in all its versions and on all backends. */
    ENGINE(row -> row.setup().engine().name());

    @SuppressWarnings("ImmutableEnumChecker") // a function without state
    private final Function<MeasuredCase, String> key;

    Fold(Function<MeasuredCase, String> key) {
        this.key = key;
    }

    /** The word in options and answers. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    String of(MeasuredCase row) {
        return key.apply(row);
    }

    /**
     * The fold of that name.
     *
     * @throws Refusal when there is none
     */
    public static Fold named(String word) {
        for (Fold fold : values()) {
            if (fold.word().equals(word)) {
                return fold;
            }
        }
        throw new Refusal("'" + word + "' is none of gpu, model, source, engine");
    }

    /** The part of a device's name before form and memory: all A100s are one. */
    static String gpuFamily(String name) {
        List<String> kept = new ArrayList<>();
        for (String part : name.split("-", -1)) {
            boolean appleSize = part.equals("max") && kept.size() == 1;
            boolean variant = part.matches("sxm[0-9]?|pcie|nvl|oam|[0-9]+gb|max|q|server|workstation|[0-9]{1,2}");
            if (kept.isEmpty() || appleSize || !variant) {
                kept.add(part);
            }
        }
        return String.join("-", kept);
    }

    private static String shape(Model model) {
        return model.hiddenSize() + "/" + model.layerCount() + "/" + model.activeParameters();
    }
}
