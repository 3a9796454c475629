package dev.holdfast.report;

import dev.holdfast.report.proto.PprofProto;
import java.util.List;

/**
 * A finished profile, checked against every rule of the format. Immutable and thread-safe; its memory is that of the
 * message, about 8 bytes a frame of each sample.
 */
public final class Profile {
    private final PprofProto.Profile message;
    private final List<ValueType> types;
    private final List<String> warnings;

    Profile(PprofProto.Profile message, List<ValueType> types, List<String> warnings) {
        this.message = message;
        this.types = List.copyOf(types);
        this.warnings = List.copyOf(warnings);
    }

    PprofProto.Profile message() {
        return message;
    }

    /** What the values of a sample are, in order. */
    public List<ValueType> types() {
        return types;
    }

    /** The number of samples written. */
    public int samples() {
        return message.getSampleCount();
    }

    /** The sum of one type's values over all samples. */
    public long total(ValueType type) {
        int column = types.indexOf(type);
        if (column < 0) {
            throw new IllegalArgumentException(type + " is none of " + types);
        }
        long sum = 0;
        for (PprofProto.Sample sample : message.getSampleList()) {
            sum += sample.getValue(column);
        }
        return sum;
    }

    /** What had to be left out, a sentence each; the profile's comments hold them too. */
    public List<String> warnings() {
        return warnings;
    }

    /** The size before compression. */
    public long rawBytes() {
        return message.getSerializedSize();
    }

    /** The uncompressed profile, the same bytes on every JVM. */
    public byte[] toByteArray() {
        return message.toByteArray();
    }
}
