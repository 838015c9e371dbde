package llmlatency.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program itself; its commands are added by {@link Program}. */
@Command(
        name = "llm-latency",
        description = "How fast will this language model run on that GPU, and will it meet my budget?",
        versionProvider = Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands%n",
        exitCodeListHeading = "%nExit codes%n",
        exitCodeList = {
            " 0:answered, and within budget",
            " 1:a budget is broken",
            " 2:the question is wrong, or something it needs cannot be read or written",
            "70:our bug, or no fitting Java found",
            "130:interrupted"
        },
        footer = {
            "",
            "Examples",
            "  llm-latency estimate --model 7b --gpu rtx4090 --dtype fp16",
            "  llm-latency check -m 7b -g rtx4090 -d fp16 --max-tpot 20ms",
            "  llm-latency list gpus",
            "",
            "llm-latency COMMAND --help shows the options of a command."
        })
final class RootCommand {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;
}
