package llmlatency.checkpoint;

import java.nio.file.Path;
import llmlatency.units.Refusal;

/** Reads a header in a process of its own, so that a test can give it a small heap. */
final class HeaderProbe {
    private HeaderProbe() {}

    public static void main(String... arguments) {
        Path path = Path.of(arguments[0]);
        try {
            TensorListing listing = GgufHeader.isAt(path) ? GgufHeader.read(path) : SafetensorsHeader.read(path);
            System.out.println(listing.tensors().size() + " tensors of " + listing.bytes() + " bytes");
        } catch (Refusal e) {
            System.out.println("refused: " + e.message());
        }
    }
}
