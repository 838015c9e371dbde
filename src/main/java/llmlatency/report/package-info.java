/** Shows results in many formats. Computes nothing of its own; the same input gives the same bytes everywhere. */
@NullMarked
package llmlatency.report;

import org.jspecify.annotations.NullMarked;
