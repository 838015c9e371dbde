package llmlatency.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How far a long run is, on a line of standard error that is written over again and again. */
final class Progress {
    /** Nanoseconds between two looks at it. */
    static final long USUAL_INTERVAL = 200_000_000L;

    private static final double NANOS = 1e9;
    private final Console console;
    private final long all;
    private final boolean shown;
    private final long interval;
    private final long start = System.nanoTime();
    private long done;
    private long last = start;
    private int width;

    /**
     * @param all rows that there will be
     * @param shown whether anybody looks
     * @param interval nanoseconds between two looks
     */
    Progress(Console console, long all, boolean shown, long interval) {
        this.interval = interval;
        this.console = console;
        this.all = all;
        this.shown = shown;
    }

    void add(long rows) {
        done += rows;
        long now = System.nanoTime();
        if (shown && now - last >= interval) {
            last = now;
            double seconds = (now - start) / NANOS;
            double rate = done / seconds;
            show(done + " of " + all + " rows, " + Math.round(rate) + "/s, " + duration((all - done) / rate) + " left");
        }
    }

    /** Takes the line away. */
    void end() {
        if (width > 0) {
            console.overwrite(" ".repeat(width) + "\r");
        }
    }

    private void show(String text) {
        String line = text + " ".repeat(Math.max(0, width - text.length()));
        width = Math.max(width, text.length());
        console.overwrite(line + "\r");
    }

    private static String duration(double seconds) {
        BigDecimal whole = BigDecimal.valueOf(seconds).setScale(0, RoundingMode.CEILING);
        long all = whole.longValue();
        return all < 60 ? all + " s" : all / 60 + " min " + all % 60 + " s";
    }
}
