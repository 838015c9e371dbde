/** The question and the answer: a scenario goes in, an estimate comes out. */
@NullMarked
package llmlatency.estimate;

import org.jspecify.annotations.NullMarked;
