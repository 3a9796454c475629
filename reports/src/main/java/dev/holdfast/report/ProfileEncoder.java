package dev.holdfast.report;

import dev.holdfast.report.proto.PprofProto;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes samples as a profile.proto message: ids from 1 in the order of first use, names once each.
 *
 * <p>Addresses stay 0. Frames are told apart by their names, and a merge of two profiles (also {@code -diff_base})
 * compares address, mapping and lines: with 0 equal frames of two dumps are equal.
 */
final class ProfileEncoder {
    private static final long MAPPING = 1;

    private final CanonicalSamples samples;
    private final PprofProto.Profile.Builder out = PprofProto.Profile.newBuilder();
    private final Map<String, Long> strings = new HashMap<>();

    /** Ids by place, 0 for none yet: a stack of 100 frames costs 100 array reads, not hashes of names. */
    private final long[] locations;

    private final Map<Place, Long> functions = new HashMap<>();
    private boolean files;
    private boolean lines;
    private boolean inlined;

    private ProfileEncoder(CanonicalSamples samples) {
        this.samples = samples;
        this.locations = new long[samples.places()];
        string("");
    }

    static Profile encode(CanonicalSamples samples, int maxLabelValues) {
        PprofProto.Profile message = new ProfileEncoder(samples).encode();
        ProfileValidity.check(message, maxLabelValues);
        return new Profile(message, samples.types(), samples.header().warnings());
    }

    private PprofProto.Profile encode() {
        ProfileHeader header = samples.header();
        for (ValueType type : samples.types()) {
            out.addSampleType(valueType(type));
        }
        out.setDefaultSampleType(
                string(samples.types().get(samples.defaultType()).type()));
        if (header.periodType() != null) {
            out.setPeriodType(valueType(header.periodType())).setPeriod(header.period());
        }
        out.setTimeNanos(header.timeNanos());
        for (int i = 0; i < samples.size(); i++) {
            out.addSample(sample(i));
        }
        out.addMapping(PprofProto.Mapping.newBuilder()
                .setId(MAPPING)
                .setFilename(string(header.mapping()))
                .setHasFunctions(true)
                .setHasFilenames(files)
                .setHasLineNumbers(lines)
                .setHasInlineFrames(inlined));
        for (String comment : header.comments()) {
            out.addComment(string(comment));
        }
        return out.build();
    }

    private PprofProto.Sample sample(int number) {
        PprofProto.Sample.Builder sample = PprofProto.Sample.newBuilder();
        for (int frame = samples.stack(number); frame != FrameTree.ROOT; frame = samples.parent(frame)) {
            sample.addLocationId(location(frame));
        }
        for (int column = 0; column < samples.types().size(); column++) {
            sample.addValue(samples.value(number, column));
        }
        for (Labels.Label label : samples.labels(number).entries()) {
            PprofProto.Label.Builder entry = PprofProto.Label.newBuilder().setKey(string(label.key()));
            if (label.text() != null) {
                entry.setStr(string(label.text()));
            } else {
                entry.setNum(label.number()).setNumUnit(label.unit().isEmpty() ? 0 : string(label.unit()));
            }
            sample.addLabel(entry);
        }
        return sample.build();
    }

    private long location(int frame) {
        int number = samples.placeNumber(frame);
        if (locations[number] != 0) {
            return locations[number];
        }
        Place place = samples.place(frame);
        long id = out.getLocationCount() + 1L;
        locations[number] = id;
        PprofProto.Location.Builder message =
                PprofProto.Location.newBuilder().setId(id).setMappingId(MAPPING);
        for (Place call = place; call != null; call = call.caller()) {
            lines |= call.line() > 0;
            inlined |= call.caller() != null;
            message.addLine(PprofProto.Line.newBuilder()
                    .setFunctionId(function(new Place(call.name(), call.file(), 0)))
                    .setLine(call.line()));
        }
        out.addLocation(message);
        return id;
    }

    private long function(Place place) {
        Long known = functions.get(place);
        if (known != null) {
            return known;
        }
        long id = functions.size() + 1L;
        functions.put(place, id);
        files |= !place.file().isEmpty();
        // No system name: pprof demangles names that equal it, and would cut "(recursive) " off a name with brackets.
        out.addFunction(PprofProto.Function.newBuilder()
                .setId(id)
                .setName(string(place.name()))
                .setFilename(string(place.file())));
        return id;
    }

    private PprofProto.ValueType valueType(ValueType type) {
        return PprofProto.ValueType.newBuilder()
                .setType(string(type.type()))
                .setUnit(string(type.unit()))
                .build();
    }

    private long string(String text) {
        Long known = strings.putIfAbsent(text, (long) strings.size());
        if (known != null) {
            return known;
        }
        out.addStringTable(text);
        return strings.size() - 1L;
    }
}
