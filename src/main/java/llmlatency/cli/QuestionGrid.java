package llmlatency.cli;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Workshop;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.study.Axis;
import llmlatency.study.Combinations;
import llmlatency.study.Questions;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The questions that options with several values make: any option of {@code estimate} that takes a text takes a list
 * here. Each question is put through the very options of {@code estimate}, so that the answers are the same. What is
 * asked of the model varies fastest; a question that differs from the one before in that alone is not resolved again.
 */
final class QuestionGrid implements Questions {
    private static final List<Slot> SLOTS = slots();
    private final ScenarioOptions asked;
    private final ProfileLibrary library;
    private final Combinations combinations;
    private final List<Slot> varied;
    private final long workloads;

    @SuppressWarnings("ThreadLocalUsage") // of this grid's questions; threads of a sweep end with it
    private final ThreadLocal<Resolved> last = new ThreadLocal<>();

    @SuppressWarnings("ThreadLocalUsage") // see above
    private final ThreadLocal<Workshop> workshops = ThreadLocal.withInitial(Workshop::new);

    /** An option of a question: the mixin that holds it, and its field there. */
    private record Slot(Field mixin, Field field, String name, String label) {
        boolean ofWorkload() {
            return mixin.getType() == ScenarioOptions.WorkloadOptions.class;
        }

        boolean isText() {
            return field.getType() == String.class;
        }

        @Nullable
        Object get(ScenarioOptions options) {
            try {
                return field.get(mixin.get(options));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(name, e);
            }
        }

        void set(ScenarioOptions options, @Nullable Object value) {
            try {
                field.set(mixin.get(options), value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(name, e);
            }
        }

        @Nullable
        ProfileKind names() {
            return switch (label) {
                case "MODEL" -> ProfileKind.MODEL;
                case "GPU" -> ProfileKind.GPU;
                case "FORMAT" -> ProfileKind.FORMAT;
                case "NAME[/BACKEND]" -> ProfileKind.ENGINE;
                default -> null;
            };
        }
    }

    /** A question with every name resolved, but for what is asked of the model. */
    private record Resolved(
            long number,
            @Nullable Scenario scenario,
            @Nullable Refusal refusal) {}

    private QuestionGrid(ScenarioOptions asked, ProfileLibrary library, List<Slot> varied, List<Axis> axes) {
        this.asked = asked;
        this.library = library;
        this.varied = varied;
        this.combinations = new Combinations(axes);
        long size = 1;
        for (int i = 0; i < axes.size(); i++) {
            size *= varied.get(i).ofWorkload() ? axes.get(i).values().size() : 1;
        }
        this.workloads = size;
    }

    private static List<Slot> slots() {
        List<Slot> slots = new ArrayList<>();
        for (Field mixin : ScenarioOptions.class.getDeclaredFields()) {
            if (mixin.isAnnotationPresent(Mixin.class)) {
                for (Field field : mixin.getType().getDeclaredFields()) {
                    Option option = field.getAnnotation(Option.class);
                    if (option != null && !Modifier.isStatic(field.getModifiers())) {
                        slots.add(new Slot(mixin, field, longest(option.names()), option.paramLabel()));
                    }
                }
            }
        }
        // What is asked of the model runs fastest, whatever the order of the mixins.
        slots.sort((a, b) -> Boolean.compare(a.ofWorkload(), b.ofWorkload()));
        return List.copyOf(slots);
    }

    private static String longest(String... names) {
        String longest = "";
        for (String name : names) {
            longest = name.length() > longest.length() ? name : longest;
        }
        return longest;
    }

    /**
     * The questions that these options ask.
     *
     * @param library keeps what it has read
     * @throws Refusal when a value is none, whatever it is combined with
     */
    static QuestionGrid of(ScenarioOptions asked, ProfileLibrary library) {
        List<Slot> varied = new ArrayList<>();
        List<Axis> axes = new ArrayList<>();
        for (Slot slot : SLOTS) {
            if (slot.isText() && slot.get(asked) instanceof String text) {
                varied.add(slot);
                axes.add(new Axis(slot.name(), AxisValues.of(slot.name(), text, slot.names(), library)));
            }
        }
        QuestionGrid grid = new QuestionGrid(asked, library, varied, axes);
        grid.requireAllKnown();
        return grid;
    }

    /** Asks each value once, with the first of all others, so that a wrong word is no row but a refusal. */
    private void requireAllKnown() {
        for (int i = 0; i < varied.size(); i++) {
            Slot slot = varied.get(i);
            for (String value : combinations.axes().get(i).values()) {
                ProfileKind kind = slot.names();
                if (kind == null) {
                    requireCount(slot, value);
                } else {
                    requireName(kind, value);
                }
            }
        }
    }

    private void requireName(ProfileKind kind, String value) {
        switch (kind) {
            case MODEL -> library.model(value, asked.model.assume);
            case FORMAT -> library.format(value);
            case ENGINE -> {
                if (!value.equals("auto")) {
                    library.engine(EngineOptions.name(value));
                }
            }
            default -> {
                DeviceOptions device = new DeviceOptions();
                device.gpu = value;
                device.device(library);
            }
        }
    }

    private static void requireCount(Slot slot, String value) {
        if (slot.label().equals("N")) {
            OptionValue.of(slot.name(), value, text -> Counts.parse(text, 0));
        }
    }

    /** The values of an option; none where it was not given. */
    List<String> values(String option) {
        for (Axis axis : combinations.axes()) {
            if (axis.option().equals(option)) {
                return axis.values();
            }
        }
        return List.of();
    }

    @Override
    public Workshop workshop() {
        return workshops.get();
    }

    @Override
    public Combinations combinations() {
        return combinations;
    }

    @Override
    public Scenario scenario(long number) {
        ScenarioOptions options = options(number);
        Resolved resolved = resolved(number / workloads, options);
        if (resolved.scenario == null) {
            throw resolved.refusal == null ? new IllegalStateException() : resolved.refusal;
        }
        return resolved.scenario.asking(options.workload.workload());
    }

    private Resolved resolved(long number, ScenarioOptions options) {
        Resolved before = last.get();
        if (before != null && before.number == number) {
            return before;
        }
        Resolved resolved;
        try {
            resolved = new Resolved(number, options.scenario(library), null);
        } catch (Refusal e) {
            resolved = new Resolved(number, null, e);
        }
        last.set(resolved);
        return resolved;
    }

    /** The options of {@code estimate} that ask one of the questions. */
    ScenarioOptions options(long number) {
        ScenarioOptions options = new ScenarioOptions();
        for (Slot slot : SLOTS) {
            slot.set(options, slot.get(asked));
        }
        List<String> values = combinations.at(number);
        for (int i = 0; i < values.size(); i++) {
            varied.get(i).set(options, values.get(i));
        }
        return options;
    }

    /** The command line of {@code estimate} that asks one of the questions, as far as it is texts. */
    List<String> words(long number) {
        List<String> words = new ArrayList<>();
        List<String> values = combinations.at(number);
        for (int i = 0; i < values.size(); i++) {
            words.add(varied.get(i).name());
            words.add(values.get(i));
        }
        return words;
    }

    /** The texts of a question under the names that flat outputs have for them. */
    Map<String, Object> asked(List<String> values) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            boolean count = varied.get(i).label().equals("N");
            columns.put(column(varied.get(i).name()), count ? (Object) Counts.parse(values.get(i), 0) : values.get(i));
        }
        return columns;
    }

    private static String column(String option) {
        return "question_"
                + switch (option) {
                    case "--dtype" -> "weight_format";
                    case "--kv-dtype" -> "kv_format";
                    default -> option.substring(2).replace('-', '_');
                };
    }
}
