package dev.holdfast.dump.pclntab;

/** How names of functions are written. */
final class FunctionNames {
    private FunctionNames() {}

    /**
     * A name as Go prints it: what is between the first and the last square bracket becomes {@code ...}.
     *
     * <p>Up to Go 1.20 the linker did that, since then the runtime does.
     */
    static String printed(String symbol) {
        int open = symbol.indexOf('[');
        int close = symbol.lastIndexOf(']');
        if (open < 0 || close <= open) {
            return symbol;
        }
        return symbol.substring(0, open + 1) + "..." + symbol.substring(close);
    }
}
