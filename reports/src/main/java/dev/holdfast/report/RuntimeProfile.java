package dev.holdfast.report;

import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.StackFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code runtime-heap.pb.gz} and the like: a profile that the runtime kept in memory, as its endpoint would have served it,
 * but without addresses, which differ between two runs of one program.
 */
final class RuntimeProfile {
    private RuntimeProfile() {}

    static String fileName(RecordedProfile recorded) {
        return "runtime-" + recorded.name() + ".pb.gz";
    }

    /** A builder of the recorded types; where the runtime names no default it is the last, as viewers have it. */
    static ProfileBuilder builder(RecordedProfile recorded) {
        List<ValueType> types =
                recorded.sampleTypes().stream().map(RuntimeProfile::type).toList();
        ValueType defaultType = types.stream()
                .filter(type -> type.type().equals(recorded.defaultSampleType()))
                .findFirst()
                .orElse(types.get(types.size() - 1));
        return new ProfileBuilder(types, defaultType).period(type(recorded.periodType()), recorded.period());
    }

    private static ValueType type(RecordedProfile.Measure measure) {
        return new ValueType(measure.type(), measure.unit());
    }

    static Profile of(RecordedProfile recorded, ProfileBuilder builder, ProfileLimits limits) {
        long left = 0;
        for (RecordedProfile.Sample sample : recorded.samples()) {
            if (sample.values().stream().anyMatch(value -> value < 0)) {
                left++;
                continue;
            }
            int stack = CallStack.add(builder, ProfileBuilder.ROOT, frames(sample.stack()));
            if (stack == ProfileBuilder.ROOT) {
                stack = builder.frame(ProfileBuilder.ROOT, FrameNames.UNKNOWN);
            }
            Labels labels = Labels.NONE.withRecorded(sample.labels());
            for (Map.Entry<String, Long> number : sample.numbers().entrySet()) {
                labels = labels.withRecorded(number.getKey(), number.getValue());
            }
            builder.sample(
                    stack,
                    labels,
                    sample.values().stream().mapToLong(Long::longValue).toArray());
        }
        if (left > 0) {
            builder.header(builder.header().withWarning(left + " records with negative values left out"));
        }
        return builder.build(limits);
    }

    /** The frames of all locations; what is inlined says so, whatever the record says. */
    private static List<StackFrame> frames(List<RecordedProfile.Location> stack) {
        List<StackFrame> frames = new ArrayList<>();
        for (RecordedProfile.Location location : stack) {
            int last = location.frames().size() - 1;
            for (int i = 0; i <= last; i++) {
                StackFrame frame = location.frames().get(i);
                frames.add(new StackFrame(
                        frame.function(),
                        frame.file(),
                        frame.line(),
                        frame.nativeCode(),
                        frame.bytes(),
                        i < last,
                        frame.wrapper()));
            }
            if (last < 0) {
                frames.add(new StackFrame(FrameNames.UNKNOWN, null, 0, false));
            }
        }
        return frames;
    }
}
