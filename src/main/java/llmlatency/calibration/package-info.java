/** Measurements, and estimates held against them. */
@NullMarked
package llmlatency.calibration;

import org.jspecify.annotations.NullMarked;
