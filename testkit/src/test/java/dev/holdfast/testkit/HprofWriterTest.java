package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class HprofWriterTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] written(int idSize, Consumer<HprofWriter> content) {
        HprofWriter writer = HprofWriter.inMemory(idSize);
        content.accept(writer);
        return writer.toByteArray();
    }

    private static void assertBytes(int idSize, Consumer<HprofWriter> content, String expected) {
        assertThat(written(idSize, content)).isEqualTo(hex(expected));
    }

    @Test
    void headerIsNameNulIdSizeAndTime() {
        assertBytes(
                8,
                w -> w.header(HprofWriter.V1_0_2, 0x0000018A_01020304L),
                "4a41564120 50524f46494c45 20312e302e32 00 00000008 0000018a 01020304");
        assertBytes(4, w -> w.header("X", 7, 1), "58 00 00000007 0000000000000001");
    }

    @Test
    void topLevelRecordsWithFourByteIds() {
        assertBytes(
                4,
                w -> w.micros(5).utf8(0x11, "a\0é\uD83D\uDE00"),
                "01 00000005 0000000f 00000011 61 c080 c3a9 eda0bd edb880");
        assertBytes(4, w -> w.loadClass(1, 2, 3, 4), "02 00000000 00000010 00000001 00000002 00000003 00000004");
        assertBytes(4, w -> w.unloadClass(9), "03 00000000 00000004 00000009");
        assertBytes(
                4,
                w -> w.frame(1, 2, 3, 4, 5, -3),
                "04 00000000 00000018 00000001 00000002 00000003 00000004 00000005 fffffffd");
        assertBytes(
                4, w -> w.trace(1, 2, 0xA, 0xB), "05 00000000 00000014 00000001 00000002 00000002 0000000a 0000000b");
        assertBytes(
                4,
                w -> w.heapSummary(1, 2, 3, 4),
                "07 00000000 00000018 00000001 00000002 0000000000000003 0000000000000004");
        assertBytes(
                4,
                w -> w.startThread(1, 2, 3, 4, 5, 6),
                "0a 00000000 00000018 00000001 00000002 00000003 00000004 00000005 00000006");
        assertBytes(4, w -> w.endThread(1), "0b 00000000 00000004 00000001");
        assertBytes(4, w -> w.cpuSamples(3, 2, 7), "0d 00000000 00000010 00000003 00000001 00000002 00000007");
        assertBytes(4, w -> w.controlSettings(3, 0x1234), "0e 00000000 00000006 00000003 1234");
        assertBytes(4, w -> w.heapDumpEnd(), "2c 00000000 00000000");
        assertBytes(
                4,
                w -> w.allocSites(2, 0.5f, 1, 2, 3, 4, new HprofWriter.AllocSite(8, 1, 2, 3, 4, 5, 6)),
                "06 00000000 0000003b 0002 3f000000 00000001 00000002 0000000000000003 0000000000000004 00000001"
                        + "08 00000001 00000002 00000003 00000004 00000005 00000006");
    }

    @Test
    void topLevelRecordsWithEightByteIds() {
        assertBytes(8, w -> w.utf8(1, "x"), "01 00000000 00000009 0000000000000001 78");
        assertBytes(
                8,
                w -> w.loadClass(1, 0xFFFFFFFF00000002L, 3, 4),
                "02 00000000 00000018 00000001 ffffffff00000002 00000003 0000000000000004");
        assertBytes(8, w -> w.trace(1, 2, 3), "05 00000000 00000014 00000001 00000002 00000001 0000000000000003");
    }

    @Test
    void rootsWithFourByteIds() {
        assertSub(w -> w.rootUnknown(1), "ff 00000001");
        assertSub(w -> w.rootJniGlobal(1, 2), "01 00000001 00000002");
        assertSub(w -> w.rootJniLocal(1, 2, -1), "02 00000001 00000002 ffffffff");
        assertSub(w -> w.rootJavaFrame(1, 2, 3), "03 00000001 00000002 00000003");
        assertSub(w -> w.rootNativeStack(1, 2), "04 00000001 00000002");
        assertSub(w -> w.rootStickyClass(1), "05 00000001");
        assertSub(w -> w.rootThreadBlock(1, 2), "06 00000001 00000002");
        assertSub(w -> w.rootMonitorUsed(1), "07 00000001");
        assertSub(w -> w.rootThreadObject(1, 2, 3), "08 00000001 00000002 00000003");
        assertSub(w -> w.heapDumpInfo('A', 2), "fe 00000041 00000002");
        assertSub(w -> w.root(HprofTag.ROOT_INTERNED_STRING, 1), "89 00000001");
        assertSub(w -> w.root(HprofTag.ROOT_FINALIZING, 1), "8a 00000001");
        assertSub(w -> w.root(HprofTag.ROOT_DEBUGGER, 1), "8b 00000001");
        assertSub(w -> w.root(HprofTag.ROOT_REFERENCE_CLEANUP, 1), "8c 00000001");
        assertSub(w -> w.root(HprofTag.ROOT_VM_INTERNAL, 1), "8d 00000001");
        assertSub(w -> w.rootJniMonitor(1, 2, 3), "8e 00000001 00000002 00000003");
        assertSub(w -> w.root(HprofTag.ROOT_UNREACHABLE, 1), "90 00000001");
    }

    @Test
    void objectsWithFourByteIds() {
        assertSub(w -> w.instance(1, 2, 3, hex("aabb")), "21 00000001 00000002 00000003 00000002 aabb");
        assertSub(w -> w.objectArray(1, 2, 3, 4, 5), "22 00000001 00000002 00000002 00000003 00000004 00000005");
        assertSub(
                w -> w.primitiveArray(1, 2, HprofType.SHORT, hex("00010002")),
                "23 00000001 00000002 00000002 09 0001 0002");
        assertSub(w -> w.primitiveArrayNoData(1, 2, 7, HprofType.LONG), "c3 00000001 00000002 00000007 0b");
    }

    @Test
    void classDumpHoldsEverySlotInOrder() {
        ClassDump dump = new ClassDump(
                1,
                2,
                3,
                4,
                5,
                6,
                7,
                8,
                9,
                List.of(new ClassDump.Constant(0x10, HprofType.INT, 0x11)),
                List.of(
                        new ClassDump.Static(0x12, HprofType.BYTE, -1),
                        new ClassDump.Static(0x13, HprofType.DOUBLE, Double.doubleToRawLongBits(1))),
                List.of(new ClassDump.Field(0x14, HprofType.OBJECT)));
        assertSub(
                w -> w.classDump(dump),
                "20 00000001 00000002 00000003 00000004 00000005 00000006 00000007 00000008 00000009"
                        + "0001 0010 0a 00000011 0002 00000012 08 ff 00000013 07 3ff0000000000000 0001 00000014 02");
    }

    private static void assertSub(Consumer<HprofWriter> content, String expected) {
        assertBytes(4, content, expected);
        byte[] body = hex(expected);
        byte[] auto = written(4, w -> content.accept(w.autoSegments(1000)));
        assertThat(auto).startsWith(hex("1c 00000000 000000")).endsWith(body);
        assertThat(auto[8]).as("length that automatic segments write").isEqualTo((byte) body.length);
        assertThat(auto).hasSize(9 + body.length);
    }

    @Test
    void eightByteIdsWidenReferencesOnly() {
        assertBytes(8, w -> w.rootJavaFrame(1, 2, 3), "03 0000000000000001 00000002 00000003");
        assertBytes(
                8,
                w -> w.objectArray(1, 2, 3, 4),
                "22 0000000000000001 00000002 00000001 0000000000000003 0000000000000004");
        assertBytes(
                8,
                w -> w.primitiveArray(1, 2, HprofType.BYTE, hex("ff")),
                "23 0000000000000001 00000002 00000001 08 ff");
    }

    @Test
    void segmentsGetTheirLengthWhenTheyEnd() {
        assertBytes(
                4,
                w -> w.beginSegment()
                        .rootUnknown(1)
                        .endSegment()
                        .beginHeapDump()
                        .endSegment()
                        .heapDumpEnd(),
                "1c 00000000 00000005 ff00000001 0c 00000000 00000000 2c 00000000 00000000");
    }

    @Test
    void lengthsCanBeForged() {
        assertBytes(
                4, w -> w.beginSegment().rootUnknown(1).endSegment(0x1_FFFF_FFFEL), "1c 00000000 fffffffe ff00000001");
        assertBytes(4, w -> w.record(0x42, 0x8000_0000L, hex("01")), "42 00000000 80000000 01");
        assertBytes(
                4,
                w -> w.beginSegmentOfLength(HprofTag.HEAP_DUMP, 7).rootUnknown(1),
                "0c 00000000 00000007 ff00000001");
        assertBytes(
                4, w -> w.primitiveArrayHeader(1, 2, 0x8000_0000, HprofType.LONG), "23 00000001 00000002 80000000 0b");
    }

    @Test
    void aSegmentNotEndedKeepsLengthZeroAsAfterAKill() {
        assertBytes(4, w -> w.beginSegment().rootUnknown(1), "1c 00000000 00000000 ff00000001");
        assertThatThrownBy(() -> HprofWriter.inMemory(4).endSegment()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void automaticSegmentsNeverSplitASubRecordAndGiveALargeOneItsOwn() {
        byte[] dump = written(
                4,
                w -> w.header("X", 0)
                        .autoSegments(12)
                        .rootUnknown(1)
                        .rootUnknown(2)
                        .rootUnknown(3)
                        .primitiveArray(4, 1, HprofType.BYTE, new byte[20])
                        .rootUnknown(5)
                        .heapDumpEnd());
        assertThat(dump)
                .isEqualTo(hex("5800 00000004 0000000000000000"
                        + "1c 00000000 0000000a ff00000001 ff00000002"
                        + "1c 00000000 00000005 ff00000003"
                        + "1c 00000000 00000022 23 00000004 00000001 00000014 08" + "00".repeat(20)
                        + "1c 00000000 00000005 ff00000005"
                        + "2c 00000000 00000000"));
    }

    @Test
    void positionCountsUncompressedBytes() {
        HprofWriter writer = HprofWriter.inMemory(8, Compression.GZIP).header(HprofWriter.V1_0_2, 0);
        assertThat(writer.position()).isEqualTo(31);
        writer.beginSegment().rootUnknown(1);
        assertThat(writer.position()).isEqualTo(31 + 9 + 9);
    }

    @Test
    void hotSpotGzipWritesIndependentMembersOneForEachSegmentAtLeast() throws IOException {
        HprofWriter writer = HprofWriter.inMemory(8, Compression.HOTSPOT_GZIP)
                .header(HprofWriter.V1_0_2, 0)
                .beginSegment()
                .primitiveArray(8, 1, HprofType.BYTE, new byte[3_000_000])
                .endSegment()
                .heapDumpEnd();
        byte[] packed = writer.toByteArray();
        assertThat(packed).startsWith(hex("1f8b0810000000000400"));
        assertThat(new String(packed, 10, 24, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo("HPROF BLOCKSIZE=1048576\0");
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        assertThat(plain).hasSize(31 + 9 + 1 + 17 + 3_000_000 + 9);
        int members = 0;
        for (int i = 0; i + 3 < packed.length; i++) {
            if (packed[i] == 0x1f && packed[i + 1] == (byte) 0x8b && packed[i + 2] == 8) {
                members++;
            }
        }
        assertThat(members).as("header, three of the segment, end").isEqualTo(5);
    }

    @Test
    void largeContentPassesThroughTheBufferUnchanged() {
        byte[] data = new byte[700_001];
        new java.util.Random(1).nextBytes(data);
        HprofWriter writer = HprofWriter.inMemory(4);
        for (int i = 0; i < 3; i++) {
            writer.record(0x42, data);
        }
        byte[] dump = writer.toByteArray();
        assertThat(dump).hasSize(3 * (9 + data.length));
        assertThat(java.util.Arrays.copyOfRange(dump, 2 * (9 + data.length) + 9, dump.length))
                .isEqualTo(data);
    }
}
