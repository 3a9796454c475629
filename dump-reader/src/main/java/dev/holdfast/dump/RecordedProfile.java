package dev.holdfast.dump;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A profile that the runtime kept in memory, as it would have served it.
 *
 * @param name the runtime's name for it: {@code heap}, {@code block}, {@code mutex}
 * @param sampleTypes what the values of a sample are
 * @param periodType what the period counts
 * @param period distance of samples
 * @param defaultSampleType the sample type that viewers show first, or null where the runtime names none
 * @param samples in the runtime's order
 */
public record RecordedProfile(
        String name,
        List<Measure> sampleTypes,
        Measure periodType,
        long period,
        @Nullable String defaultSampleType,
        List<Sample> samples) {

    /**
     * What a number means.
     *
     * @param type such as {@code inuse_space}
     * @param unit such as {@code bytes}
     */
    public record Measure(String type, String unit) {}

    /**
     * A stack with its values.
     *
     * @param stack leaf first
     * @param values as many as there are sample types
     * @param labels text labels
     * @param numbers numeric labels without a unit
     */
    public record Sample(
            List<Location> stack, List<Long> values, Map<String, String> labels, Map<String, Long> numbers) {}

    /**
     * A place in the program.
     *
     * @param address the program counter as the runtime recorded it
     * @param frames the function and what was inlined into it, innermost first
     */
    public record Location(long address, List<StackFrame> frames) {}
}
