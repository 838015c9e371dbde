package llmlatency.calibration;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How many pairs of token and expert the busiest of several devices had, where a benchmark dealt tokens out by a law. Its
 * times were measured on drawn loads, so the loads behind them are drawn alike, not computed.
 *
 * <p>Source: ai-dynamo/aiconfigurator, collector for mixtures of experts: labels {@code balanced} and {@code power_law_A}.
 */
final class ExpertLoads {
    private static final String BALANCED = "balanced";
    private static final Pattern POWER_LAW = Pattern.compile("power_law_([0-9](?:\\.[0-9]{1,6})?)");
    private static final int DRAWS = 10;
    private static final long SEED = 20_260_401;
    private final Map<Question, Load> known = new HashMap<>();

    /**
     * What is drawn for.
     *
     * @param tokens T, tokens of all devices
     * @param perToken k, experts that a token meets
     * @param experts E, all experts
     * @param devices groups of devices that experts are dealt out over, in sequence
     * @param distribution the law's label
     */
    record Question(int tokens, int perToken, int experts, int devices, String distribution) {}

    /**
     * The load of the busiest device.
     *
     * @param pairs N, pairs of a token and an expert on it
     * @param touched D, experts on it that meet a token
     */
    record Load(double pairs, double touched) {}

    /** Whether the law is one that we can draw from. */
    static boolean knows(String distribution) {
        return distribution.equals(BALANCED) || exponent(distribution) != null;
    }

    /** The load, the same whenever it is asked for. */
    Load of(Question question) {
        return known.computeIfAbsent(question, ExpertLoads::load);
    }

    /**
     * The mean of ten draws; {@code N = T·k/ep, D = min(E/ep, ⌈N⌉)} where loads are balanced.
     *
     * <p>Source: aiconfigurator's collector; see {@link #drawn} for the draw. Holds for: loads that the tables name.
     */
    private static Load load(Question question) {
        if (question.distribution().equals(BALANCED)) {
            double pairs = (double) question.tokens() * question.perToken() / question.devices();
            double here = (double) question.experts() / question.devices();
            return new Load(pairs, Math.min(here, Math.ceil(pairs)));
        }
        Random random = new Random(SEED + 31L * (31L * question.tokens() + question.experts()) + question.perToken());
        double pairs = 0;
        double touched = 0;
        for (int i = 0; i < DRAWS; i++) {
            Load busiest = busiest(drawn(question, random), question.devices());
            pairs += busiest.pairs() / DRAWS;
            touched += busiest.touched() / DRAWS;
        }
        return new Load(pairs, touched);
    }

    private static @Nullable Double exponent(String distribution) {
        Matcher law = POWER_LAW.matcher(distribution);
        double exponent = law.matches() ? Double.parseDouble(law.group(1)) : 1;
        return exponent == 1 ? null : (Double) exponent;
    }

    /**
     * Tokens of each expert: {@code x = ((b^(1−A) − a^(1−A))·u + a^(1−A))^(1/(1−A))} with u uniform in (0, 1), a = 1 and
     * b = 0.8·T where T·k > E, else 0.01 and 2; the expert has {@code round(x / Σx · T·k)} of them, what rounding leaves
     * goes one by one to the most loaded, and what it gave too much is taken from the least loaded.
     *
     * <p>Source: aiconfigurator's collector, as for the class. Holds for: exponents other than 1.
     */
    static int[] drawn(Question question, Random random) {
        int pairs = question.tokens() * question.perToken();
        boolean many = pairs > question.experts();
        double power = 1 - exponentOf(question);
        double low = Math.pow(many ? 1 : 0.01, power);
        double high = Math.pow(many ? 0.8 * question.tokens() : 2, power);
        double[] loads = new double[question.experts()];
        double sum = 0;
        for (int i = 0; i < loads.length; i++) {
            loads[i] = Math.pow((high - low) * random.nextDouble() + low, 1 / power);
            sum += loads[i];
        }
        int[] tokens = new int[loads.length];
        int left = pairs;
        for (int i = 0; i < loads.length; i++) {
            tokens[i] = (int) Math.round(loads[i] / sum * pairs);
            left -= tokens[i];
        }
        settle(tokens, left);
        return tokens;
    }

    private static double exponentOf(Question question) {
        Double exponent = exponent(question.distribution());
        if (exponent == null) {
            throw new IllegalArgumentException("no law " + question.distribution());
        }
        return exponent;
    }

    private static void settle(int[] tokens, int left) {
        List<Integer> busiestFirst = new ArrayList<>();
        for (int i = 0; i < tokens.length; i++) {
            busiestFirst.add(i);
        }
        busiestFirst.sort(Comparator.comparingInt((Integer i) -> -tokens[i]));
        int rest = left;
        for (int i = 0; rest > 0; i++) {
            tokens[busiestFirst.get(i % tokens.length)]++;
            rest--;
        }
        for (int i = 0; rest < 0; i++) {
            int expert = busiestFirst.get(tokens.length - 1 - i % tokens.length);
            if (tokens[expert] > 0) {
                tokens[expert]--;
                rest++;
            }
        }
    }

    private static Load busiest(int[] tokens, int devices) {
        int here = Math.max(1, tokens.length / devices);
        long most = -1;
        int touched = 0;
        for (int first = 0; first + here <= tokens.length; first += here) {
            long pairs = 0;
            int met = 0;
            for (int i = first; i < first + here; i++) {
                pairs += tokens[i];
                met += tokens[i] > 0 ? 1 : 0;
            }
            if (pairs > most) {
                most = pairs;
                touched = met;
            }
        }
        return new Load(most, touched);
    }
}
