package llmlatency.units;

/** The only table of unit multipliers: decimal (SI) and binary (IEC 80000-13). */
enum Prefix {
    NANO("n", 1e-9),
    MICRO("u", 1e-6),
    MILLI("m", 1e-3),
    NONE("", 1),
    KILO("k", 1e3),
    KIBI("Ki", 0x1p10),
    MEGA("M", 1e6),
    MEBI("Mi", 0x1p20),
    GIGA("G", 1e9),
    GIBI("Gi", 0x1p30),
    TERA("T", 1e12),
    TEBI("Ti", 0x1p40),
    PETA("P", 1e15),
    EXA("E", 1e18);

    private final String symbol;
    private final double factor;

    Prefix(String symbol, double factor) {
        this.symbol = symbol;
        this.factor = factor;
    }

    String symbol() {
        return symbol;
    }

    double factor() {
        return factor;
    }
}
