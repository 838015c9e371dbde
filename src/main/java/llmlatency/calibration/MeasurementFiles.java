package llmlatency.calibration;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import llmlatency.document.Document;
import llmlatency.document.JsonReader;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import org.jspecify.annotations.Nullable;

/** Reads measurements from files of any form that we know, told apart by what they hold. */
public final class MeasurementFiles {
    private static final String INPUT = "-";
    private static final int LARGEST_JSON = 256 << 20;
    private static final int BLANKS = 4096;
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private final KnownProfiles profiles;
    private final Given given;
    private final InputStream input;

    /**
     * A reader.
     *
     * @param library which names resolve
     * @param given names beside files whose own do not
     * @param input what {@code -} is read from
     */
    public MeasurementFiles(ProfileLibrary library, Given given, InputStream input) {
        this.profiles = new KnownProfiles(library);
        this.given = given;
        this.input = input;
    }

    /**
     * The measurements in a file, in order.
     *
     * @param word its path, or {@code -}
     * @throws Refusal when it cannot be read, or holds none
     */
    public List<Measurement> read(String word) {
        if (word.equals(INPUT)) {
            return read("standard input", new BufferedInputStream(input));
        }
        try {
            Path path = Path.of(word);
            if (Files.isDirectory(path)) {
                throw new Refusal(word + " is a folder; name the files in it");
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
                return read(word, in);
            }
        } catch (InvalidPathException e) {
            throw new Refusal("'" + word + "' cannot be the name of a file");
        } catch (NoSuchFileException e) {
            throw new Refusal("there is no file " + word);
        } catch (AccessDeniedException e) {
            throw new Refusal(word + " cannot be read: permission denied");
        } catch (IOException e) {
            throw new Refusal(word + " cannot be read: " + e.getMessage());
        }
    }

    /**
     * The table of kernels' times in a file; null where it holds anything else. Standard input is never one: it can be
     * read only once.
     *
     * @param word its path, or {@code -}
     */
    public @Nullable KernelTable kernels(String word) {
        if (word.equals(INPUT)) {
            return null;
        }
        try (InputStream in = unpacked(new BufferedInputStream(Files.newInputStream(Path.of(word))))) {
            in.mark(BLANKS);
            String first = new String(in.readNBytes(BLANKS), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            in.reset();
            KernelTable.Kind kind = KernelTable.Kind.of(List.of(first.split(",", -1)));
            return kind == null ? null : KernelTable.read(word, in, kind, profiles);
        } catch (IOException | InvalidPathException e) {
            return null; // the reader of measurements says what is wrong with it
        }
    }

    /** What a file holds, compressed by gzip or not. */
    private static InputStream unpacked(InputStream in) throws IOException {
        in.mark(GZIP.length);
        byte[] magic = in.readNBytes(GZIP.length);
        in.reset();
        return Arrays.equals(magic, GZIP) ? new BufferedInputStream(new GZIPInputStream(in)) : in;
    }

    private List<Measurement> read(String file, InputStream packed) {
        try {
            InputStream in = unpacked(packed);
            int first = first(in);
            if (first != '{' && first != '[') {
                return MeasurementTable.read(file, in);
            }
            byte[] json = in.readNBytes(LARGEST_JSON + 1);
            if (json.length > LARGEST_JSON) {
                throw new Refusal(file + " is larger than 256 MiB, too large for results of a benchmark");
            }
            return results(file, JsonReader.readAll(file, json));
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage());
        }
    }

    /** The first byte that is no blank, which stays unread. */
    private static int first(InputStream in) throws IOException {
        in.mark(BLANKS);
        int next = in.read();
        for (int i = 1; i < BLANKS && Character.isWhitespace(next); i++) {
            next = in.read();
        }
        in.reset();
        return next;
    }

    private List<Measurement> results(String file, List<Document> objects) {
        List<Measurement> measurements = new ArrayList<>();
        for (Document object : objects) {
            BenchmarkResult result = new BenchmarkResult(object, given, profiles);
            if (LlamaBenchResult.is(result)) {
                measurements.add(new LlamaBenchResult(result).measurement());
            } else if (ServingResult.is(result)) {
                measurements.addAll(new ServingResult(result).measurements());
            } else {
                throw object.refuse(
                        "holds no measurement that we know",
                        "known: results of llama-bench -o json or jsonl, and of the serving benchmarks of vLLM and"
                                + " SGLang");
            }
        }
        if (objects.isEmpty()) {
            throw new Refusal(file + " holds no measurement");
        }
        return measurements;
    }
}
