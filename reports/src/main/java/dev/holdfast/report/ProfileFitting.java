package dev.holdfast.report;

import java.util.function.IntFunction;

/** Finds the number of samples with which a profile keeps to its limits. */
final class ProfileFitting {
    private ProfileFitting() {}

    /**
     * The profile with as many samples as the limits allow.
     *
     * @param folded the samples in at most so many
     */
    static Profile fit(ProfileLimits limits, IntFunction<CanonicalSamples> folded) {
        int cap = limits.limitsSamples() ? limits.maxSamples() : Integer.MAX_VALUE;
        while (true) {
            CanonicalSamples samples = folded.apply(cap);
            Profile profile = ProfileEncoder.encode(samples, limits.maxLabelValues());
            long bytes = profile.rawBytes();
            if (!limits.limitsSamples() || bytes <= limits.maxRawBytes() || cap == 1) {
                return profile;
            }
            // Bytes grow with samples a little less than in proportion (shared names), so this overshoots slightly
            // and two or three rounds do; a profile of names only ends with one sample.
            double ratio = (double) limits.maxRawBytes() / bytes;
            cap = (int) Math.max(1, Math.min(cap, samples.size()) * ratio * 0.97);
        }
    }
}
