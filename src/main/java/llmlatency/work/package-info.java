/**
 * The contract between what must be done and how fast it can be: amounts of moving and computing, free of any device and
 * of any transformer.
 */
@NullMarked
package llmlatency.work;

import org.jspecify.annotations.NullMarked;
