package llmlatency.profile;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import llmlatency.document.Document;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Peak;
import llmlatency.hardware.Price;
import llmlatency.units.Bytes;
import llmlatency.units.BytesPerSecond;
import llmlatency.units.FlopsPerSecond;
import llmlatency.units.Hertz;
import llmlatency.units.UsdPerHour;
import llmlatency.units.Watts;
import llmlatency.work.Arithmetic;
import org.jspecify.annotations.Nullable;

/**
 * What a GPU profile describes.
 *
 * @param name the profile's name
 * @param memory size as marketed; null where it depends on what is fitted
 * @param unified whether system and device share it, so that it comes in several sizes
 * @param usable what the driver shows of it, where known
 * @param shares otherwise: which share of a size is usable
 * @param bandwidth memory bandwidth
 * @param peaks dense peak rates
 * @param build what else its programs' speed depends on
 * @param price what it costs to rent; null where no published price is known
 */
public record GpuProfile(
        String name,
        @Nullable Bytes memory,
        boolean unified,
        @Nullable Bytes usable,
        List<Share> shares,
        BytesPerSecond bandwidth,
        Map<Arithmetic, Peak> peaks,
        Gpu.Build build,
        @Nullable Price price) {
    /** Kinds of device, for which engines have parameters of their own. */
    static final List<String> CLASSES = List.of(
            "amd-hbm",
            "amd-unified",
            "apple",
            "arc",
            "cpu",
            "gaudi",
            "geforce",
            "intel-hbm",
            "intel-unified",
            "nvidia-datacentre-gddr",
            "nvidia-hbm",
            "nvidia-unified",
            "other",
            "radeon",
            "rtx-workstation",
            "tpu");

    /** The kind that may be the host of other devices. */
    public static final String CPU = "cpu";

    private static final String HALF_ACCUMULATION = "_acc16";

    /**
     * The share of a memory size that a program can have.
     *
     * @param upTo sizes that it holds for; null: all others
     * @param share above 0, at most 1
     */
    public record Share(@Nullable Bytes upTo, double share) {}

    /** The device with the memory that it is sold with. */
    Gpu gpu() {
        Bytes size = usable != null || memory == null ? usable : usableOf(memory);
        return new Gpu(name, size, bandwidth, peaks, build, price);
    }

    /** The device with a fitted size. */
    Gpu gpu(Bytes fitted) {
        boolean asSold = memory != null && memory.value() == fitted.value();
        return new Gpu(name, asSold && usable != null ? usable : usableOf(fitted), bandwidth, peaks, build, price);
    }

    private Bytes usableOf(Bytes size) {
        for (Share share : shares) {
            if (share.upTo() == null || size.value() <= share.upTo().value()) {
                return new Bytes(size.value() * share.share());
            }
        }
        return size;
    }

    static Profile<GpuProfile> read(String name, Document node) {
        List<String> known = new ArrayList<>(Profile.COMMON);
        known.addAll(List.of(
                "vendor",
                "architecture",
                "class",
                "year",
                "confidence",
                "memory",
                "memory_type",
                "unified_memory",
                "usable_memory",
                "usable_share",
                "bandwidth",
                "peaks",
                "cache",
                "units",
                "links",
                "board_power",
                "launch_price_usd",
                "price_per_hour"));
        node.allowOnly(known);
        List<Share> shares =
                node.list("usable_share").stream().map(GpuProfile::share).toList();
        GpuProfile profile = new GpuProfile(
                name,
                node.quantity("memory", Bytes::parse),
                node.flag("unified_memory"),
                node.quantity("usable_memory", Bytes::parse),
                shares,
                node.get("bandwidth").quantity(BytesPerSecond::parse),
                peaks(node.get("peaks")),
                build(node),
                price(node.find("price_per_hour")));
        return Profile.of(name, node, profile);
    }

    private static Gpu.Build build(Document node) {
        Document units = node.find("units");
        Document count = units == null ? null : units.find("count");
        Document kind = node.find("class");
        return new Gpu.Build(
                kind == null ? null : kind.word(CLASSES),
                text(node, "architecture"),
                count == null ? null : (Integer) (int) count.whole(1, Integer.MAX_VALUE),
                units == null ? null : units.quantity("boost", Hertz::parse),
                node.quantity("board_power", Watts::parse),
                link(node));
    }

    private static @Nullable Price price(@Nullable Document node) {
        if (node == null) {
            return null;
        }
        node.allowOnly(List.of("usd", "source"));
        return new Price(
                new UsdPerHour(node.get("usd").positive()), node.get("source").text());
    }

    private static @Nullable BytesPerSecond link(Document node) {
        BytesPerSecond fastest = null;
        for (Document link : node.list("links")) {
            BytesPerSecond rate = link.quantity("per_direction", BytesPerSecond::parse);
            if (rate != null && (fastest == null || rate.value() > fastest.value())) {
                fastest = rate;
            }
        }
        return fastest;
    }

    private static @Nullable String text(Document node, String field) {
        Document value = node.find(field);
        return value == null ? null : value.text();
    }

    private static Share share(Document node) {
        node.allowOnly(List.of("up_to", "share"));
        double share = node.get("share").positive();
        if (share > 1) {
            throw node.get("share").refuse("a share is at most 1");
        }
        return new Share(node.quantity("up_to", Bytes::parse), share);
    }

    private static Map<Arithmetic, Peak> peaks(Document node) {
        List<String> known = new ArrayList<>();
        for (Arithmetic arithmetic : Arithmetic.values()) {
            known.add(arithmetic.key());
            known.add(arithmetic.key() + HALF_ACCUMULATION);
        }
        node.allowOnly(known);
        Map<Arithmetic, Peak> peaks = new EnumMap<>(Arithmetic.class);
        for (Arithmetic arithmetic : Arithmetic.values()) {
            FlopsPerSecond wide = node.quantity(arithmetic.key(), FlopsPerSecond::parse);
            FlopsPerSecond narrow = node.quantity(arithmetic.key() + HALF_ACCUMULATION, FlopsPerSecond::parse);
            if (wide != null) {
                peaks.put(arithmetic, new Peak(wide, narrow));
            } else if (narrow != null) {
                throw node.refuse(arithmetic.key() + HALF_ACCUMULATION + " needs " + arithmetic.key() + " beside it");
            }
        }
        return peaks;
    }
}
