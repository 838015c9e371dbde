package llmlatency.hardware;

import llmlatency.units.UsdPerHour;

/**
 * What a device costs to rent.
 *
 * @param perHour for an hour of one device
 * @param source who asks it, and when
 */
public record Price(UsdPerHour perHour, String source) {}
