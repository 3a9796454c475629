package dev.holdfast.dump.hprof;

/**
 * MAT's test for compressed references (hprof.md 2.5): once an array of references starts inside the space that the one
 * before it in the file would need with 8-byte references, references have 4 bytes. Mergeable in file order.
 */
final class ReferenceWidthHint {
    private boolean any;
    private long first;
    private long last;
    private long lastCount;
    private boolean overlap;

    void array(long address, long count) {
        if (!any) {
            any = true;
            first = address;
        } else {
            test(address);
        }
        last = address;
        lastCount = count;
    }

    private void test(long address) {
        if (Long.compareUnsigned(address, last) > 0 && Long.compareUnsigned(address, last + 16 + 8 * lastCount) < 0) {
            overlap = true;
        }
    }

    /** Adds what came behind in the file. */
    void append(ReferenceWidthHint later) {
        if (!later.any) {
            return;
        }
        if (any) {
            test(later.first);
        } else {
            any = true;
            first = later.first;
        }
        overlap |= later.overlap;
        last = later.last;
        lastCount = later.lastCount;
    }

    boolean compressed() {
        return overlap;
    }
}
