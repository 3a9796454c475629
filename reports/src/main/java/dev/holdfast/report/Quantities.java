package dev.holdfast.report;

import java.util.Locale;

/** Numbers as people read them. */
final class Quantities {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Quantities() {}

    /** {@code 12,345}. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** {@code 12.1 KiB}; below 1 KiB {@code 512 B}. */
    static String bytes(long value) {
        double scaled = value;
        int unit = 0;
        while (scaled >= 1024 && unit + 1 < UNITS.length) {
            scaled /= 1024;
            unit++;
        }
        return unit == 0 ? value + " B" : String.format(Locale.ROOT, "%.1f %s", scaled, UNITS[unit]);
    }

    /** {@code 12.3 %}. */
    static String share(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * part / whole);
    }

    /** {@code 0x7f3a2100}, unsigned. */
    static String address(long address) {
        return "0x" + Long.toHexString(address);
    }

    /** A name of at most so many characters: the middle of a longer one gives way to an ellipsis. */
    static String shortened(String name, int most) {
        if (name.length() <= most) {
            return name;
        }
        int head = (most - 1) / 3;
        return name.substring(0, head) + "…" + name.substring(name.length() - (most - 1 - head));
    }
}
