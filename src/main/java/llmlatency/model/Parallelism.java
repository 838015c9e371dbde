package llmlatency.model;

/**
 * How one copy of a model is laid out over devices.
 *
 * @param tensor tensor-parallel degree: every matrix of a rank is cut into so many parts
 * @param stages into how many groups of devices its layers are split, one part after the other
 * @param data ranks of data-parallel attention: each holds all but the experts, and works on its own sequences
 * @param expert expert-parallel degree: experts are dealt out over so many groups of devices, each cut over the rest
 */
public record Parallelism(int tensor, int stages, int data, int expert) {
    /** Everything on one device. */
    public static final Parallelism NONE = new Parallelism(1, 1);

    public Parallelism {
        if (tensor < 1 || stages < 1 || data < 1 || expert < 1) {
            throw new IllegalArgumentException("tensor-parallel degree " + tensor + ", stages " + stages
                    + ", attention ranks " + data + ", expert-parallel degree " + expert);
        }
    }

    /** Matrices cut over so many devices. */
    public Parallelism(int tensor) {
        this(tensor, 1);
    }

    /** Matrices cut over so many devices in each of so many stages. */
    public Parallelism(int tensor, int stages) {
        this(tensor, stages, 1, 1);
    }

    /** Devices that hold one copy. */
    public long devices() {
        return (long) tensor * stages * data;
    }

    /** Devices that share the experts of a layer. */
    public int expertDevices() {
        return tensor * data;
    }

    /** Into how many parts each expert is cut. */
    public int expertTensor() {
        return Math.max(1, expertDevices() / expert);
    }

    /** Of so many sequences, those of the fullest rank. */
    public long ofRank(long sequences) {
        return (sequences + data - 1) / data;
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

    /** The same of pieces of experts, which all devices of a stage share. */
    long expertShare(long pieces) {
        int devices = expertDevices();
        return (pieces + devices - 1) / devices;
    }
}
