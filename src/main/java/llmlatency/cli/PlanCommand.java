package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import llmlatency.profile.ProfileLibrary;
import llmlatency.report.PlanReport;
import llmlatency.report.ReportFormat;
import llmlatency.report.SearchReport;
import llmlatency.study.Against;
import llmlatency.study.Objective;
import llmlatency.study.Plan;
import llmlatency.study.Requirement;
import llmlatency.study.Requirements;
import llmlatency.study.Search;
import llmlatency.units.Refusal;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What do I need? */
@Command(
        name = "plan",
        description = {
            "What do I need? The cheapest, smallest or fastest hardware that keeps the limits; the largest batch,"
                    + " concurrency or context that still does; the bandwidth or memory that it would take.",
            "Options take lists, ranges and names with stars, as in sweep. Without --gpu all devices are looked at,"
                    + " one, two, four and eight of them. Exit code 1 where nothing will do."
        },
        sortOptions = false,
        footer = {
            "",
            "Examples",
            "  llm-latency plan -m llama-3.1-70b --max-tpot 30ms --max-ttft 1s",
            "  llm-latency plan -m llama-3.1-8b -d bf16,fp8 -g 'h*,l4*,a100*' --find fastest --max-price 4",
            "  llm-latency plan -m llama-3.1-8b -g h100-sxm,l40s --find concurrency --max-tpot 30ms",
            "  llm-latency plan -m 7b -g rtx4090 -d fp16 --find bandwidth --max-tpot 5ms"
        })
final class PlanCommand implements Callable<Integer> {
    private static final int MOST_SEARCHED = 2000;
    private final Console console;

    @Mixin
    Goal goal = new Goal();

    @Mixin
    ScenarioOptions scenario = new ScenarioOptions();

    @Mixin
    Show show = new Show();

    @Mixin
    ProfileOptions profiles = new ProfileOptions();

    /** What is wanted, and what it must keep. */
    static final class Goal {
        @Option(
                names = "--find",
                paramLabel = "WHAT",
                description = "cheapest (default), smallest or fastest hardware; or the largest batch, concurrency or"
                        + " context; or the least bandwidth or memory.")
        String find = "cheapest";

        @Option(names = "--max-ttft", paramLabel = "TIME", description = "Longest time to the first token: 300ms.")
        @Nullable
        String maxTtft;

        @Option(names = "--max-tpot", paramLabel = "TIME", description = "Longest mean time of each later token: 20ms.")
        @Nullable
        String maxTpot;

        @Option(names = "--max-total", paramLabel = "TIME", description = "Longest time to the last token: 5s.")
        @Nullable
        String maxTotal;

        @Option(
                names = "--min-tokens-per-second",
                paramLabel = "RATE",
                description = "Slowest decode speed of the batch, or tokens of all users under load: 50.")
        @Nullable
        String minTokensPerSecond;

        @Option(
                names = "--max-cost",
                paramLabel = "USD",
                description = "Highest cost of a million output tokens: 2.50.")
        @Nullable
        String maxCost;

        @Option(names = "--max-price", paramLabel = "USD", description = "Highest price an hour of all devices: 10.")
        @Nullable
        String maxPrice;

        @Option(
                names = "--against",
                paramLabel = "VALUE",
                description = "What is held against the limits: expected (default), pessimistic (the slow end of the"
                        + " interval) or floor.")
        String against = Against.EXPECTED.key();

        Requirements requirements() {
            List<Requirement> list = new ArrayList<>();
            time(list, Requirement.Figure.TTFT, "--max-ttft", maxTtft);
            time(list, Requirement.Figure.TPOT, "--max-tpot", maxTpot);
            time(list, Requirement.Figure.TOTAL, "--max-total", maxTotal);
            number(list, Requirement.Figure.TOKENS_PER_SECOND, "--min-tokens-per-second", minTokensPerSecond);
            number(list, Requirement.Figure.COST, "--max-cost", maxCost);
            number(list, Requirement.Figure.PRICE, "--max-price", maxPrice);
            return new Requirements(list, JudgeOptions.against(against));
        }

        private static void time(
                List<Requirement> list, Requirement.Figure figure, String option, @Nullable String text) {
            Seconds limit = OptionValue.optional(option, text, Seconds::parse);
            if (limit != null) {
                list.add(new Requirement(figure, limit.milliseconds()));
            }
        }

        private static void number(
                List<Requirement> list, Requirement.Figure figure, String option, @Nullable String text) {
            if (text != null) {
                list.add(new Requirement(figure, OptionValue.positive(option, text, "2.50")));
            }
        }

        @Nullable
        Objective objective() {
            for (Objective objective : Objective.values()) {
                if (objective.name().toLowerCase(Locale.ROOT).equals(find)) {
                    return objective;
                }
            }
            return null;
        }

        Search search() {
            for (Search search : Search.values()) {
                if (search.key().equals(find)) {
                    return search;
                }
            }
            throw new Refusal("--find '" + find
                    + "' is none of cheapest, smallest, fastest, batch, concurrency, context, bandwidth, memory");
        }
    }

    /** What to print. */
    static final class Show extends AnyFormat {
        @Option(names = "--top", paramLabel = "N", description = "How many of the best to show; default: 5.")
        String top = "5";
    }

    PlanCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReportFormat format = show.format();
        Requirements requirements = goal.requirements();
        Objective objective = goal.objective();
        ProfileLibrary library = profiles.library(console).keeping();
        return objective == null
                ? search(format, requirements, goal.search(), library)
                : plan(format, requirements, objective, library);
    }

    private int plan(ReportFormat format, Requirements requirements, Objective objective, ProfileLibrary library) {
        int top = (int) (long) OptionValue.of("--top", show.top, text -> Counts.parse(text, 1));
        boolean anywhere = scenario.device.gpu == null && scenario.device.bandwidth == null;
        if (anywhere) {
            scenario.device.gpu = "*";
        }
        boolean laidOut = scenario.device.gpus != null
                || scenario.layout.tensor != null
                || scenario.layout.pipeline != null
                || scenario.layout.data != null;
        if (anywhere && !laidOut) {
            scenario.device.gpus = "1,2,4,8";
        }
        QuestionGrid questions = QuestionGrid.of(scenario, library);
        Plan plan = Plan.of(questions, requirements, objective);
        requirePrices(requirements, plan);
        show.write(
                console,
                new PlanReport(
                                plan,
                                questions.combinations().axes(),
                                one -> questions.answer(one.number()),
                                top,
                                scenario.workload.underLoad())
                        .text(format));
        return plan.feasible().isEmpty() ? ExitCode.BUDGET_BROKEN : ExitCode.ANSWERED;
    }

    /** A limit of cost that nothing can be held against is a wrong question. */
    private static void requirePrices(Requirements requirements, Plan plan) {
        for (Requirement requirement : requirements.list()) {
            boolean money = requirement.measure() == Requirement.Figure.COST
                    || requirement.measure() == Requirement.Figure.PRICE;
            Long unknown =
                    plan.failures().get("no known " + requirement.measure().title());
            if (money && unknown != null && unknown == plan.possible()) {
                throw new Refusal(
                        "no price is known of any of these, so none can be held against a limit of cost",
                        "say it: --price 2.50 for all, or --price GPU=2.50");
            }
        }
    }

    private int search(ReportFormat format, Requirements requirements, Search search, ProfileLibrary library) {
        requireOwnAxis(search);
        QuestionGrid questions = QuestionGrid.of(scenario, library);
        long size = questions.combinations().size();
        if (size > MOST_SEARCHED) {
            throw new Refusal("these lists make " + size + " deployments, more than " + MOST_SEARCHED + " to search");
        }
        if (search == Search.BANDWIDTH && requirements.list().isEmpty()) {
            throw new Refusal("which bandwidth? give at least one limit, such as --max-tpot 20ms");
        }
        List<Search.Found> found = new ArrayList<>();
        for (long number = 0; number < size; number++) {
            found.add(search.found(questions, number, requirements));
        }
        Refusal first = found.get(0).answer().refusal();
        if (first != null && found.stream().allMatch(one -> one.answer().refusal() != null)) {
            throw first;
        }
        show.write(
                console,
                new SearchReport(
                                search,
                                requirements,
                                questions.combinations().axes(),
                                found,
                                scenario.workload.underLoad())
                        .text(format));
        return found.stream().allMatch(one -> one.value() == null) ? ExitCode.BUDGET_BROKEN : ExitCode.ANSWERED;
    }

    /** What is sought cannot be given too. */
    private void requireOwnAxis(Search search) {
        boolean load = scenario.workload.underLoad();
        boolean given = switch (search) {
            case BATCH -> scenario.workload.batch != null || load;
            case CONCURRENCY -> scenario.workload.batch != null || load;
            case BANDWIDTH -> scenario.device.bandwidth != null && scenario.device.gpu != null;
            default -> false;
        };
        if (given) {
            throw new Refusal("--find " + search.key() + " looks for it itself; leave out "
                    + (search == Search.BANDWIDTH ? "--bandwidth" : "--batch, --concurrency and --request-rate"));
        }
    }
}
