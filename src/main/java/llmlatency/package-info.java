/** The door: arguments and streams in, an exit code out. */
@NullMarked
package llmlatency;

import org.jspecify.annotations.NullMarked;
