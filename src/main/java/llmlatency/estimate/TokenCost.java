package llmlatency.estimate;

import llmlatency.hardware.Price;
import llmlatency.units.Seconds;
import org.jspecify.annotations.Nullable;

/**
 * What tokens cost on rented devices: the time that they keep all of them busy, at their price. Prefill is paid by the
 * input tokens and decode by the output tokens, so that both together pay every second. Under load the two overlap, and
 * the output tokens pay for all of it.
 *
 * @param price of one device
 * @param gpus how many are rented
 */
public record TokenCost(Price price, int gpus) {
    private static final double SECONDS_PER_HOUR = 3600;
    private static final double MILLION = 1e6;

    /** The cost on what a scenario runs on; null where no price of the device is known. */
    public static @Nullable TokenCost of(Scenario scenario) {
        Price price = scenario.deployment().gpu().price();
        return price == null ? null : new TokenCost(price, scenario.deployment().gpus());
    }

    /** USD an hour for all devices. */
    public double perHour() {
        return price.perHour().value() * gpus;
    }

    /**
     * {@code price · GPUs · time / tokens · 10^6}: USD for a million tokens, of which so many take that long.
     *
     * <p>Source: the definition of the price. Holds for: devices that are busy all the time that they are paid for.
     */
    public double perMillion(Seconds time, double tokens) {
        return perHour() / SECONDS_PER_HOUR * time.value() / tokens * MILLION;
    }

    /** USD for a million input tokens: the prompts' pass over all their tokens, those in the cache too. */
    double input(Workload workload, Timings timings) {
        return perMillion(timings.prefill().time(), (double) workload.batch() * workload.promptTokens());
    }

    /** USD for a million output tokens, decode alone; null where only one token is asked for. */
    @Nullable
    Double output(Workload workload, Timings timings) {
        Decode decode = timings.decode();
        return decode == null ? null : (Double) perMillion(decode.mean().time(), workload.batch());
    }

    /** USD for a million output tokens of requests that keep coming, their prompts included; null where none come out. */
    @Nullable
    Double underLoad(Load.Figures figures) {
        double rate = figures.tokensPerSecond();
        return rate > 0 ? (Double) perMillion(new Seconds(1), rate) : null;
    }
}
