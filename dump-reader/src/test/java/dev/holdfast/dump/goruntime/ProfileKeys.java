package dev.holdfast.dump.goruntime;

import dev.holdfast.dump.RecordedProfile;
import dev.holdfast.dump.StackFrame;
import dev.holdfast.testkit.DecodedProfile;
import java.util.ArrayList;
import java.util.List;

/** What must be the same in a profile that the process wrote and in ours. */
final class ProfileKeys {
    private ProfileKeys() {}

    /** Addresses with functions and lines; a file stands in theirs once a function, whatever file a part of it is from. */
    static List<String> of(RecordedProfile.Sample sample) {
        List<String> key = new ArrayList<>();
        for (RecordedProfile.Location location : sample.stack()) {
            key.add(Long.toHexString(location.address()));
            for (StackFrame frame : location.frames()) {
                key.add(frame.function() + ":" + frame.line());
            }
        }
        return key;
    }

    static List<String> of(DecodedProfile profile, DecodedProfile.Sample sample) {
        List<String> key = new ArrayList<>();
        for (long id : sample.locationIds()) {
            DecodedProfile.Location location = profile.locations().get((int) id - 1);
            key.add(Long.toHexString(location.address()));
            for (DecodedProfile.Line line : location.lines()) {
                key.add(profile.functions().get((int) line.functionId() - 1).name() + ":" + line.line());
            }
        }
        return key;
    }

    static List<String> measures(RecordedProfile profile) {
        return profile.sampleTypes().stream()
                .map(measure -> measure.type() + "/" + measure.unit())
                .toList();
    }

    static List<String> measures(DecodedProfile profile) {
        return profile.sampleTypes().stream()
                .map(measure -> measure.type() + "/" + measure.unit())
                .toList();
    }
}
