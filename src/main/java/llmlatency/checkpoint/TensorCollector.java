package llmlatency.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Quote;
import llmlatency.units.Refusal;

/** Gathers the tensors of one or more files into a listing of bounded size. */
final class TensorCollector {
    /** More than this would not fit beside the rest of the program into a heap of 64 MiB; about 240,000 tensors. */
    private static final long MOST_BYTES = 40L << 20;
    /** What a tensor takes beside its name and shape: a record, a text's header, and a place in lists and sorts. */
    private static final long BYTES_PER_TENSOR = 104;

    private static final long BYTES_PER_DIMENSION = 32;
    /** Checkpoints repeat a dozen shapes; more would help only those who want the look-up to be slow. */
    private static final int SHARED_SHAPES = 256;
    /** Java keeps texts without wider characters in a byte each. */
    private static final int WIDEST_NARROW = 0xff;

    private final Path where;
    private final List<StoredTensor> tensors = new ArrayList<>();
    private final Map<List<Long>, List<Long>> shapes = new HashMap<>();
    private long heldBytes;
    private long elements;

    /**
     * @param where what the user asked for, named in messages about several files
     */
    TensorCollector(Path where) {
        this.where = where;
    }

    /** How many there are. */
    int count() {
        return tensors.size();
    }

    /**
     * Adds a tensor.
     *
     * @param file the file that lists it, at {@code offset}
     * @return the bytes it takes
     */
    long add(HeaderFile file, long offset, String name, TensorType type, List<Long> shape) {
        long size;
        long bytes;
        try {
            size = elements(shape);
            bytes = type.bytes(size);
            elements = Math.addExact(elements, size);
        } catch (ArithmeticException e) {
            throw file.refuse(offset, "tensor " + Quote.of(name) + " of shape " + shape + " is larger than any file");
        }
        if (size % type.block() != 0) {
            throw file.refuse(
                    offset,
                    "tensor " + Quote.of(name) + " has " + size + " elements, not whole " + type.name() + " blocks of "
                            + type.block());
        }
        List<Long> shared = shared(shape);
        boolean narrow = name.chars().allMatch(c -> c <= WIDEST_NARROW);
        heldBytes += BYTES_PER_TENSOR + (narrow ? name.length() : 2L * name.length());
        if (heldBytes > MOST_BYTES) {
            throw file.refuse(offset, "more tensors, or longer names, than any model has, from tensor " + count());
        }
        tensors.add(new StoredTensor(name, type.name(), shared, size, bytes));
        return bytes;
    }

    private List<Long> shared(List<Long> shape) {
        List<Long> known = shapes.get(shape);
        if (known != null) {
            return known;
        }
        List<Long> fresh = List.copyOf(shape);
        heldBytes += BYTES_PER_DIMENSION * (1 + fresh.size());
        if (shapes.size() < SHARED_SHAPES) {
            shapes.put(fresh, fresh);
        }
        return fresh;
    }

    /** The names in order. */
    String[] sortedNames() {
        String[] names = new String[tensors.size()];
        for (int i = 0; i < names.length; i++) {
            names[i] = tensors.get(i).name();
        }
        Arrays.sort(names);
        return names;
    }

    /**
     * The listing.
     *
     * @throws Refusal when two tensors have one name
     */
    TensorListing listing(List<Path> files, Map<String, Object> metadata) {
        // Sorting takes a fifth of the memory of a set, and nobody can choose names that make it slow.
        String[] names = sortedNames();
        for (int i = 1; i < names.length; i++) {
            if (names[i].equals(names[i - 1])) {
                throw new Refusal(where + " lists the tensor " + Quote.of(names[i]) + " twice");
            }
        }
        return new TensorListing(files, tensors, metadata);
    }

    private static long elements(List<Long> shape) {
        long product = 1;
        for (long dimension : shape) {
            product = Math.multiplyExact(product, dimension);
        }
        return product;
    }
}
