package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Interval;
import llmlatency.estimate.Load;
import llmlatency.estimate.Timings;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/** What users see under load, for people: a block of its own, with names of its own. */
final class LoadText {
    static final String FIRST = "first token under load (TTFT)";
    static final String NEXT = "each next under load (TPOT)";
    private static final int DIGITS = 3;
    private final Estimate estimate;
    private final Demand demand;
    private final Load floor;
    private final @Nullable Load expected;
    private final boolean interval;
    private final List<List<String>> rows = new ArrayList<>();

    private LoadText(Estimate estimate, Demand demand, Load floor) {
        Timings likely = estimate.expected();
        this.estimate = estimate;
        this.demand = demand;
        this.floor = floor;
        this.expected = likely == null ? null : likely.load();
        this.interval = expected != null && expected.low() != null && expected.high() != null;
    }

    /** The text of an estimate; null where nothing keeps coming. */
    static @Nullable LoadText of(Estimate estimate) {
        Demand demand = estimate.scenario().workload().demand();
        Load floor = estimate.floor().load();
        return demand == null || floor == null ? null : new LoadText(estimate, demand, floor);
    }

    /** What keeps coming, and how the client behaves. */
    String title() {
        return demanded(demand)
                + (demand.inFlight() != null
                        ? ": a closed loop, each answer brings the next; steady state, equal lengths"
                        : ": an open loop, evenly spread; steady state, equal lengths");
    }

    /** What keeps coming. */
    static String demanded(Demand demand) {
        if (demand.inFlight() != null) {
            return Decimals.whole(demand.inFlight()) + (demand.inFlight() == 1 ? " request" : " requests")
                    + " in flight";
        }
        return number(demand.perSecond() == null ? 0 : demand.perSecond()) + " requests/s";
    }

    static String number(double value) {
        return Decimals.machine(value).toPlainString();
    }

    /** The figures. */
    Grid grid() {
        rows.clear();
        time(FIRST, Load.Figures::first);
        if (estimate.scenario().workload().outputTokens() > 1) {
            time(NEXT, Load.Figures::step);
        }
        time(
                Decimals.whole(estimate.scenario().workload().outputTokens()) + " tokens under load, in all",
                Load.Figures::total);
        rate("requests served", Load.Figures::requestsPerSecond, "req/s");
        rate("tokens, all users", Load.Figures::tokensPerSecond, "tok/s");
        row("requests at a time, a rank", batch(floor), expected == null ? "" : batch(expected), "");
        List<Grid.Column> header = new ArrayList<>(List.of(Grid.text(""), Grid.number("floor")));
        if (expected != null) {
            header.add(Grid.number("expected"));
        }
        if (interval) {
            header.add(Grid.number(Decimals.fixed(100 * Interval.LEVEL, 0) + " % interval"));
        }
        return new Grid(header, rows);
    }

    private static String batch(Load load) {
        return Decimals.whole(load.batch());
    }

    /** A time of some figures. */
    private interface Time {
        @Nullable
        Seconds of(Load.Figures figures);
    }

    /** A rate of some figures. */
    private interface Rate {
        double of(Load.Figures figures);
    }

    private void time(String name, Time time) {
        Load.Figures low = expected == null ? null : expected.low();
        Load.Figures high = expected == null ? null : expected.high();
        Seconds fast = low == null ? null : time.of(low);
        Seconds slow = high == null ? null : time.of(high);
        row(
                name,
                text(floor, time),
                expected == null ? "" : text(expected, time),
                fast == null || slow == null ? "" : Wording.range(fast, slow, DIGITS));
    }

    private static String text(Load load, Time time) {
        Seconds value = time.of(load.figures());
        return value == null ? "waits" : Wording.duration(value, DIGITS);
    }

    private void rate(String name, Rate rate, String unit) {
        Load.Figures low = expected == null ? null : expected.low();
        Load.Figures high = expected == null ? null : expected.high();
        String range = low == null || high == null || rate.of(low) == rate.of(high)
                ? ""
                : digits(rate.of(high)) + " - " + digits(rate.of(low)) + " " + unit;
        row(
                name,
                digits(rate.of(floor.figures())) + " " + unit,
                expected == null ? "" : digits(rate.of(expected.figures())) + " " + unit,
                range);
    }

    private static String digits(double rate) {
        return Decimals.significant(rate, rate >= 1000 ? 4 : DIGITS);
    }

    private void row(String name, String best, String likely, String range) {
        List<String> row = new ArrayList<>(List.of(name, best));
        if (expected != null) {
            row.add(likely);
        }
        if (interval) {
            row.add(range);
        }
        rows.add(row);
    }

    /** What more there is to say, a line each: how many memory admits, and whether some wait. */
    List<String> notes() {
        List<String> notes = new ArrayList<>();
        Long admitted = floor.admitted();
        Deployment deployment = estimate.scenario().deployment();
        String each = deployment.ranks() == 1 ? "" : " on each of " + deployment.ranks() + " ranks";
        notes.add(
                admitted == null
                        ? "no memory size is known, so all requests are taken to have room; give --memory"
                        : "memory admits " + Decimals.whole(admitted) + (admitted == 1 ? " request" : " requests")
                                + each + " at a time, half way through its output on average");
        if (expected == null) {
            saturated(notes, "", floor);
        } else {
            saturated(notes, "by the floor, ", floor);
            saturated(notes, "expected: ", expected);
        }
        return notes;
    }

    private void saturated(List<String> notes, String whose, Load load) {
        if (!load.saturated()) {
            return;
        }
        String most = digits(load.figures().requestsPerSecond());
        if (load.batch() == 0) {
            notes.add("saturated: " + whose + "memory has room for no request");
        } else if (demand.inFlight() != null) {
            notes.add("saturated: " + whose + Decimals.whole(load.batch()) + " of "
                    + Decimals.whole(estimate.scenario().deployment().ofRank(demand.inFlight()))
                    + " requests a rank have a place, the others wait for one; more users only wait");
        } else {
            notes.add("saturated: " + whose + "at most " + most + " requests/s can be served; beyond, the queue grows"
                    + " without end");
        }
    }
}
