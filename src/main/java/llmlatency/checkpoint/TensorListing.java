package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the headers of a checkpoint's weight files say. Their sums fit a {@code long}, or there is no listing.
 *
 * @param files the files that were read, in order
 * @param tensors all tensors, in the order of the files; no name stands twice
 * @param metadata what is said beside them: texts, {@code Long}, {@code Double}, {@code Boolean}, {@code BigInteger}
 *     beyond a long, lists of these, and {@link SkippedValue} where a value was too long to keep; of several files the
 *     index and the first are heard
 */
public record TensorListing(List<Path> files, List<StoredTensor> tensors, Map<String, Object> metadata) {
    public TensorListing {
        files = List.copyOf(files);
        tensors = List.copyOf(tensors);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }

    /** Numbers stored in all tensors: packed integers, scales and buffers count as such. */
    public long elements() {
        return tensors.stream().mapToLong(StoredTensor::elements).sum();
    }

    /** Bytes of all tensors, without headers and padding. */
    public long bytes() {
        return tensors.stream().mapToLong(StoredTensor::bytes).sum();
    }
}
