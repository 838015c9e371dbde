package llmlatency.model;

/**
 * How one copy of a model is laid out over devices.
 *
 * @param tensor tensor-parallel degree: every matrix is cut into so many parts
 */
public record Parallelism(int tensor) {
    /** Everything on one device. */
    public static final Parallelism NONE = new Parallelism(1);

    public Parallelism {
        if (tensor < 1) {
            throw new IllegalArgumentException("tensor-parallel degree " + tensor);
        }
    }

    /** Of so many equal pieces, how many the fullest device gets: {@code ⌈pieces / tp⌉}. */
    long share(long pieces) {
        return (pieces + tensor - 1) / tensor;
    }
}
