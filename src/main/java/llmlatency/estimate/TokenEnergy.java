package llmlatency.estimate;

import llmlatency.units.Assumption;
import llmlatency.units.Seconds;
import llmlatency.units.Watts;
import org.jspecify.annotations.Nullable;

/**
 * What energy tokens take on devices that draw their board power all the time, which is the most that they may: prefill
 * is counted for the input tokens, decode for the output tokens, and under load all of it for the output tokens.
 *
 * @param power board power of one device
 * @param gpus how many there are
 */
public record TokenEnergy(Watts power, int gpus) {
    /** The energy on what a scenario runs on; null where no board power of the device is known. */
    public static @Nullable TokenEnergy of(Scenario scenario) {
        Watts power = scenario.deployment().gpu().build().boardPower();
        return power == null
                ? null
                : new TokenEnergy(power, scenario.deployment().gpus());
    }

    /**
     * {@code board power · GPUs · time / tokens}: joules for each of so many tokens, which take that long.
     *
     * <p>Source: the definition of power. Holds for: devices at their power limit; decode often draws less, hosts and
     * cooling come on top.
     */
    public double perToken(Seconds time, double tokens) {
        return power.value() * gpus * time.value() / tokens;
    }

    /** What it rests on. */
    Assumption assumption() {
        return new Assumption(
                "energy",
                Math.round(power.value()) + " W",
                "each device draws its board power all the time, the most that it may; hosts and cooling come on top");
    }

    /** Joules for each token of the prompts: their pass over all of them, those in the cache too. */
    double input(Workload workload, Timings timings) {
        return perToken(timings.prefill().time(), (double) workload.batch() * workload.promptTokens());
    }

    /** Joules for each output token, decode alone; null where only one token is asked for. */
    @Nullable
    Double output(Workload workload, Timings timings) {
        Decode decode = timings.decode();
        return decode == null ? null : (Double) perToken(decode.mean().time(), workload.batch());
    }

    /** Joules for each output token of requests that keep coming, their prompts included; null where none come out. */
    @Nullable
    Double underLoad(Load.Figures figures) {
        double rate = figures.tokensPerSecond();
        return rate > 0 ? (Double) perToken(new Seconds(1), rate) : null;
    }
}
