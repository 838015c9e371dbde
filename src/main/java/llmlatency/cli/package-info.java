/** The command line: commands, options, messages and exit codes. */
@NullMarked
package llmlatency.cli;

import org.jspecify.annotations.NullMarked;
