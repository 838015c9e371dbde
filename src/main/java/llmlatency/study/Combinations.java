package llmlatency.study;

import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;

/**
 * Every combination of the values of some axes, in one fixed order: the last axis runs fastest. None is kept; the number
 * of one says all.
 *
 * @param axes the axes
 */
public record Combinations(List<Axis> axes) {
    private static final long MOST = 1L << 53;

    public Combinations {
        axes = List.copyOf(axes);
        double size = 1;
        for (Axis axis : axes) {
            size *= axis.values().size();
        }
        if (size > MOST) {
            throw new Refusal("these lists make more than 9 * 10^15 combinations");
        }
    }

    /** How many there are. */
    public long size() {
        long size = 1;
        for (Axis axis : axes) {
            size *= axis.values().size();
        }
        return size;
    }

    /** The values of one, in the order of the axes; numbers start at 0. */
    public List<String> at(long number) {
        List<String> values = new ArrayList<>(axes.size());
        long rest = number;
        for (int i = axes.size() - 1; i >= 0; i--) {
            List<String> of = axes.get(i).values();
            values.add(0, of.get((int) (rest % of.size())));
            rest /= of.size();
        }
        return values;
    }

    /** The axes with more than one value. */
    public List<Axis> varying() {
        return axes.stream().filter(axis -> axis.values().size() > 1).toList();
    }
}
