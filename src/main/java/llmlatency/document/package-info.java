/** JSON documents whose every value knows its file, line and field, and the comparison of names in them. */
@NullMarked
package llmlatency.document;

import org.jspecify.annotations.NullMarked;
