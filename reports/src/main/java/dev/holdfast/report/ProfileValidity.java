package dev.holdfast.report;

import dev.holdfast.report.proto.PprofProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules a profile must keep: those that google/pprof checks when it reads one, and those of the strictest other
 * readers (Parca, Pyroscope, Perfetto). Run on every profile before it is written; a violation is a bug of ours.
 */
final class ProfileValidity {
    private final PprofProto.Profile profile;
    private final int maxLabelValues;
    private final Map<String, Set<Long>> texts = new HashMap<>();
    private final Map<Long, Long> units = new HashMap<>();

    private ProfileValidity(PprofProto.Profile profile, int maxLabelValues) {
        this.profile = profile;
        this.maxLabelValues = maxLabelValues;
    }

    /** Returns if every rule holds; else the exception begins with the rule's name. */
    static void check(PprofProto.Profile profile, int maxLabelValues) {
        ProfileValidity validity = new ProfileValidity(profile, maxLabelValues);
        validity.strings();
        validity.header();
        validity.tables();
        validity.samples();
    }

    private void strings() {
        require(profile.getStringTableCount() > 0 && profile.getStringTable(0).isEmpty(), "string 0", "is not empty");
        for (String text : profile.getStringTableList()) {
            require(ProfileText.clean(text).equals(text), "string text", text);
        }
    }

    private void header() {
        require(profile.getSampleCount() == 0 || profile.getSampleTypeCount() > 0, "sample type", "samples have none");
        Set<String> names = new HashSet<>();
        for (PprofProto.ValueType type : profile.getSampleTypeList()) {
            String name = string(type.getType());
            require(ValueType.isName(name) && ValueType.isName(string(type.getUnit())), "sample type", name);
            require(names.add(name), "sample type", "twice " + name);
        }
        String defaultType = string(profile.getDefaultSampleType());
        require(names.contains(defaultType), "default sample type", defaultType);
        if (profile.hasPeriodType()) {
            string(profile.getPeriodType().getType());
            string(profile.getPeriodType().getUnit());
        }
        require(profile.getTimeNanos() >= 0 && profile.getDurationNanos() >= 0, "time", "negative");
        profile.getCommentList().forEach(this::string);
        require(profile.getDropFrames() == 0 && profile.getKeepFrames() == 0, "frame filters", "swallow object frames");
        require(profile.getDocUrl() == 0, "doc_url", "is refused by Perfetto");
    }

    private void tables() {
        List<PprofProto.Mapping> mappings = profile.getMappingList();
        require(mappings.size() == 1 && mappings.get(0).getId() == 1, "mapping id", "not one mapping with id 1");
        require(mappings.get(0).getHasFunctions(), "mapping", "without has_functions a viewer would symbolize");
        string(mappings.get(0).getFilename());
        string(mappings.get(0).getBuildId());
        long id = 0;
        for (PprofProto.Function function : profile.getFunctionList()) {
            require(function.getId() == ++id, "function id", function.getId() + " in place " + id);
            require(!string(function.getName()).isEmpty(), "function name", "empty");
            string(function.getSystemName());
            string(function.getFilename());
        }
        id = 0;
        for (PprofProto.Location location : profile.getLocationList()) {
            require(location.getId() == ++id, "location id", location.getId() + " in place " + id);
            require(location.getMappingId() == 1, "location mapping", "is " + location.getMappingId());
            require(location.getLineCount() > 0, "location line", "none: no box in a flame graph");
            for (PprofProto.Line line : location.getLineList()) {
                long function = line.getFunctionId();
                require(function >= 1 && function <= profile.getFunctionCount(), "line function", "is " + function);
            }
        }
    }

    private void samples() {
        Set<List<Long>> keys = new HashSet<>();
        for (PprofProto.Sample sample : profile.getSampleList()) {
            require(
                    sample.getValueCount() == profile.getSampleTypeCount(),
                    "value count",
                    String.valueOf(sample.getValueCount()));
            long all = 0;
            for (long value : sample.getValueList()) {
                require(value >= 0, "value", "negative " + value);
                all |= value;
            }
            require(all != 0, "value", "all zero");
            int depth = sample.getLocationIdCount();
            require(depth > 0, "stack", "empty");
            require(depth <= ProfileLimits.MAX_DEPTH, "stack", depth + " frames");
            for (int i = 0; i < depth; i++) {
                long location = sample.getLocationId(i);
                if (location < 1 || location > profile.getLocationCount()) {
                    throw new IllegalStateException("sample location: is " + location);
                }
            }
            labels(sample);
            if (!keys.add(key(sample))) {
                throw new IllegalStateException("duplicate sample: " + sample.getLocationIdList());
            }
        }
    }

    /** Equal for samples that a reader takes for one. Messages themselves hash by reflection, which takes its time. */
    private static List<Long> key(PprofProto.Sample sample) {
        List<Long> key = new ArrayList<>(sample.getLocationIdList());
        for (PprofProto.Label label : sample.getLabelList()) {
            key.addAll(List.of(-1L, label.getKey(), label.getStr(), label.getNum(), label.getNumUnit()));
        }
        return key;
    }

    private void labels(PprofProto.Sample sample) {
        Set<Long> keys = new HashSet<>();
        for (PprofProto.Label label : sample.getLabelList()) {
            String key = string(label.getKey());
            require(Labels.isRecordedKey(key), "label key", key);
            require(keys.add(label.getKey()), "label key", "twice " + key);
            boolean text = label.getStr() != 0;
            if (text) {
                require(label.getNum() == 0 && label.getNumUnit() == 0, "label " + key, "both text and number");
                string(label.getStr());
                Set<Long> values = texts.computeIfAbsent(key, name -> new HashSet<>());
                values.add(label.getStr());
                require(values.size() <= maxLabelValues, "label " + key, "too many values");
            } else {
                // Readers take the key for the unit then, and drop a 0.
                require(label.getNum() != 0 || label.getNumUnit() != 0, "label " + key, "0 without a unit");
                string(label.getNumUnit());
                Long unit = units.putIfAbsent(label.getKey(), label.getNumUnit());
                require(unit == null || unit == label.getNumUnit(), "label " + key, "two units");
            }
        }
    }

    private String string(long index) {
        require(index >= 0 && index < profile.getStringTableCount(), "string index", "is " + index);
        return profile.getStringTable((int) index);
    }

    private static void require(boolean holds, String rule, String what) {
        if (!holds) {
            throw new IllegalStateException(rule + ": " + what);
        }
    }
}
