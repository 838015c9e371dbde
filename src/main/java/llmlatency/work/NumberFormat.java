package llmlatency.work;

import java.util.List;

/**
 * How numbers are stored, and in which arithmetic they may be used.
 *
 * @param name the profile's name ({@code fp16}, {@code q4_k_m})
 * @param bitsPerWeight bits a stored number takes on average, scales included
 * @param vectorBits bits of norms and biases beside matrices in this format (how-it-counts.md)
 * @param arithmetic the rates it may run at; the fastest that a device lists is taken (how-it-counts.md)
 */
public record NumberFormat(String name, double bitsPerWeight, int vectorBits, List<Arithmetic> arithmetic) {
    private static final double BITS_PER_BYTE = 8;

    public NumberFormat {
        arithmetic = List.copyOf(arithmetic);
    }

    /** Whether both are the same format: names have one owner, and comparing them costs no start-up. */
    public boolean is(NumberFormat other) {
        return name.equals(other.name);
    }

    /** Bytes that this many numbers take: {@code elements · bits / 8}; a part of a byte counts as such. */
    public double bytes(double elements) {
        return elements * bitsPerWeight / BITS_PER_BYTE;
    }

    /** Bytes that this many norm or bias weights take beside matrices in this format. */
    public double vectorBytes(double elements) {
        return elements * vectorBits / BITS_PER_BYTE;
    }
}
