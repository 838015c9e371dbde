package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
        return matches(pattern, profile.name()) || matches(pattern, profile.title());
    }

    /** Whether the text holds the pattern, case aside; with a star in it, whether it is wholly of that form. */
    private static boolean matches(String pattern, String text) {
        String low = text.toLowerCase(Locale.ROOT);
        String[] pieces = pattern.toLowerCase(Locale.ROOT).split("\\*", -1);
        if (pieces.length == 1) {
            return low.contains(pieces[0]);
        }
        if (!low.startsWith(pieces[0])) {
            return false;
        }
        int at = pieces[0].length();
        for (int i = 1; i < pieces.length - 1; i++) {
            int next = low.indexOf(pieces[i], at);
            if (next < 0) {
                return false;
            }
            at = next + pieces[i].length();
        }
        String last = pieces[pieces.length - 1];
        return low.length() - last.length() >= at && low.endsWith(last);
    }
}
