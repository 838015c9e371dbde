package llmlatency.calibration;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import llmlatency.engine.Engine;
import llmlatency.engine.Rule;

/**
 * An engine and those whose profiles extend it, fitted together: rows of each speak of the rules that all share.
 *
 * @param base the engine that is extended
 * @param members the engines that extend it
 */
record EngineFamily(Engine base, List<Engine> members) {
    EngineFamily {
        members = List.copyOf(members);
    }

    /** Names of all of them. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        names.add(base.name());
        members.forEach(member -> names.add(member.name()));
        return names;
    }

    /** One engine with the rules of all, those of a member asked of it alone. */
    Engine together() {
        List<Rule> rules = new ArrayList<>(base.rules());
        members.forEach(member -> member.ownRules().forEach(rule -> rules.add(rule.of(List.of(member.name())))));
        return base.with(rules);
    }

    /** The engines of such rules: the base first, then the members in order. */
    List<Engine> apart(Engine together) {
        List<Rule> shared = together.rules().stream()
                .filter(rule -> rule.when().engines().isEmpty())
                .toList();
        List<Engine> engines = new ArrayList<>();
        engines.add(base.with(shared));
        for (Engine member : members) {
            List<Rule> rules = new ArrayList<>(shared);
            together.rules().stream()
                    .filter(rule -> rule.when().engines().contains(member.name()))
                    .forEach(rule -> rules.add(rule.of(List.of())));
            engines.add(member.with(rules));
        }
        return engines;
    }
}
