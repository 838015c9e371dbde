package llmlatency.profile;

import llmlatency.checkpoint.GgufMix;
import llmlatency.model.Model;
import llmlatency.model.StoredWeights;
import llmlatency.model.WeightScheme;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a model is stored: the formats that are asked for, or follow.
 *
 * @param weights format of the weights
 * @param scheme how they are stored, tensor by tensor
 * @param cache format of the KV cache
 */
public record Storage(Profile<FormatProfile> weights, WeightScheme scheme, NumberFormat cache) {
    /**
     * The storage of a model.
     *
     * @param dtype name of the format of the weights; null: the checkpoint's own
     * @param kvDtype name of the format of the cache; null: the usual one
     * @throws Refusal when a format is not known, contradicts stored weights, or stores no cache
     */
    public static Storage of(
            ProfileLibrary library, ModelProfile profile, @Nullable String dtype, @Nullable String kvDtype) {
        Profile<FormatProfile> weights = library.format(dtype == null ? profile.weightFormat() : dtype);
        NumberFormat cache = cache(library, kvDtype, profile, weights);
        requireSame(profile.weights() == null ? null : dtype, profile, weights);
        NumberFormat format = weights.value().format();
        WeightScheme scheme = profile.weights() == null
                ? WeightScheme.flat(format)
                : profile.weights().scheme(format);
        return new Storage(weights, scheme, cache);
    }

    /** How engines store it, where recipes of the format keep parts wider; null: as the scheme says. */
    public @Nullable WeightScheme recipe(ProfileLibrary library, Model model) {
        FormatProfile.Kept kept = weights.value().kept();
        if (kept == null || !(scheme instanceof WeightScheme.Flat)) {
            return null;
        }
        String ofMixtures = kept.mixtureFormat();
        NumberFormat narrow = ofMixtures != null && model.elementsOfExperts() > 0
                ? library.format(ofMixtures).value().format()
                : weights.value().format();
        return kept.recipe(model, narrow, library.format(kept.format()).value().format());
    }

    /** The same with the cache in the format that an engine stores it in; null: as it is. */
    public Storage cached(ProfileLibrary library, @Nullable String format) {
        return format == null
                ? this
                : new Storage(weights, scheme, library.format(format).value().format());
    }

    /**
     * The same in a file of that size, which decides the bytes: a mix of formats that its name describes, stretched to
     * the size; for models with experts the width of one part may be known (see {@link FormatProfile.Mixture}).
     *
     * @param model what the file holds
     * @param date when the file was made, as far as it is known
     */
    public Storage ofSize(ProfileLibrary library, Model model, double bytes, @Nullable String date) {
        NumberFormat format = weights.value().format();
        FormatProfile.Mixture mixture =
                model.elementsOfExperts() == 0 ? null : weights.value().mixture(date);
        if (mixture != null) {
            return new Storage(weights, mixture.stored(model, format, bytes), cache);
        }
        GgufMix mix = library.mix(weights.name());
        StoredWeights usual = mix == null ? StoredWeights.flat(format) : mix.weights(model, format);
        return new Storage(weights, usual.ofSize(model, bytes), cache);
    }

    /** Refuses a format beside weights that are stored in another. */
    public static void requireSame(@Nullable String asked, ModelProfile profile, Profile<FormatProfile> found) {
        if (asked != null && !found.name().equals(profile.weightFormat())) {
            throw new Refusal(
                    "--dtype " + asked + " contradicts the weights, which are stored as " + profile.weightFormat(),
                    "leave --dtype out, or ask with the config.json alone");
        }
    }

    /**
     * The format of the KV cache: the one asked for; else that of the weights where it is fp16 or bf16, else the
     * checkpoint's own 16-bit format, as how-it-counts.md says. Refuses one that no cache is stored in.
     */
    public static NumberFormat cache(
            ProfileLibrary library, @Nullable String asked, ModelProfile profile, Profile<FormatProfile> weights) {
        String usual = ModelProfile.isSixteenBit(weights.name()) ? weights.name() : profile.activationFormat();
        Profile<FormatProfile> cache = library.format(asked == null ? usual : asked);
        if (!cache.value().cache()) {
            throw new Refusal("no KV cache is stored in " + cache.name()
                    + "; give --kv-dtype another, such as fp16, fp8 or q8_0");
        }
        return cache.value().format();
    }
}
