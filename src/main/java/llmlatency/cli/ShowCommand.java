package llmlatency.cli;

import java.util.concurrent.Callable;
import llmlatency.profile.ProfileKind;
import llmlatency.report.CatalogueReport;
import llmlatency.report.ReportFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What is known about one of them, and from where? */
@Command(
        name = "show",
        description = "What is known about a model, GPU, format or engine, and from where?",
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency show gpu 'RTX 4090'",
            "  llm-latency show model 7b -f json | jq .sources"
        })
final class ShowCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "KIND", description = "model, gpu, format or engine.")
    String kind = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name, alias, Hugging Face id or profile file.")
    String name = "";

    @Mixin
    AnyFormat output = new AnyFormat();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    ShowCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = output.format();
        ProfileKind asked = Kinds.parse(kind);
        var profile = profiles.library(console).any(asked, name);
        output.write(console, CatalogueReport.show(asked, profile, format));
        return ExitCode.ANSWERED;
    }
}
