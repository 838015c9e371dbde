package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import llmlatency.engine.Parameter;
import llmlatency.engine.Performance;
import llmlatency.engine.Rule;
import llmlatency.estimate.Admission;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Load;
import llmlatency.estimate.OperationTime;
import llmlatency.estimate.Scenario;
import llmlatency.estimate.Timings;
import llmlatency.estimate.Workload;
import llmlatency.units.Seconds;
import llmlatency.work.KernelKind;
import org.jspecify.annotations.Nullable;

/** The arithmetic of what users see under load: who has a place, what a step is made of, what follows. */
final class LoadExplanation {
    private static final int DIGITS = 4;
    private final Scenario scenario;
    private final Deployment deployment;
    private final Workload workload;
    private final List<String> lines = new ArrayList<>();

    private LoadExplanation(Estimate estimate) {
        this.scenario = estimate.scenario();
        this.deployment = scenario.deployment();
        this.workload = scenario.workload();
    }

    /** The lines, not yet wrapped; headings do not begin with a blank. None where nothing keeps coming. */
    static List<String> of(Estimate estimate) {
        Demand demand = estimate.scenario().workload().demand();
        Load floor = estimate.floor().load();
        if (demand == null || floor == null) {
            return List.of();
        }
        LoadExplanation explanation = new LoadExplanation(estimate);
        explanation.places(demand, floor);
        explanation.answer("floor", floor, demand, null);
        Timings expected = estimate.expected();
        if (expected != null && expected.load() != null) {
            explanation.answer("expected", expected.load(), demand, estimate.performance());
        }
        return explanation.lines;
    }

    private void places(Demand demand, Load floor) {
        lines.add("Under load: who has a place");
        long ranks = deployment.ranks();
        if (demand.inFlight() != null) {
            add(Decimals.whole(demand.inFlight()) + " in flight"
                    + (ranks == 1
                            ? ", all on one rank"
                            : over() + ": at most " + Decimals.whole(deployment.ofRank(demand.inFlight()))
                                    + " on a rank"));
        } else if (ranks > 1) {
            add(LoadText.demanded(demand) + over());
        }
        Admission.Room room = Admission.room(scenario);
        if (room == null || floor.admitted() == null) {
            add("no memory size is known: all have room");
            return;
        }
        add("memory of the fullest device: " + Decimals.whole(Math.round(room.usable())) + " usable x "
                + LoadText.number(deployment.engine().memoryUtilisation()) + " - " + Decimals.whole(room.weights())
                + " weights - "
                + Decimals.whole(Math.round(deployment.engine().reserve().value()))
                + " reserve = " + Decimals.whole(Math.round(room.free())) + " bytes");
        add("a request half way holds P + n/2 = " + Decimals.whole(room.tokens()) + " tokens: "
                + Decimals.whole(room.each()) + " bytes; " + Decimals.whole(Math.round(room.free())) + " / "
                + Decimals.whole(room.each()) + " = " + Decimals.whole(floor.admitted()) + " requests on a rank");
    }

    private String over() {
        return " over " + deployment.replicas() + (deployment.replicas() == 1 ? " replica x " : " replicas x ")
                + deployment.parallelism().data() + (deployment.parallelism().data() == 1 ? " rank" : " ranks");
    }

    private void answer(String whose, Load load, Demand demand, @Nullable Performance performance) {
        Load.Parts parts = load.parts();
        Load.Figures figures = load.figures();
        if (parts == null) {
            return;
        }
        lines.add("Under load, " + whose + ": a step of B = " + Decimals.whole(load.batch())
                + (load.batch() == 1 ? " request" : " requests") + " on a rank");
        if (demand.inFlight() == null) {
            add(
                    load.saturated()
                            ? "no B that has room reaches the rate; this one serves most"
                            : "the smallest B whose B / (TTFT + (n - 1) TPOT) reaches the rate of a rank");
        }
        kinds(parts, performance, load.batch());
        add("the batch alone, " + Decimals.whole(workload.promptTokens()) + " + n/2 tokens each: "
                + ms(parts.running().time()));
        double prompts = (double) load.batch() / workload.outputTokens();
        add("prefill share: " + LoadText.number(parts.share()) + " (admission) x B/n = " + load.batch() + "/"
                + Decimals.whole(workload.outputTokens()) + " prompts a step x " + ms(parts.prompt())
                + " that one adds = " + ms(parts.prompt().times(parts.share() * prompts)));
        long later = workload.outputTokens() - 1;
        if (figures.step() != null) {
            add("TPOT = the batch alone + prefill share = " + ms(figures.step()));
        }
        if (figures.first() != null && figures.total() != null) {
            add("TTFT = " + first(performance, load) + " = " + ms(figures.first()));
            add("in all = TTFT + " + Decimals.whole(later) + " TPOT = " + ms(figures.total()));
        } else {
            add("no TTFT: requests wait for a place, and how long is not said");
        }
        add("served: " + Decimals.significant(figures.requestsPerSecond(), 5) + " requests/s"
                + (demand.inFlight() != null || load.saturated()
                        ? " = requests with a place / (TTFT + (n - 1) TPOT), Little's law"
                        : ", as they come")
                + "; times n = " + Decimals.significant(figures.tokensPerSecond(), 5) + " tokens/s");
    }

    /** How the time to a first token comes about. */
    private String first(@Nullable Performance performance, Load load) {
        if (performance == null) {
            return "what a prompt adds, or B/n of it where that is more";
        }
        return "(" + LoadText.number(performance.value(Parameter.LOAD_PROMPTS)) + " load_prompts + "
                + LoadText.number(performance.value(Parameter.LOAD_QUEUE)) + " load_queue x " + (load.batch() - 1)
                + ") prompts + " + LoadText.number(performance.value(Parameter.LOAD_STEPS)) + " load_steps x "
                + ms(
                        load.parts() == null
                                ? new Seconds(0)
                                : load.parts().running().time()) + " + "
                + ms(new Seconds(performance.value(Parameter.REQUEST_TIME))) + " request_time";
    }

    private void kinds(Load.Parts parts, @Nullable Performance performance, long batch) {
        kind(parts, "linear layers", KernelKind.MATRIX);
        kind(parts, "experts", KernelKind.EXPERTS);
        kind(parts, "attention", KernelKind.ATTENTION);
        kind(parts, "recurrent states", KernelKind.STATE);
        if (performance == null) {
            return;
        }
        Seconds between = parts.running().breakdown().communication();
        if (between.value() > 0) {
            add("all-reduces between devices: " + ms(between));
        }
        Map<Parameter, Rule.Value> now = performance.inForce(batch).values();
        double host = value(now, Parameter.PASS_TIME) + batch * value(now, Parameter.SEQUENCE_TIME);
        add("small kernels of the layers: "
                + ms(new Seconds(parts.running().breakdown().overhead().value() - host)));
        add("host, pass_time + " + batch + " x sequence_time: " + ms(new Seconds(host)));
    }

    private static double value(Map<Parameter, Rule.Value> now, Parameter parameter) {
        Rule.Value value = now.get(parameter);
        return value == null ? 0 : value.value();
    }

    private void kind(Load.Parts parts, String name, KernelKind kind) {
        double time = 0;
        for (OperationTime operation : parts.running().operations()) {
            time += operation.kind() == kind ? operation.time().value() : 0;
        }
        if (time > 0) {
            add(name + ": " + ms(new Seconds(time)));
        }
    }

    private static String ms(Seconds time) {
        return Decimals.significant(time.milliseconds(), DIGITS) + " ms";
    }

    private void add(String text) {
        lines.add("  " + text);
    }
}
