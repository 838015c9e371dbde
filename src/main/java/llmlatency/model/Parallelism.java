package llmlatency.model;

/**
 * How one copy of a model is laid out over devices.
 *
 * @param tensor tensor-parallel degree: every matrix is cut into so many parts
 * @param stages into how many devices its layers are split, one part after the other
 */
public record Parallelism(int tensor, int stages) {
    /** Everything on one device. */
    public static final Parallelism NONE = new Parallelism(1, 1);

    public Parallelism {
        if (tensor < 1 || stages < 1) {
            throw new IllegalArgumentException("tensor-parallel degree " + tensor + ", stages " + stages);
        }
    }

    /** Matrices cut over so many devices. */
    public Parallelism(int tensor) {
        this(tensor, 1);
    }

    /** Of so many layers, the share that the fullest device holds: {@code ⌈layers / stages⌉ / layers}. */
    double layerShare(int layers) {
        int most = (layers + stages - 1) / stages;
        return layers == 0 ? 1 : (double) most / layers;
    }

    /** Of so many equal pieces, how many the fullest device gets: {@code ⌈pieces / tp⌉}. */
    long share(long pieces) {
        return (pieces + tensor - 1) / tensor;
    }
}
