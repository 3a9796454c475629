package dev.holdfast.dump;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Collects warnings, one entry a code, counted.
 *
 * <p>Thread-safe. Of one code the entry with the smallest offset is kept, so the result does not depend on the order in
 * which parallel workers report.
 */
public final class Warnings {
    private final Map<String, DumpWarning> byCode = new TreeMap<>();

    /** Something was lost or contradicts itself; a run with such a warning ends with exit code 4. */
    public void loss(String code, long offset, String text, long count) {
        add(new DumpWarning(code, offset, text, count, true));
    }

    /** Worth knowing, but nothing was lost. */
    public void note(String code, long offset, String text, long count) {
        add(new DumpWarning(code, offset, text, count, false));
    }

    /** Adds a warning, merging it with what is there under its code. */
    public synchronized void add(DumpWarning warning) {
        if (warning.count() == 0) {
            return;
        }
        byCode.merge(warning.code(), warning, Warnings::merge);
    }

    /** A copy of what was collected, by code. */
    public synchronized List<DumpWarning> list() {
        return List.copyOf(new ArrayList<>(byCode.values()));
    }

    private static DumpWarning merge(DumpWarning a, DumpWarning b) {
        boolean aFirst = Long.compareUnsigned(a.offset(), b.offset()) <= 0;
        DumpWarning first = aFirst ? a : b;
        return new DumpWarning(first.code(), first.offset(), first.text(), a.count() + b.count(), a.loss() || b.loss());
    }
}
