package llmlatency.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import llmlatency.document.Document;
import llmlatency.engine.Condition;
import llmlatency.engine.Engine;
import llmlatency.engine.Parameter;
import llmlatency.engine.Rule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fit found, as a profile. */
class FittedEngineTest {
    private static final ProfileLibrary LIBRARY = new ProfileLibrary(List.of());

    /** An engine with other values of three digits wherever it has fitted ones, and a rule of its own for a device. */
    private static Engine fitted(Engine engine) {
        List<Rule> rules = new ArrayList<>(engine.rules().subList(0, engine.inherited()));
        for (Rule rule : engine.ownRules()) {
            Rule moved = rule;
            for (Map.Entry<Parameter, Rule.Value> value : rule.values().entrySet()) {
                if (value.getValue().fitted()) {
                    double digits = Double.parseDouble(
                            String.format(Locale.ROOT, "%.2e", value.getValue().value() * 0.97));
                    moved = moved.with(value.getKey(), digits).counted(value.getKey(), 12, 0.0625);
                }
            }
            rules.add(moved);
        }
        Rule.Value own = new Rule.Value(0.625, true, 7, 0.03125, "a test");
        rules.add(new Rule(
                new Condition(
                        List.of(),
                        List.of(engine.backends().keySet().iterator().next()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of("rtx4090"),
                        true,
                        List.of("fp16", "q8_0"),
                        16.5,
                        4.25,
                        true,
                        List.of("moe")),
                Map.of(Parameter.WEIGHT_BANDWIDTH, own),
                Map.of(),
                null));
        return engine.with(rules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama.cpp", "vllm", "tensorrt-llm"})
    void a_fitted_engine_is_read_as_it_was_written(String name) {
        Profile<Engine> profile = LIBRARY.engine(name);
        Engine fitted = fitted(profile.value());
        Profile<Engine> written = FittedEngine.profile(profile, fitted, "mine");
        Profile<Engine> read = EngineProfile.read(
                "mine", Document.of("mine.json", new TreeMap<>(plain(written.node()))), LIBRARY::engine);

        assertThat(read.value()).isEqualTo(written.value());
        assertThat(read.value().rules()).isEqualTo(fitted.rules());
        assertThat(read.value().eras()).isEqualTo(profile.value().eras());
        assertThat(read.value().backends()).isEqualTo(profile.value().backends());
        assertThat(read.value().name()).isEqualTo("mine");
        assertThat(read.title()).isEqualTo(profile.title() + ", fitted");
        assertThat(read.sources()).isEqualTo(profile.sources());
    }

    @SuppressWarnings("unchecked") // an object is a map of names
    private static Map<String, Object> plain(Document node) {
        return (Map<String, Object>) node.plain();
    }

    @Test
    void four_digits_are_kept() {
        Profile<Engine> profile = LIBRARY.engine("llama.cpp");
        Engine odd = profile.value()
                .with(profile.value().rules().stream()
                        .map(rule -> rule.values().containsKey(Parameter.INTERVAL)
                                ? rule.with(Parameter.INTERVAL, 0.123456789)
                                : rule)
                        .toList());

        assertThat(FittedEngine.profile(profile, odd, "mine").value().ownRules())
                .filteredOn(rule -> rule.values().containsKey(Parameter.INTERVAL))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.values().get(Parameter.INTERVAL))
                        .isNotNull()
                        .extracting(Rule.Value::value)
                        .isEqualTo(0.1235));
    }

    @Test
    void under_its_own_name_it_keeps_title_and_aliases() {
        Profile<Engine> profile = LIBRARY.engine("llama.cpp");
        Profile<Engine> again = FittedEngine.profile(profile, profile.value(), "llama.cpp");

        assertThat(again.title()).isEqualTo(profile.title());
        assertThat(again.node().list("aliases").stream().map(Document::text))
                .isEqualTo(profile.node().list("aliases").stream()
                        .map(Document::text)
                        .toList());
        assertThat(again.value()).isEqualTo(profile.value());
    }
}
