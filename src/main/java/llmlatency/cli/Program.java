package llmlatency.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import llmlatency.document.NearestNames;
import llmlatency.units.Refusal;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The whole program but for the process around it: arguments in, an exit code out. */
public final class Program {
    private static final Map<String, Function<Console, Object>> COMMANDS = commands();
    private final Console console;

    /** A program on these streams. */
    public Program(Console console) {
        this.console = console;
    }

    private static Map<String, Function<Console, Object>> commands() {
        Map<String, Function<Console, Object>> commands = new LinkedHashMap<>();
        commands.put("estimate", EstimateCommand::new);
        commands.put("compare", CompareCommand::new);
        commands.put("sweep", SweepCommand::new);
        commands.put("plan", PlanCommand::new);
        commands.put("plot", PlotCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("validate", ValidateCommand::new);
        commands.put("fit", FitCommand::new);
        commands.put("inspect", InspectCommand::new);
        commands.put("list", ListCommand::new);
        commands.put("show", ShowCommand::new);
        return commands;
    }

    /** Runs it. Never throws; every end has its exit code. */
    public int run(String... arguments) {
        try {
            if (arguments.length == 0) {
                console.complain(
                        "llm-latency: which command? " + String.join(", ", COMMANDS.keySet()),
                        "  llm-latency estimate --model 7b --gpu rtx4090 --dtype fp16",
                        "  llm-latency --help shows more");
                return ExitCode.WRONG_QUESTION;
            }
            StringWriter printed = new StringWriter();
            int code = commandLine(new PrintWriter(printed), arguments).execute(arguments);
            if (!printed.toString().isEmpty()) {
                console.print(printed.toString());
            }
            return code;
        } catch (Refusal e) {
            console.refuse(e);
            return ExitCode.WRONG_QUESTION;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return bug(e);
        }
    }

    /** Only the command that is asked for is built: building all of them would be most of the start-up. */
    private CommandLine commandLine(PrintWriter out, String... arguments) {
        CommandLine root = new CommandLine(new RootCommand());
        Function<Console, Object> asked = COMMANDS.get(arguments[0]);
        if (asked == null) {
            COMMANDS.forEach((name, command) -> root.addSubcommand(name, command.apply(console)));
        } else {
            root.addSubcommand(arguments[0], asked.apply(console));
        }
        for (CommandLine command : root.getSubcommands().values()) {
            command.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .arity("0")
                            .type(boolean.class)
                            .description("Show this help.")
                            .build());
            if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
                command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, HelpGroups::text);
                // In the order of declaration: picocli would sort by the letters of the default locale.
                command.getCommandSpec().usageMessage().sortSynopsis(false);
            }
        }
        return root.setExpandAtFiles(false)
                .setOut(out)
                .setErr(out)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setParameterExceptionHandler((e, args) -> wrongArguments(e))
                .setExecutionExceptionHandler((e, commandLine, parse) -> {
                    if (e instanceof Refusal refusal) {
                        console.refuse(refusal);
                        return ExitCode.WRONG_QUESTION;
                    }
                    return bug(e);
                });
    }

    private int wrongArguments(ParameterException e) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        String help = spec.qualifiedName() + " --help shows what it takes";
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            boolean option = word.startsWith("-");
            List<String> near = NearestNames.among(
                    option ? options(spec) : spec.subcommands().keySet(), word);
            String what =
                    option ? "no option '" : spec.subcommands().isEmpty() ? "nothing expected at '" : "no command '";
            String question = NearestNames.question(near);
            console.refuse(new Refusal(what + word + "'" + question, help));
        } else {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf('\n');
            console.refuse(new Refusal(end < 0 ? message : message.substring(0, end), help));
        }
        return ExitCode.WRONG_QUESTION;
    }

    private static List<String> options(CommandSpec spec) {
        List<String> names = new ArrayList<>();
        spec.options().forEach(option -> names.add(option.longestName()));
        return names;
    }

    private int bug(Throwable e) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace, true));
        console.complain(
                "llm-latency: this is a bug of ours, please report it with the command and these lines",
                "llm-latency " + Version.text() + ", Java " + System.getProperty("java.version"),
                trace.toString().stripTrailing());
        return ExitCode.OUR_BUG;
    }
}
