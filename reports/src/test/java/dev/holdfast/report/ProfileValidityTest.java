package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.holdfast.report.proto.PprofProto;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileValidityTest {
    @Test
    void aProfileOfOursIsValid() {
        PprofProto.Profile valid = valid().build();
        ProfileValidity.check(valid, 1000);
        assertThat(valid.getSampleCount()).isEqualTo(2);
    }

    static Stream<Arguments> mutations() {
        return Stream.of(
                mutation("string 0", p -> p.setStringTable(0, "x")),
                mutation("string 0", PprofProto.Profile.Builder::clearStringTable),
                mutation("string text", p -> p.addStringTable("two\nlines")),
                mutation("string index", p -> p.addComment(999)),
                mutation("string index", p -> p.getFunctionBuilder(0).setName(-1)),
                mutation("sample type", PprofProto.Profile.Builder::clearSampleType),
                mutation("sample type", p -> p.addSampleType(p.getSampleType(0))),
                mutation("default sample type", p -> p.setDefaultSampleType(0)),
                mutation("time", p -> p.setTimeNanos(-1)),
                mutation("frame filters", p -> p.setDropFrames(1)),
                mutation("doc_url", p -> p.setDocUrl(1)),
                mutation("mapping id", p -> p.getMappingBuilder(0).setId(0)),
                mutation("mapping id", p -> p.addMapping(p.getMapping(0))),
                mutation("mapping id", PprofProto.Profile.Builder::clearMapping),
                mutation("mapping", p -> p.getMappingBuilder(0).setHasFunctions(false)),
                mutation("function id", p -> p.getFunctionBuilder(1).setId(1)),
                mutation("function id", p -> p.getFunctionBuilder(0).setId(0)),
                mutation("function name", p -> p.getFunctionBuilder(0).setName(0)),
                mutation("location id", p -> p.getLocationBuilder(1).setId(1)),
                mutation("location id", p -> p.getLocationBuilder(0).setId(5)),
                mutation("location mapping", p -> p.getLocationBuilder(0).setMappingId(0)),
                mutation("location line", p -> p.getLocationBuilder(0).clearLine()),
                mutation(
                        "line function",
                        p -> p.getLocationBuilder(0).getLineBuilder(0).setFunctionId(3)),
                mutation(
                        "line function",
                        p -> p.getLocationBuilder(0).getLineBuilder(0).setFunctionId(0)),
                mutation("value count", p -> p.getSampleBuilder(0).addValue(1)),
                mutation("value", p -> p.getSampleBuilder(0).setValue(0, -1)),
                mutation("value", p -> p.getSampleBuilder(0).setValue(0, 0).setValue(1, 0)),
                mutation("stack", p -> p.getSampleBuilder(0).clearLocationId()),
                mutation("stack", p -> {
                    for (int i = 0; i < 128; i++) {
                        p.getSampleBuilder(0).addLocationId(1);
                    }
                }),
                mutation("sample location", p -> p.getSampleBuilder(0).setLocationId(0, 0)),
                mutation("sample location", p -> p.getSampleBuilder(0).setLocationId(0, 3)),
                mutation("duplicate sample", p -> p.addSample(p.getSample(0))),
                mutation("label key", p -> label(p).setKey(0)),
                mutation("label key", p -> p.getSampleBuilder(0).addLabel(label(p))),
                mutation("label kind", p -> label(p).setNum(1)),
                mutation("label kind", p -> label(p).setStr(0)),
                mutation("label kind", p -> {
                    for (int i = 0; i < 3; i++) {
                        long text = p.getStringTableCount();
                        p.addStringTable("value " + i);
                        PprofProto.Sample.Builder copy = p.getSampleBuilder(0).clone();
                        copy.getLabelBuilder(0).setStr(text);
                        p.addSample(copy);
                    }
                }),
                mutation("label bytes", p -> {
                    PprofProto.Sample.Builder copy = p.getSampleBuilder(0).clone();
                    copy.getLabelBuilder(1).setNumUnit(copy.getLabel(0).getStr());
                    p.addSample(copy);
                }));
    }

    @ParameterizedTest(name = "{index} {0}")
    @MethodSource("mutations")
    void everyBrokenRuleIsNamed(String rule, Consumer<PprofProto.Profile.Builder> mutation) {
        PprofProto.Profile.Builder profile = valid();
        mutation.accept(profile);

        assertThatThrownBy(() -> ProfileValidity.check(profile.build(), 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(rule + ":");
    }

    private static Arguments mutation(String rule, Consumer<PprofProto.Profile.Builder> mutation) {
        return arguments(rule, mutation);
    }

    private static PprofProto.Label.Builder label(PprofProto.Profile.Builder profile) {
        return profile.getSampleBuilder(0).getLabelBuilder(0);
    }

    private static PprofProto.Profile.Builder valid() {
        ProfileBuilder builder = ProfileBuilder.inUse().timeNanos(1).comment("x");
        int one = builder.frame(ProfileBuilder.ROOT, "one");
        builder.sample(one, Labels.NONE.with("kind", "k").with("bytes", 8, "bytes"), 1, 8);
        builder.sample(builder.frame(one, "two"), Labels.NONE, 1, 8);
        try {
            return PprofProto.Profile.parseFrom(
                    builder.build(ProfileLimits.DEFAULT).toByteArray())
                    .toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
