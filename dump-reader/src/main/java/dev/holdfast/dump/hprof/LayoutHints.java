package dev.holdfast.dump.hprof;

import org.jspecify.annotations.Nullable;

/**
 * System properties of the dumped process that decide between layouts where the addresses do not; null where unknown.
 *
 * @param vmVersion {@code java.vm.version}
 * @param compressedOopsMode {@code java.vm.compressedOopsMode}, present only with compressed references
 * @param dataModel {@code sun.arch.data.model}: "32" or "64"
 */
record LayoutHints(
        @Nullable String vmVersion,
        @Nullable String compressedOopsMode,
        @Nullable String dataModel) {
    static final LayoutHints NONE = new LayoutHints(null, null, null);

    /** The feature release (8, 17, 25), 0 where the version does not tell. */
    int release() {
        String version = vmVersion;
        if (version == null) {
            return 0;
        }
        int number = leadingNumber(version);
        // Up to JDK 8 the VM counted on its own: 20.x is JDK 6, 23.x and 24.x JDK 7, 25.x-bNN JDK 8.
        if (version.contains("-b") && !version.contains("+")) {
            return switch (number) {
                case 25 -> 8;
                case 21, 22, 23, 24 -> 7;
                case 10, 11, 14, 16, 17, 19, 20 -> 6;
                case 1 -> 5;
                default -> 0;
            };
        }
        return number == 1 ? 0 : number;
    }

    private static int leadingNumber(String version) {
        int value = 0;
        for (int i = 0; i < version.length() && i < 4; i++) {
            char c = version.charAt(i);
            if (c < '0' || c > '9') {
                break;
            }
            value = value * 10 + c - '0';
        }
        return value;
    }
}
