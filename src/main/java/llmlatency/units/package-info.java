/**
 * Numbers that know their unit and their source. Each quantity is a record around one {@code double} in the SI base
 * unit; {@link llmlatency.units.Prefix} is the only table of multipliers, so decimal GB and binary GiB cannot be mixed.
 */
@NullMarked
package llmlatency.units;

import org.jspecify.annotations.NullMarked;
