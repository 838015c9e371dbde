package llmlatency.model;

import java.util.ArrayList;
import java.util.List;
import llmlatency.work.Place;

/**
 * Which parts of a model lie on devices, and which in the memory of their host. Tables that tokens are looked up in stay
 * on the host as soon as anything does.
 *
 * @param deviceLayers layers on devices, the last ones
 * @param deviceHead whether the head lies there too
 * @param hostExperts of how many layers, the first ones, the routed experts stay on the host
 */
public record Placement(int deviceLayers, boolean deviceHead, int hostExperts) {
    /** Everything on devices. */
    public static final Placement DEVICES = new Placement(Integer.MAX_VALUE, true, 0);

    public Placement {
        if (deviceLayers < 0 || hostExperts < 0) {
            throw new IllegalArgumentException(deviceLayers + " layers, experts of " + hostExperts);
        }
    }

    /** Whether nothing stays on the host. */
    public boolean isOnDevices() {
        // Field by field, since what Java links to compare records costs every start some milliseconds.
        return deviceLayers == DEVICES.deviceLayers
                && deviceHead == DEVICES.deviceHead
                && hostExperts == DEVICES.hostExperts;
    }

    /** Where the tables lie. */
    public Place tables() {
        return isOnDevices() ? Place.DEVICE : Place.HOST;
    }

    /** Where the head lies. */
    public Place head() {
        return deviceHead ? Place.DEVICE : Place.HOST;
    }

    /** Of so many layers, those on devices. */
    public int onDevices(int layers) {
        return Math.min(deviceLayers, layers);
    }

    /**
     * Layers of one shape that lie alike.
     *
     * @param count how many
     * @param layer where they lie
     * @param experts where their routed experts lie
     */
    public record Share(int count, Place layer, Place experts) {}

    /** How the layers of one entry of a model's layers lie; the shares add up to their count. */
    List<Share> shares(Model model, int entry) {
        if (isOnDevices()) {
            return List.of(new Share(model.layers().get(entry).count(), Place.DEVICE, Place.DEVICE));
        }
        int all = model.layerCount();
        List<Share> shares = new ArrayList<>();
        for (int position : model.positions(entry)) {
            Place place = position < all - onDevices(all) ? Place.HOST : Place.DEVICE;
            Place experts = position < hostExperts ? Place.HOST : place;
            Share last = shares.isEmpty() ? null : shares.get(shares.size() - 1);
            if (last != null && last.layer == place && last.experts == experts) {
                shares.set(shares.size() - 1, new Share(last.count + 1, place, experts));
            } else {
                shares.add(new Share(1, place, experts));
            }
        }
        return shares;
    }

    /**
     * How often a decode step hands its hidden states from one memory's processor to the other's: where layers change
     * sides, before the head if it lies elsewhere, and to and from experts that lie apart from their layer.
     */
    public int crossings(Model model) {
        int all = model.layerCount();
        int device = onDevices(all);
        int crossings = device > 0 && device < all ? 1 : 0;
        Place last = device > 0 ? Place.DEVICE : Place.HOST;
        crossings += last == head() ? 0 : 1;
        for (int entry = 0; entry < model.layers().size(); entry++) {
            if (model.layers().get(entry).routed().isPresent()) {
                for (Share share : shares(model, entry)) {
                    crossings += share.layer() == share.experts() ? 0 : 2 * share.count();
                }
            }
        }
        return crossings;
    }
}
