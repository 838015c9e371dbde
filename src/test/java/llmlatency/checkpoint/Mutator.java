package llmlatency.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages files at random, the same way for the same seed. */
final class Mutator {
    private static final int MOST_STEPS = 4;
    private static final int LONGEST = 1 << 16;
    private static final int LARGEST_CORPUS = 400;
    private static final String[] WORDS =
            ("0 -1 1 null true NaN Infinity -Infinity 1e400 1e-400 1e18 1e18821474836480000"
                            + " -0.0 0.5 2147483648 9223372036854775807 9223372036854775808 18446744073709551616 [] {} [1,2,3] [[[["
                            + " {\"a\": {\"kind\":\"none\"} \"\" \"x\" , : \" \\ // \\u0000 \u00e9 \ud83d\ude00 \"qwen3_moe\""
                            + " \"deepseek_v3\" \"jamba\" \"gemma3_text\" \"gpt_oss\" \"falcon\" \"nemotron_h\" \"deci\" \"lfm2\"")
                    .split(" ");

    private final List<byte[]> corpus;
    private final Random random;

    Mutator(List<byte[]> seeds, long seed) {
        corpus = new ArrayList<>(seeds);
        random = new Random(seed);
    }

    /** The next damaged file. */
    byte[] next() {
        byte[] file = any();
        int steps = 1 + random.nextInt(MOST_STEPS);
        for (int i = 0; i < steps; i++) {
            file = step(file);
        }
        return file.length > LONGEST ? Arrays.copyOf(file, LONGEST) : file;
    }

    /** A file that was read all the same is worth damaging further. */
    void keep(byte[] file) {
        if (corpus.size() < LARGEST_CORPUS && file.length < LONGEST / 2) {
            corpus.add(file);
        }
    }

    private byte[] any() {
        return corpus.get(random.nextInt(corpus.size()));
    }

    private byte[] step(byte[] file) {
        int at = file.length == 0 ? 0 : random.nextInt(file.length);
        int end = Math.min(file.length, at + 1 + random.nextInt(24));
        return switch (random.nextInt(10)) {
            case 0 ->
                replace(file, at, at + 1, new byte[] {(byte) (file.length == 0 ? 0 : file[at] ^ 1 << random.nextInt(8))
                });
            case 1 -> replace(file, at, at + 1, new byte[] {(byte) random.nextInt(256)});
            case 2 -> replace(file, at, end, new byte[0]);
            case 3 -> replace(file, at, at, Arrays.copyOfRange(file, at, end));
            case 4 -> Arrays.copyOf(file, at);
            case 5 -> number(file, at, Long.BYTES);
            case 6 -> number(file, at, Integer.BYTES);
            case 7 -> splice(file, at, any());
            case 8 -> replace(file, at, at, word());
            default -> replace(file, token(file, at, -1), token(file, at, 1), word());
        };
    }

    private byte[] word() {
        return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
    }

    private byte[] number(byte[] file, int at, int bytes) {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong((1L << random.nextInt(Long.SIZE)) + random.nextInt(3) - 1)
                .array();
        return replace(file, at, at + bytes, Arrays.copyOf(number, bytes));
    }

    private byte[] splice(byte[] file, int at, byte[] other) {
        int from = other.length == 0 ? 0 : random.nextInt(other.length);
        return replace(file, at, file.length, Arrays.copyOfRange(other, from, other.length));
    }

    /** Where the word or number around a place ends, in either direction. */
    private static int token(byte[] file, int at, int direction) {
        int end = at;
        while (end >= 0 && end < file.length && (Character.isLetterOrDigit(file[end]) || file[end] == '-')) {
            end += direction;
        }
        return direction < 0 ? Math.min(at, end + 1) : Math.max(at, end);
    }

    private static byte[] replace(byte[] file, int from, int to, byte[] with) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(file.length + with.length);
        out.write(file, 0, Math.min(from, file.length));
        out.writeBytes(with);
        int rest = Math.min(Math.max(from, to), file.length);
        out.write(file, rest, file.length - rest);
        return out.toByteArray();
    }
}
