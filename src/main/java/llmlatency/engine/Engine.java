package llmlatency.engine;

import llmlatency.units.Bytes;

/**
 * A program that serves models. So far only its memory is described: nothing beyond the floor is expected of any engine
 * that a profile names.
 *
 * @param name its name
 * @param memoryUtilisation share of the usable memory that it takes, above 0 and at most 1
 * @param reserve what it needs beside weights, cache and activations
 * @param cacheBlockTokens tokens in a block of its cache
 */
public record Engine(String name, double memoryUtilisation, Bytes reserve, int cacheBlockTokens) {
    /** An engine whose cache grows token by token. */
    public Engine(String name, double memoryUtilisation, Bytes reserve) {
        this(name, memoryUtilisation, reserve, 1);
    }

    public Engine {
        if (!(memoryUtilisation > 0 && memoryUtilisation <= 1)) {
            throw new IllegalArgumentException("memory utilisation " + memoryUtilisation);
        }
    }
}
