package llmlatency.report;

import java.util.ArrayList;
import java.util.List;
import llmlatency.study.Chart;

/** The window of a chart that its points lie in, and the round numbers along its sides. */
final class Frame {
    private static final double[] ROUND = {1, 2, 5, 10};
    private final Side x;
    private final Side y;

    /** One side: from where to where. */
    private static final class Side {
        private final boolean logarithmic;
        private double low = Double.MAX_VALUE;
        private double high = -Double.MAX_VALUE;

        Side(boolean logarithmic) {
            this.logarithmic = logarithmic;
        }

        void hold(double value) {
            if (!logarithmic || value > 0) {
                low = Math.min(low, value);
                high = Math.max(high, value);
            }
        }

        void finish() {
            if (logarithmic) {
                double room = Math.pow(high / low, 0.03);
                low = high > low ? low / room : low / 2;
                high = high > low * 2 ? high * room : low * 4;
            } else {
                low = Math.min(0, low);
                high = high > low ? high * 1.03 : low + 1;
            }
        }

        double share(double value) {
            return logarithmic
                    ? Math.log(Math.max(value, low) / low) / Math.log(high / low)
                    : (value - low) / (high - low);
        }

        double value(double share) {
            return logarithmic ? low * Math.pow(high / low, share) : low + share * (high - low);
        }

        List<Double> ticks(int most) {
            List<Double> ticks = new ArrayList<>();
            if (logarithmic) {
                boolean wide = Math.log10(high / low) > most / 2.5;
                double step = Math.max(1, Math.ceil(Math.log10(high / low) / most));
                for (double decade = Math.floor(Math.log10(low));
                        decade <= Math.log10(high);
                        decade += wide ? step : 1) {
                    for (double part : wide ? new double[] {1} : new double[] {1, 2, 5}) {
                        add(ticks, part * Math.pow(10, decade));
                    }
                }
                return ticks;
            }
            double rough = (high - low) / most;
            double power = Math.pow(10, Math.floor(Math.log10(rough)));
            double step = power * 10;
            for (int i = ROUND.length - 1; i >= 0; i--) {
                step = power * ROUND[i] >= rough ? power * ROUND[i] : step;
            }
            for (double at = Math.ceil(low / step) * step; at <= high; at += step) {
                add(ticks, Math.abs(at) < step / 1e6 ? 0 : at);
            }
            return ticks;
        }

        private void add(List<Double> ticks, double value) {
            if (value >= low && value <= high) {
                ticks.add(value);
            }
        }
    }

    Frame(Chart chart) {
        x = new Side(chart.x().logarithmic());
        y = new Side(chart.y().logarithmic());
        for (Chart.Series series : chart.series()) {
            for (Chart.Point point : series.points()) {
                x.hold(point.x());
                y.hold(point.y());
                if (point.high() != null) {
                    y.hold(point.high());
                }
            }
        }
        x.finish();
        y.finish();
    }

    /** How far to the right a value lies, from 0 to 1. */
    double right(double value) {
        return x.share(value);
    }

    /** How far up a value lies, from 0 to 1. */
    double up(double value) {
        return y.share(value);
    }

    /** The value so far to the right. */
    double valueRight(double share) {
        return x.value(share);
    }

    List<Double> ticksRight(int most) {
        return x.ticks(most);
    }

    List<Double> ticksUp(int most) {
        return y.ticks(most);
    }

    /** A number beside a side, in as few digits as say it. */
    static String number(double value) {
        return Math.abs(value) >= 1e6
                ? Decimals.significant(value / 1e6, 3)
                                .replaceAll("(\\.[0-9]*?)0+$", "$1")
                                .replaceAll("\\.$", "") + "M"
                : Decimals.machine(Double.parseDouble(
                                Decimals.significant(value, 3).replace(",", "")))
                        .toPlainString();
    }
}
