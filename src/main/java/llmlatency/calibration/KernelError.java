package llmlatency.calibration;

import org.jspecify.annotations.Nullable;

/**
 * How far the times of a table's kernels are met on one device in one format; errors in percent.
 *
 * @param table the kind of kernels
 * @param gpu the device
 * @param format the format; empty: kernels that have none
 * @param engine the engine whose rules they are fitted to
 * @param rows rows of the table
 * @param own median of the absolute errors
 * @param bias median of the signed errors: above zero where estimates are larger
 * @param unseen median of the absolute errors by the tables of other devices; null: not asked for
 */
public record KernelError(
        String table,
        String gpu,
        String format,
        String engine,
        int rows,
        double own,
        double bias,
        @Nullable Double unseen) {}
