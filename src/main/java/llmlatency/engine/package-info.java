/** How near real inference engines come to what a device could do. */
@NullMarked
package llmlatency.engine;

import org.jspecify.annotations.NullMarked;
