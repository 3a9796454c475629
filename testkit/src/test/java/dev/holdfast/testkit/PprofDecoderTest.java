package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class PprofDecoderTest {
    /** Written by hand from the field numbers. Strings: "", a, b, count, bytes, k, v, n. */
    private static final String PROFILE = "0a04 0803 1003" // count/count
            + "0a04 0804 1004" // bytes/bytes
            + "120f 0a020102 1203018008 1a04 08051006" // stack a (leaf), b; values 1, 1024 (packed); k=v
            + "1215 0801 1002 10ffffffffffffffffff01 1a0408051807" // location 1; values 2, -1 unpacked; k=7
            + "1a04 0801 3801" // mapping 1, has_functions
            + "2208 0801 1001 2202 0801" // location 1 -> function 1
            + "220a 0802 1001 2204 0802 1009" // location 2 -> function 2 line 9
            + "2a04 0801 1001 2a06 0802 1002 2007" // functions a, b (file n)
            + "3200 320161 320162 3205636f756e74 32056279746573 32016b 320176 32016e"
            + "48 80a094a58d1d" // time_nanos
            + "5a04 0804 1004 6001 6a020506 7004"; // period bytes/bytes 1, comments k v, default bytes

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void everyFieldComesBackResolved() {
        DecodedProfile profile = PprofDecoder.decode(bytes(PROFILE));
        assertThat(profile.sampleTypes())
                .containsExactly(
                        new DecodedProfile.ValueType("count", "count"), new DecodedProfile.ValueType("bytes", "bytes"));
        assertThat(profile.samples())
                .containsExactly(
                        new DecodedProfile.Sample(
                                List.of(1L, 2L),
                                List.of(1L, 1024L),
                                List.of(new DecodedProfile.Label("k", "v", 0, ""))),
                        new DecodedProfile.Sample(
                                List.of(1L), List.of(2L, -1L), List.of(new DecodedProfile.Label("k", "", 7, ""))));
        assertThat(profile.mappings()).singleElement().satisfies(mapping -> {
            assertThat(mapping.id()).isEqualTo(1);
            assertThat(mapping.hasFunctions()).isTrue();
            assertThat(mapping.hasFilenames()).isFalse();
        });
        assertThat(profile.location(2).lines()).containsExactly(new DecodedProfile.Line(2, 9, 0));
        assertThat(profile.function(2)).isEqualTo(new DecodedProfile.Function(2, "b", "", "n", 0));
        assertThat(profile.timeNanos()).isEqualTo(1_000_000_000_000L);
        assertThat(profile.periodType().type()).isEqualTo("bytes");
        assertThat(profile.period()).isEqualTo(1);
        assertThat(profile.comments()).containsExactly("k", "v");
        assertThat(profile.defaultSampleType()).isEqualTo("bytes");
        assertThat(profile.valueIndex("bytes")).isEqualTo(1);
        assertThat(DecodedProfile.label(profile.samples().get(0), "k")).isEqualTo("v");
        assertThat(DecodedProfile.label(profile.samples().get(1), "k")).isEmpty();
    }

    @Test
    void cumulativeSumsFollowStacksFromTheRoot() {
        DecodedProfile profile = PprofDecoder.decode(bytes(PROFILE));
        assertThat(profile.stack(profile.samples().get(0))).containsExactly("b", "a");
        assertThat(profile.total(0)).isEqualTo(3);
        assertThat(profile.cumulativeByFrame(0)).isEqualTo(Map.of("a", 3L, "b", 1L));
        assertThat(profile.cumulativeByPath(1))
                .isEqualTo(Map.of(List.of(), 1023L, List.of("b"), 1024L, List.of("b", "a"), 1024L, List.of("a"), -1L));
    }

    @Test
    void gzipIsTakenOff() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes(PROFILE));
        }
        assertThat(PprofDecoder.decode(packed.toByteArray())).isEqualTo(PprofDecoder.decode(bytes(PROFILE)));
    }

    @Test
    void whatCannotBeReadIsRefused() {
        byte[] whole = bytes(PROFILE);
        assertThatThrownBy(() -> PprofDecoder.decode(java.util.Arrays.copyOf(whole, whole.length - 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PprofDecoder.decode(bytes("8001 01"))).hasMessageContaining("field 16");
        assertThatThrownBy(() -> PprofDecoder.decode(bytes("4d 00000000"))).hasMessageContaining("wire type 5");
        assertThatThrownBy(() -> PprofDecoder.decode(bytes("7005 3200"))).hasMessageContaining("string index 5");
        assertThatThrownBy(() -> PprofDecoder.decode(bytes("48 ffffffffffffffffffff01")))
                .hasMessageContaining("varint");
    }
}
