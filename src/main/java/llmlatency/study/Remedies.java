package llmlatency.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import llmlatency.estimate.Demand;
import llmlatency.estimate.Deployment;
import llmlatency.estimate.Estimate;
import llmlatency.estimate.Workload;
import llmlatency.hardware.Gpu;
import llmlatency.profile.ProfileKind;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import llmlatency.work.NumberFormat;
import org.jspecify.annotations.Nullable;

/**
 * The nearest changes of one thing with which a broken budget is kept: a narrower format, more devices, another device, a
 * smaller or larger batch. Each is asked as the user would ask it, and proposed only if it passes.
 */
public final class Remedies {
    private static final Pattern COUNTED = Pattern.compile("\\s*[0-9]+\\s*[xX*]\\s*(\\S.*)");
    private static final List<String> DEGREES = List.of("tp", "pp", "dp", "ep", "moe_tp", "replicas");
    private static final List<String> BY_HAND = List.of("bandwidth", "memory", "peak", "link");
    private static final List<Integer> FACTORS = List.of(2, 4, 8, 16);
    private static final int MOST_DEVICES = 64;
    private static final long LARGEST_BATCH = 4096;
    private final Verdict broken;
    private final Inquiry inquiry;
    private final ProfileLibrary library;
    private final List<Remedy> found = new ArrayList<>();

    private Remedies(Verdict broken, Inquiry inquiry, ProfileLibrary library) {
        this.broken = broken;
        this.inquiry = inquiry;
        this.library = library;
    }

    /**
     * The remedies that there are: by kind, the nearest of each.
     *
     * @param broken a verdict that is not kept
     * @param inquiry how it was asked
     * @param library what else could be asked for
     */
    public static List<Remedy> of(Verdict broken, Inquiry inquiry, ProfileLibrary library) {
        Remedies remedies = new Remedies(broken, inquiry, library);
        remedies.format();
        remedies.count();
        remedies.gpu();
        remedies.load();
        return List.copyOf(remedies.found);
    }

    private Deployment deployment() {
        return broken.estimate().scenario().deployment();
    }

    /** The widest narrower format, of those that programs of the same kind read. */
    private void format() {
        NumberFormat now = broken.estimate().scenario().weights();
        String kind = deployment().gpu().build().kind();
        Map<String, String> usual = new LinkedHashMap<>();
        library.names(ProfileKind.FORMAT)
                .forEach(name -> usual.put(name, library.engineFor(kind, name).engine()));
        String engine = deployment().engine().name();
        boolean chosen = broken.estimate().expected() != null && usual.containsValue(engine);
        String program = chosen ? engine : usual.get(now.name());
        List<NumberFormat> narrower = new ArrayList<>();
        usual.forEach((name, runs) -> {
            NumberFormat format = library.format(name).value().format();
            if (runs.equals(program) && format.bitsPerWeight() < now.bitsPerWeight()) {
                narrower.add(format);
            }
        });
        narrower.sort(Comparator.comparingLong((NumberFormat format) -> -Math.round(format.bitsPerWeight()))
                .thenComparing(format -> format.name().length())
                .thenComparing(NumberFormat::name));
        for (NumberFormat format : narrower) {
            if (propose(Remedy.Kind.FORMAT, Map.of("dtype", format.name()))) {
                return;
            }
        }
    }

    /** Twice as many devices, and so on; where requests keep coming, whole copies too. */
    private void count() {
        for (int factor : FACTORS) {
            if ((long) deployment().gpus() * factor > MOST_DEVICES) {
                return;
            }
            if (propose(Remedy.Kind.COUNT, wider(factor)) || propose(Remedy.Kind.COUNT, copied(factor))) {
                return;
            }
        }
    }

    private Map<String, String> wider(int factor) {
        Map<String, String> options = counted(factor);
        boolean laidOut = DEGREES.stream().anyMatch(degree -> inquiry.given(degree) != null);
        if (inquiry.given("tp") != null || (laidOut && options.isEmpty())) {
            options.put("tp", String.valueOf(deployment().parallelism().tensor() * factor));
        } else if (options.isEmpty()) {
            options.put("gpus", String.valueOf(deployment().gpus() * factor));
        }
        return options;
    }

    private Map<String, String> copied(int factor) {
        Map<String, String> options = counted(factor);
        options.put("replicas", String.valueOf(deployment().replicas() * factor));
        return options;
    }

    /** The number of devices wherever it was given. */
    private Map<String, String> counted(int factor) {
        Map<String, String> options = new LinkedHashMap<>();
        String count = String.valueOf(deployment().gpus() * factor);
        Matcher counted = COUNTED.matcher(Objects.requireNonNullElse(inquiry.given("gpu"), ""));
        if (counted.matches()) {
            options.put("gpu", count + "x " + counted.group(1));
        }
        if (inquiry.given("gpus") != null) {
            options.put("gpus", count);
        }
        return options;
    }

    /** The cheapest of the devices that such programs usually run on; the slowest of the same kind; else the slowest. */
    private void gpu() {
        if (inquiry.given("gpu") == null || BY_HAND.stream().anyMatch(option -> inquiry.given(option) != null)) {
            return;
        }
        Gpu now = deployment().gpu();
        List<Gpu> others = new ArrayList<>();
        for (String name : library.names(ProfileKind.GPU)) {
            Gpu gpu = library.gpu(name).gpu();
            if (!name.equals(now.name()) && !name.contains("laptop")) {
                others.add(gpu);
            }
        }
        others.sort(
                Comparator.comparingDouble((Gpu gpu) -> gpu.bandwidth().value()).thenComparing(Gpu::name));
        String program = program(now);
        Gpu priced = firstOf(others.stream()
                .filter(gpu -> gpu.price() != null && program(gpu).equals(program))
                .sorted(Comparator.comparingDouble(Remedies::price))
                .toList());
        List<Gpu> rest = others.stream().filter(gpu -> !gpu.equals(priced)).toList();
        List<Gpu> alike = rest.stream().filter(gpu -> alike(gpu, now)).toList();
        if (firstOf(alike) == null && priced == null) {
            firstOf(rest.stream().filter(gpu -> !alike(gpu, now)).toList());
        }
    }

    /** The program that usually serves the weights on a device. */
    private String program(Gpu gpu) {
        String format = broken.estimate().scenario().weights().name();
        return library.engineFor(gpu.build().kind(), format).engine();
    }

    private static boolean alike(Gpu gpu, Gpu now) {
        return now.build().kind() != null
                && now.build().kind().equals(gpu.build().kind());
    }

    private static double price(Gpu gpu) {
        return gpu.price() == null ? Double.MAX_VALUE : gpu.price().perHour().value();
    }

    private @Nullable Gpu firstOf(List<Gpu> gpus) {
        boolean counted = COUNTED.matcher(Objects.requireNonNullElse(inquiry.given("gpu"), ""))
                .matches();
        for (Gpu gpu : gpus) {
            String name = counted ? deployment().gpus() + "x " + gpu.name() : gpu.name();
            if (propose(Remedy.Kind.GPU, Map.of("gpu", name))) {
                return gpu;
            }
        }
        return null;
    }

    /** The largest smaller batch, concurrency or rate; else the smallest larger one. */
    private void load() {
        Workload workload = broken.estimate().scenario().workload();
        Demand demand = workload.demand();
        Double rate = demand == null ? null : demand.perSecond();
        if (rate != null) {
            long percent = largest(99, step -> Map.of("request_rate", plain(rate * step / 100)));
            if (percent > 0) {
                propose(Remedy.Kind.LOAD, Map.of("request_rate", plain(rate * percent / 100)));
            }
            return;
        }
        String option = demand == null ? "batch" : "concurrency";
        Long inFlight = demand == null ? null : demand.inFlight();
        long now = inFlight == null ? workload.batch() : inFlight;
        LongFunction<Map<String, String>> sized = size -> Map.of(option, String.valueOf(size));
        long size = largest(now - 1, sized);
        if (size == 0) {
            size = smallest(now, sized);
        }
        if (size > 0) {
            propose(Remedy.Kind.LOAD, sized.apply(size));
        }
    }

    private static String plain(double rate) {
        return new BigDecimal(rate)
                .round(new MathContext(3, RoundingMode.DOWN))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** The largest of 1 to {@code most} that passes, if those that pass come first; 0 where none is found. */
    private long largest(long most, LongFunction<Map<String, String>> sized) {
        long low = 0;
        long high = most;
        while (low < high) {
            long middle = (low + high + 1) / 2;
            if (passes(sized.apply(middle)) != null) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The smallest above {@code now} that passes, if doubling finds one; 0 where it does not. */
    private long smallest(long now, LongFunction<Map<String, String>> sized) {
        long high = 2 * now;
        while (high <= LARGEST_BATCH && passes(sized.apply(high)) == null) {
            high *= 2;
        }
        if (high > LARGEST_BATCH) {
            return 0;
        }
        long low = high / 2;
        while (high - low > 1) {
            long middle = (low + high) / 2;
            if (passes(sized.apply(middle)) != null) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private boolean propose(Remedy.Kind kind, Map<String, String> options) {
        Verdict verdict = passes(options);
        if (verdict != null) {
            found.add(Remedy.of(kind, options, broken, verdict));
        }
        return verdict != null;
    }

    /** The verdict with these options if it is kept, by the same values of the same program; null: not. */
    private @Nullable Verdict passes(Map<String, String> options) {
        try {
            Verdict verdict = inquiry.changed(options);
            Estimate estimate = verdict.estimate();
            boolean same = verdict.against() == broken.against()
                    && estimate.scenario()
                            .deployment()
                            .engine()
                            .name()
                            .equals(deployment().engine().name());
            return same && verdict.kept() ? verdict : null;
        } catch (Refusal impossible) {
            return null;
        }
    }
}
