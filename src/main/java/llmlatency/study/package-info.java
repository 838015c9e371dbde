/** Answers judged: estimates held against limits. */
@NullMarked
package llmlatency.study;

import org.jspecify.annotations.NullMarked;
