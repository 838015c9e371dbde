package llmlatency.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.document.Document;
import llmlatency.engine.Engine;
import llmlatency.engine.Era;
import llmlatency.engine.Offloading;
import llmlatency.engine.Rule;
import llmlatency.units.Bytes;
import org.jspecify.annotations.Nullable;

/** Reads engine profiles. */
final class EngineProfile {
    private static final int MOST_TOKENS = 1_000_000;

    private EngineProfile() {}

    /**
     * Reads a profile.
     *
     * @param profiles reads the profile that it extends
     */
    static Profile<Engine> read(String name, Document node, Function<String, Profile<Engine>> profiles) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of(
                "extends",
                "memory_utilisation",
                "reserve",
                "cache_block_tokens",
                "few_rows",
                "micro_batch",
                "splits_layers",
                "offload",
                "backends",
                "eras",
                "rules"));
        node.allowOnly(known);
        double utilisation = node.get("memory_utilisation").positive();
        if (utilisation > 1) {
            throw node.get("memory_utilisation").refuse("a share is at most 1");
        }
        Document microBatch = node.find("micro_batch");
        Map<String, List<String>> backends = backends(node.find("backends"));
        List<Era> eras = eras(node.list("eras"));
        EngineRules reader = new EngineRules(backends.keySet(), eras);
        Profile<Engine> extended = extended(node.find("extends"), profiles);
        List<Rule> rules =
                new ArrayList<>(extended == null ? List.of() : extended.value().rules());
        int inherited = rules.size();
        for (Document rule : node.list("rules")) {
            rules.add(reader.rule(rule));
        }
        Profile<Engine> profile = Profile.of(
                name,
                node,
                new Engine(
                        name,
                        utilisation,
                        node.get("reserve").quantity(Bytes::parse),
                        (int) node.whole("cache_block_tokens", 1, MOST_TOKENS, 1),
                        (int) node.whole("few_rows", 1, MOST_TOKENS, 1),
                        microBatch == null ? null : (Integer) (int) microBatch.whole(1, MOST_TOKENS),
                        node.flag("splits_layers"),
                        backends,
                        eras,
                        rules,
                        inherited,
                        offloading(node.find("offload"))));
        return extended == null ? profile : profile.with(extended.sources());
    }

    private static @Nullable Profile<Engine> extended(
            @Nullable Document word, Function<String, Profile<Engine>> profiles) {
        if (word == null) {
            return null;
        }
        return profiles.apply(word.text());
    }

    private static Offloading offloading(@Nullable Document node) {
        if (node == null) {
            return Offloading.UNKNOWN;
        }
        node.allowOnly(List.of("parts", "why"));
        return new Offloading(
                node.words("parts", Offloading.PARTS), node.get("why").text());
    }

    private static Map<String, List<String>> backends(@Nullable Document node) {
        Map<String, List<String>> backends = new LinkedHashMap<>();
        if (node != null) {
            for (String name : node.fields().keySet()) {
                backends.put(name, node.words(name, GpuProfile.CLASSES));
            }
        }
        return Collections.unmodifiableMap(backends);
    }

    private static List<Era> eras(List<Document> nodes) {
        List<Era> eras = new ArrayList<>();
        for (Document node : nodes) {
            node.allowOnly(List.of("name", "since", "versions"));
            Document since = node.get("since");
            if (!Era.isDate(since.text())) {
                throw since.refuse("expected a day, a month or a year: 2025-06-01, 2025-06 or 2025");
            }
            Era era = new Era(node.get("name").text(), since.text(), node.texts("versions"));
            for (Era other : eras) {
                if (other.name().equals(era.name())) {
                    throw node.get("name").refuse("another era has this name");
                }
            }
            if (!eras.isEmpty() && eras.get(eras.size() - 1).after(era)) {
                throw since.refuse("eras stand in order, the oldest first");
            }
            eras.add(era);
        }
        return eras;
    }
}
