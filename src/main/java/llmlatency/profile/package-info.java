/**
 * Profiles: the data about models, devices, number formats and engines, and the only place that resolves their names.
 */
@NullMarked
package llmlatency.profile;

import org.jspecify.annotations.NullMarked;
