/** Reads models from files: our own documents, Hugging Face configs, and the headers of weight files. */
@NullMarked
package llmlatency.checkpoint;

import org.jspecify.annotations.NullMarked;
