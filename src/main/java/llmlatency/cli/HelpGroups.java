package llmlatency.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options in the help, grouped by the class that holds them. Picocli's own groups would do the same, but cost a tenth of
 * the start-up of every run for what only a help text shows.
 */
final class HelpGroups {
    private static final Map<Class<?>, String> HEADINGS = headings();

    private HelpGroups() {}

    private static Map<Class<?>, String> headings() {
        Map<Class<?>, String> headings = new LinkedHashMap<>();
        headings.put(LimitOptions.class, "Limits");
        headings.put(JudgeOptions.class, "Limits");
        headings.put(CheckCommand.Before.class, "Baseline");
        headings.put(PlanCommand.Goal.class, "Goal");
        headings.put(ValidateCommand.Names.class, "Names beside files");
        headings.put(ValidateCommand.Figures.class, "Figures");
        headings.put(ScenarioOptions.ModelOptions.class, "Model");
        headings.put(InspectCommand.class, "Model");
        headings.put(DeviceOptions.class, "Hardware");
        headings.put(PriceOptions.class, "Hardware");
        headings.put(LayoutOptions.class, "Layout");
        headings.put(OffloadOptions.class, "Host");
        headings.put(EngineOptions.class, "Engine");
        headings.put(ScenarioOptions.WorkloadOptions.class, "Workload");
        headings.put(OutputOptions.class, "Output");
        headings.put(AnyFormat.class, "Output");
        headings.put(EstimateCommand.Show.class, "Output");
        headings.put(PlanCommand.Show.class, "Output");
        headings.put(PlotCommand.Show.class, "Output");
        headings.put(SweepCommand.Show.class, "Output");
        headings.put(CompareCommand.Show.class, "Output");
        headings.put(CheckCommand.Show.class, "Output");
        headings.put(ValidateCommand.Show.class, "Output");
        headings.put(ProfileOptions.class, "Profiles");
        headings.put(CheckCommand.Purity.class, "Profiles");
        return headings;
    }

    /** The options of a command under their headings. */
    static String text(Help help) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put("", new ArrayList<>());
        HEADINGS.values().forEach(heading -> groups.putIfAbsent(heading, new ArrayList<>()));
        for (OptionSpec option : help.commandSpec().options()) {
            groups.computeIfAbsent(heading(option), missing -> new ArrayList<>())
                    .add(option);
        }
        StringBuilder text = new StringBuilder();
        groups.forEach((heading, options) -> {
            if (!options.isEmpty()) {
                Help.Layout layout = help.createDefaultLayout();
                layout.addOptions(options, help.createDefaultParamLabelRenderer());
                text.append(heading.isEmpty() ? "" : "\n" + heading + "\n").append(layout);
            }
        });
        return text.toString();
    }

    private static String heading(OptionSpec option) {
        return option.userObject() instanceof Field field ? HEADINGS.getOrDefault(field.getDeclaringClass(), "") : "";
    }
}
