package llmlatency.calibration;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import llmlatency.units.Refusal;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The line {@code y = kx + b} through times at which tokens came out.
 *
 * @param points how many times it rests on
 * @param slope k, milliseconds a token
 * @param intercept b, milliseconds to the first token
 * @param deviation largest distance of a point from the line, in milliseconds
 */
public record LineFit(int points, double slope, double intercept, double deviation) {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setTrim(true)
            .get();

    /** Whether a file's first line is the header of such times. */
    public static boolean isHeader(String line) {
        return line.strip().equals("tokens,milliseconds");
    }

    /**
     * The line through the times of a table with the columns {@code tokens} (x, those after the first) and
     * {@code milliseconds} (since the request), by ordinary least squares.
     *
     * @param file how messages call it
     * @throws Refusal where it holds no such numbers, or fewer than two different ones
     */
    public static LineFit read(String file, InputStream in) {
        List<double[]> points = new ArrayList<>();
        try (CSVParser parser = FORMAT.parse(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (CSVRecord row : parser) {
                String place = file + ", line " + parser.getCurrentLineNumber();
                if (row.size() < 2) {
                    throw new Refusal(place + ": expected tokens and milliseconds");
                }
                points.add(new double[] {number(place, row.get(0)), number(place, row.get(1))});
            }
        } catch (IOException e) {
            throw new Refusal(file + " cannot be read: " + e.getMessage());
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new Refusal(file + " is no table of tokens and milliseconds: " + e.getMessage());
        }
        return through(file, points);
    }

    private static double number(String place, String text) {
        try {
            double value = Double.parseDouble(text);
            if (value >= 0 && value < Double.MAX_VALUE) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, with the place
        }
        throw new Refusal(place + ": '" + text + "' is not a number of tokens or milliseconds");
    }

    /**
     * {@code k = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)²}, {@code b = ȳ − k·x̄}.
     *
     * <p>Source: ordinary least squares, Legendre 1805. Holds for: times at two or more different numbers of tokens.
     */
    private static LineFit through(String file, List<double[]> points) {
        double meanX = points.stream().mapToDouble(point -> point[0]).average().orElse(0);
        double meanY = points.stream().mapToDouble(point -> point[1]).average().orElse(0);
        double products = 0;
        double squares = 0;
        for (double[] point : points) {
            products += (point[0] - meanX) * (point[1] - meanY);
            squares += (point[0] - meanX) * (point[0] - meanX);
        }
        if (squares == 0) {
            throw new Refusal(file + ": a line needs times at two different numbers of tokens");
        }
        double slope = products / squares;
        double intercept = meanY - slope * meanX;
        double furthest = 0;
        for (double[] point : points) {
            furthest = Math.max(furthest, Math.abs(slope * point[0] + intercept - point[1]));
        }
        return new LineFit(points.size(), slope, intercept, furthest);
    }
}
