package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import llmlatency.document.NamePattern;
import llmlatency.profile.Profile;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.CatalogueReport;
import llmlatency.report.ReportFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Which names are known? */
@Command(
        name = "list",
        description = "Which models, GPUs, formats and engines are known?",
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency list gpus 'rtx40*'",
            "  llm-latency list models qwen -f json | jq -r '.items[].name'"
        })
final class ListCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "KIND", description = "models, gpus, formats or engines.")
    String kind = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "Only names or titles that hold this; * stands for anything.")
    @Nullable
    String pattern;

    @Mixin
    AnyFormat output = new AnyFormat();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    ListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = output.format();
        ProfileKind asked = Kinds.parse(kind);
        ProfileLibrary library = profiles.library(console);
        List<Profile<?>> found = new ArrayList<>();
        for (String name : library.names(asked)) {
            Profile<?> profile = library.any(asked, name);
            if (pattern == null || matches(pattern, profile)) {
                found.add(profile);
            }
        }
        output.write(console, CatalogueReport.list(asked, found, format));
        if (found.isEmpty()) {
            console.remark("no " + asked.noun() + " matches '" + pattern + "'");
        }
        return ExitCode.ANSWERED;
    }

    private static boolean matches(String pattern, Profile<?> profile) {
        return NamePattern.matches(pattern, profile.name()) || NamePattern.matches(pattern, profile.title());
    }
}
