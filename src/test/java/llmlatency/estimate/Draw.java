package llmlatency.estimate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import llmlatency.hardware.Gpu;
import llmlatency.profile.FormatProfile;
import llmlatency.profile.ProfileKind;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;

/** Questions drawn from all shipped models, devices and formats, the same in every run. */
final class Draw {
    private static final long SEED = 20261124;
    private static final int DRAWN = 2000;
    private static final int COMPARED = 600;

    /** Every device. */
    static final List<Gpu> GPUS = Question.SHIPPED.names(ProfileKind.GPU).stream()
            .map(name -> Question.SHIPPED.gpu(name).gpu())
            .toList();

    /** Every model in its own format, on one of the devices. */
    static final List<Question> MODELS = Question.SHIPPED.names(ProfileKind.MODEL).stream()
            .map(name -> Question.of(name, GPUS.get(0)))
            .toList();

    private static final List<FormatProfile> STORED = Question.SHIPPED.names(ProfileKind.FORMAT).stream()
            .map(name -> Question.SHIPPED.format(name).value())
            .toList();

    /** Every format that weights are stored in. */
    static final List<NumberFormat> FORMATS =
            STORED.stream().map(FormatProfile::format).toList();

    /** Every format that a cache is stored in. */
    static final List<NumberFormat> CACHES = STORED.stream()
            .filter(FormatProfile::cache)
            .map(FormatProfile::format)
            .toList();

    /** Any model on any device in any format, asked anything. */
    static final List<Question> ALL = all();

    /** Those of them that have an answer, as many as are compared with another. */
    static final List<Question> ANSWERED =
            ALL.stream().filter(question -> !refuses(question)).limit(COMPARED).toList();

    private Draw() {}

    static boolean refuses(Question question) {
        try {
            question.estimate();
            return false;
        } catch (Refusal refusal) {
            return true;
        }
    }

    private static List<Question> all() {
        Random random = new Random(SEED);
        List<Question> drawn = new ArrayList<>();
        while (drawn.size() < DRAWN) {
            Question question = any(MODELS, random).on(any(GPUS, random));
            question = random.nextBoolean() ? question : question.weights(any(FORMATS, random));
            question = random.nextBoolean() ? question : question.cache(any(CACHES, random));
            long prompt = upTo(20_000, random);
            long cached = random.nextBoolean() ? 0 : random.nextInt((int) prompt);
            drawn.add(question.asking(prompt, cached, 1 + upTo(5000, random), upTo(512, random)));
        }
        return List.copyOf(drawn);
    }

    private static <T> T any(List<T> things, Random random) {
        return things.get(random.nextInt(things.size()));
    }

    /** As many small numbers as large ones. */
    private static long upTo(int most, Random random) {
        return Math.round(Math.exp(random.nextDouble() * Math.log(most)));
    }
}
