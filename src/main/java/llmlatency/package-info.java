/**
 * The door: arguments and streams in, an exit code out.
 *
 * <p>Pages named in comments ({@code how-it-counts.md}, {@code output.md}, {@code profiles.md}) lie under
 * {@code src/site/markdown}.
 */
@NullMarked
package llmlatency;

import org.jspecify.annotations.NullMarked;
