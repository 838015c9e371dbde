package llmlatency.cli;

import java.util.ArrayList;
import java.util.List;
import llmlatency.hardware.Gpu;
import llmlatency.hardware.Price;
import llmlatency.profile.ProfileLibrary;
import llmlatency.units.Refusal;
import llmlatency.units.UsdPerHour;
import picocli.CommandLine.Option;

/** What devices cost, where the user knows better than their profiles. */
final class PriceOptions {
    private static final String GIVEN = "given on the command line";

    @Option(
            names = "--price",
            paramLabel = "[GPU=]USD",
            description = "Price of an hour of one device in USD, such as 2.50, or h100-sxm=2.50 for that device"
                    + " alone; default: as noted in its profile. May repeat.")
    List<String> prices = new ArrayList<>();

    /**
     * The device at the price asked for: that of its name, else the one for all, else its profile's.
     *
     * @param library knows the names of devices
     * @throws Refusal when a price is none, is given twice, or is that of a device that there is not
     */
    Gpu priced(Gpu gpu, ProfileLibrary library) {
        UsdPerHour all = null;
        UsdPerHour own = null;
        for (String text : prices) {
            int at = text.lastIndexOf('=');
            UsdPerHour price = OptionValue.of("--price", text.substring(at + 1), UsdPerHour::parse);
            if (at < 0) {
                requireFirst(all == null, "for all devices");
                all = price;
            } else if (named(text.substring(0, at).strip(), gpu, library)) {
                requireFirst(own == null, "for " + gpu.name());
                own = price;
            }
        }
        UsdPerHour given = own != null ? own : all;
        return given == null ? gpu : gpu.at(new Price(given, GIVEN));
    }

    private static void requireFirst(boolean first, String whose) {
        if (!first) {
            throw new Refusal("--price is given twice " + whose);
        }
    }

    private static boolean named(String word, Gpu gpu, ProfileLibrary library) {
        return word.equals(gpu.name())
                || OptionValue.of("--price", word, name -> library.gpu(name).gpu())
                        .name()
                        .equals(gpu.name());
    }
}
