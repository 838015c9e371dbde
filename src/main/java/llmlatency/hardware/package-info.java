/** How long given work takes at best on a device. Knows no transformer. */
@NullMarked
package llmlatency.hardware;

import org.jspecify.annotations.NullMarked;
