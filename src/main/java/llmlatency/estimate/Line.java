package llmlatency.estimate;

/**
 * An amount that grows by the same step each time: {@code start + slope · j} for j = 0, 1, …
 *
 * @param start the first value
 * @param slope growth from one to the next
 */
record Line(double start, double slope) {
    /** The line through a first value and the last of {@code count}. */
    static Line through(double first, double last, long count) {
        return new Line(first, count <= 1 ? 0 : (last - first) / (count - 1));
    }

    /** The sum of both. */
    Line plus(Line other) {
        return new Line(start + other.start, slope + other.slope);
    }

    double at(double j) {
        return start + slope * j;
    }

    /** {@code Σ_{j<m} (start + slope·j) = m·start + slope·m(m−1)/2}; the arithmetic series. */
    double sum(double m) {
        return m <= 0 ? 0 : m * start + slope * m * (m - 1) / 2;
    }

    /**
     * {@code Σ_{j<m} max(this, other)}: two lines cross at most once, so the sum splits there.
     *
     * <p>Source: the arithmetic series on either side of the crossing. Holds for: any two lines, any m ≥ 0.
     */
    double sumOfMax(Line other, long m) {
        if (m <= 0) {
            return 0;
        }
        double gapFirst = start - other.start;
        double gapLast = at(m - 1) - other.at(m - 1);
        if (gapFirst >= 0 && gapLast >= 0) {
            return sum(m);
        }
        if (gapFirst <= 0 && gapLast <= 0) {
            return other.sum(m);
        }
        double before = Math.ceil(gapFirst / (other.slope - slope));
        Line early = gapFirst > 0 ? this : other;
        Line late = gapFirst > 0 ? other : this;
        return early.sum(before) + late.sum(m) - late.sum(before);
    }
}
