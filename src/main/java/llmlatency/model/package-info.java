/**
 * What one forward pass of a decoder has to do, and what must be held in memory. Knows no device: its answers are
 * {@link llmlatency.work.Operation operations} and bytes.
 */
@NullMarked
package llmlatency.model;

import org.jspecify.annotations.NullMarked;
