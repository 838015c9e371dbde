package llmlatency.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import llmlatency.estimate.Estimate;
import llmlatency.study.Requirement;
import llmlatency.study.Requirements;

/** Requirements, and what is missed of them, in words and in JSON. */
final class MissText {
    private static final double PERCENT = 100;

    private MissText() {}

    /** {@code TPOT at most 20 ms}. */
    static String required(Requirement requirement) {
        return requirement.measure().title()
                + (requirement.upper() ? " at most " : " at least ")
                + amount(requirement, requirement.limit());
    }

    /** All of them in a line; that it must fit where there are none. */
    static String required(Requirements requirements) {
        List<String> words = new ArrayList<>();
        requirements.list().forEach(one -> words.add(required(one)));
        words.add(words.isEmpty() ? "what it must do is to fit in memory" : "fits in memory");
        return String.join(", ", words);
    }

    /** What an estimate misses, in a line: {@code TPOT 25.1 ms, 26 % over 20 ms}. */
    static String missed(List<Requirements.Miss> misses, Estimate estimate) {
        List<String> words = new ArrayList<>();
        for (Requirements.Miss miss : misses) {
            words.add(missed(miss, estimate));
        }
        return String.join("; ", words);
    }

    private static String missed(Requirements.Miss miss, Estimate estimate) {
        Requirement requirement = miss.requirement();
        if (requirement == null) {
            boolean waits =
                    estimate.floor().load() != null && estimate.floor().load().saturated();
            return waits ? "memory has no place for all requests" : Wording.fits(estimate);
        }
        Double value = miss.value();
        if (value == null) {
            return "no " + requirement.measure().title() + " is "
                    + (requirement.measure() == Requirement.Figure.PRICE
                                    || requirement.measure() == Requirement.Figure.COST
                            ? "known"
                            : "expected");
        }
        return requirement.measure().title() + " " + amount(requirement, value) + ", "
                + percent(PERCENT * requirement.excess(value)) + " % "
                + (requirement.upper() ? "over " : "under ") + amount(requirement, requirement.limit());
    }

    private static String percent(double value) {
        return value < 1 ? Decimals.significant(value, 1) : Decimals.fixed(value, 0);
    }

    private static String amount(Requirement requirement, double value) {
        return Decimals.significant(value, value >= 1000 ? 4 : 3) + " "
                + requirement.measure().unit();
    }

    static List<Object> limits(Requirements requirements, boolean load) {
        List<Object> limits = new ArrayList<>();
        for (Requirement requirement : requirements.list()) {
            Map<String, Object> limit = new LinkedHashMap<>();
            limit.put("metric", requirement.measure().key(load));
            limit.put("limit", requirement.limit());
            limits.add(limit);
        }
        return limits;
    }

    static List<Object> misses(List<Requirements.Miss> misses, boolean load) {
        List<Object> list = new ArrayList<>();
        for (Requirements.Miss miss : misses) {
            Map<String, Object> one = new LinkedHashMap<>();
            Requirement requirement = miss.requirement();
            one.put(
                    "metric",
                    requirement == null ? "memory" : requirement.measure().key(load));
            if (requirement != null) {
                one.put("limit", requirement.limit());
            }
            if (requirement != null && miss.value() != null) {
                one.put("value", miss.value());
            }
            list.add(one);
        }
        return list;
    }
}
