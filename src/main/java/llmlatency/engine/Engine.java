package llmlatency.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.units.Bytes;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * A program that serves models: its memory, and the rules that say how near it comes to what a device could do.
 *
 * @param name its name
 * @param memoryUtilisation share of the usable memory that it takes, above 0 and at most 1
 * @param reserve what it needs beside weights, cache and activations
 * @param cacheBlockTokens tokens in a block of its cache
 * @param fewRows passes of at most so many rows run the kernels made for few
 * @param microBatch tokens of a prompt that it takes at once; null: all of them
 * @param splitsLayers whether several devices share a model layer by layer unless asked otherwise; else each layer's matrices
 * @param backends what it runs on, with the kinds of device that use each by default
 * @param eras times of its life, oldest first
 * @param rules layers of parameters; a later one wins
 * @param inherited how many of them, the first, are of the engine that its profile extends
 * @param offloading what it may leave in the host's memory
 */
public record Engine(
        String name,
        double memoryUtilisation,
        Bytes reserve,
        int cacheBlockTokens,
        int fewRows,
        @Nullable Integer microBatch,
        boolean splitsLayers,
        Map<String, List<String>> backends,
        List<Era> eras,
        List<Rule> rules,
        int inherited,
        Offloading offloading) {
    /** An engine that keeps all on its devices. */
    public Engine(
            String name,
            double memoryUtilisation,
            Bytes reserve,
            int cacheBlockTokens,
            int fewRows,
            @Nullable Integer microBatch,
            boolean splitsLayers,
            Map<String, List<String>> backends,
            List<Era> eras,
            List<Rule> rules,
            int inherited) {
        this(
                name,
                memoryUtilisation,
                reserve,
                cacheBlockTokens,
                fewRows,
                microBatch,
                splitsLayers,
                backends,
                eras,
                rules,
                inherited,
                Offloading.UNKNOWN);
    }

    /** An engine of which only the memory is described: nothing is expected of it. */
    public Engine(String name, double memoryUtilisation, Bytes reserve) {
        this(name, memoryUtilisation, reserve, 1, 1, null, false, Map.of(), List.of(), List.of(), 0);
    }

    public Engine {
        if (!(memoryUtilisation > 0 && memoryUtilisation <= 1)) {
            throw new IllegalArgumentException("memory utilisation " + memoryUtilisation);
        }
        eras = List.copyOf(eras);
        rules = List.copyOf(rules);
    }

    /** The same engine with other rules. */
    public Engine with(List<Rule> others) {
        return new Engine(
                name,
                memoryUtilisation,
                reserve,
                cacheBlockTokens,
                fewRows,
                microBatch,
                splitsLayers,
                backends,
                eras,
                others,
                inherited,
                offloading);
    }

    /** Its own rules, without those of the engine that its profile extends. */
    public List<Rule> ownRules() {
        return rules.subList(inherited, rules.size());
    }

    /** Whether anything is expected of it beyond the floor. */
    public boolean expects() {
        return !rules.isEmpty();
    }

    /** Its newest era; null where it has none. */
    public @Nullable Era newest() {
        return eras.isEmpty() ? null : eras.get(eras.size() - 1);
    }

    /**
     * The era of a version, as validation.md says: a version that matches a pattern decides, else the newest begun by the
     * date, the first where none had, the newest without a date.
     *
     * @param version a version's text, or null
     * @param date a day, a month or a year, or null
     */
    public @Nullable Era era(@Nullable String version, @Nullable String date) {
        if (version != null) {
            for (Era era : eras) {
                if (era.name().equals(version) || era.has(version)) {
                    return era;
                }
            }
        }
        if (date == null || eras.isEmpty()) {
            return newest();
        }
        Era chosen = eras.get(0);
        for (Era era : eras) {
            chosen = era.begunBy(date) ? era : chosen;
        }
        return chosen;
    }

    /**
     * The era that a word means: its name, a version that belongs to it, or a date.
     *
     * @throws Refusal when it means none
     */
    public Era eraAsked(String word) {
        for (Era era : eras) {
            if (era.name().equals(word) || era.has(word)) {
                return era;
            }
        }
        Era begun = Era.isDate(word) ? era(null, word) : null;
        if (begun != null) {
            return begun;
        }
        if (eras.isEmpty()) {
            throw new Refusal("no versions of " + name + " are told apart; leave the version out");
        }
        List<String> names = new ArrayList<>();
        eras.forEach(era -> names.add(era.name()));
        throw new Refusal(
                "'" + word + "' is no version of " + name + " that is known, and no date",
                "give one of " + String.join(", ", names) + ", or a date such as 2025-06");
    }

    /**
     * The backend that a kind of device uses by default, the first where none is known for it; null where the engine
     * names none.
     *
     * @param kind a kind of device, or null where it is not known
     */
    public @Nullable String backendFor(@Nullable String kind) {
        String usual = usualBackend(kind);
        return usual != null || backends.isEmpty()
                ? usual
                : backends.keySet().iterator().next();
    }

    /**
     * Whether it names backends of which none is known to run on such a device.
     *
     * @param kind a kind of device, or null where it is not known
     */
    public boolean isForeignTo(@Nullable String kind) {
        return !backends.isEmpty() && usualBackend(kind) == null;
    }

    private @Nullable String usualBackend(@Nullable String kind) {
        for (Map.Entry<String, List<String>> backend : backends.entrySet()) {
            if (kind != null && backend.getValue().contains(kind)) {
                return backend.getKey();
            }
        }
        return null;
    }

    /** The backend of that name, which the engine must have. */
    public String backend(String asked) {
        if (!backends.containsKey(asked)) {
            throw new Refusal(name + " has no backend '" + asked + "'"
                    + (backends.isEmpty() ? "; it has but one" : "; it has " + String.join(", ", backends.keySet())));
        }
        return asked;
    }
}
