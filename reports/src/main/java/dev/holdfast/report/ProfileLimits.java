package dev.holdfast.report;

/**
 * How big a profile may become before its smallest subtrees are folded into {@code (other)}.
 *
 * <p>The defaults are what Pyroscope accepts unless configured otherwise: it refuses a profile of more than 16,000
 * samples or more than 4 MiB uncompressed. Totals never depend on these limits.
 *
 * @param maxSamples most samples, 0 for no limit; with 0 the other size limit is off too
 * @param maxRawBytes most uncompressed bytes
 * @param maxLabelValues a text label with more values than this is dropped as a whole, because backends make a series
 *     of each
 */
public record ProfileLimits(int maxSamples, long maxRawBytes, int maxLabelValues) {
    /** Most frames on a stack; what is deeper stands under {@code (deeper)}. */
    public static final int MAX_DEPTH = 128;

    public static final ProfileLimits DEFAULT = new ProfileLimits(16_000, 4L << 20, 1000);

    public ProfileLimits {
        if (maxSamples < 0 || maxRawBytes <= 0 || maxLabelValues < 1) {
            throw new IllegalArgumentException(
                    "maxSamples " + maxSamples + ", maxRawBytes " + maxRawBytes + ", maxLabelValues " + maxLabelValues);
        }
    }

    /** These limits with another number of samples, 0 for all. */
    public ProfileLimits withMaxSamples(int samples) {
        return new ProfileLimits(samples, maxRawBytes, maxLabelValues);
    }

    boolean limitsSamples() {
        return maxSamples > 0;
    }
}
