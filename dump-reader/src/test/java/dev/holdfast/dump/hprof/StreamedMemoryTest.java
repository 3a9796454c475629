package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.testkit.HotSpotGzipOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counting in a Java heap that is many times smaller than the dump and than a list of its objects. */
class StreamedMemoryTest {
    private static final int SEGMENTS = 128;
    /** Packing takes longer than all else. */
    private static final int PACKED_SEGMENTS = 40;

    private static final int SEGMENT = (1 << 20) - 9;
    /** An instance with two references: tag, identifier, trace, class, length, values. */
    private static final int RECORD = 1 + 8 + 4 + 8 + 4 + 16;

    private static final int OBJECTS_A_SEGMENT = SEGMENT / RECORD;
    /** 128 MiB of dump with 3.3 million objects, whose addresses alone are 26 MB. */
    private static final String HEAP = "-Xmx24m";

    private static final long NODE = 0x1000;

    @TempDir
    Path folder = Path.of("");

    @Test
    void aPlainDumpAndOneOfMembersAndAPipeAreCountedInASmallHeap() throws Exception {
        Path plain = folder.resolve("nodes.hprof");
        try (OutputStream out = Files.newOutputStream(plain)) {
            write(out, SEGMENTS);
        }
        Path packed = folder.resolve("nodes.hprof.gz");
        try (OutputStream out = new HotSpotGzipOutput(Files.newOutputStream(packed))) {
            write(out, PACKED_SEGMENTS);
        }
        assertThat(Files.size(plain)).isGreaterThan(5 * (24L << 20));
        assertThat(child(plain, packed)).isEqualTo(line(SEGMENTS) + line(PACKED_SEGMENTS) + line(PACKED_SEGMENTS));
    }

    private static String line(int segments) {
        long objects = (long) segments * OBJECTS_A_SEGMENT;
        return "Node " + objects + " " + objects * 24 + "\n";
    }

    /** A list in address order; HotSpot's order of records, a segment a MiB. */
    private static void write(OutputStream out, int segments) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
        buffer.put("JAVA PROFILE 1.0.2\0".getBytes(StandardCharsets.US_ASCII))
                .putInt(8)
                .putLong(1);
        name(buffer, 1, "Node");
        name(buffer, 2, "next");
        name(buffer, 3, "value");
        record(buffer, 0x02, 24).putInt(1).putLong(NODE).putInt(0).putLong(1);
        record(buffer, 0x1c, 1 + 8 + 4 + 6 * 8 + 4 + 2 + 2 + 2 + 18 + 9);
        buffer.put((byte) 0x20).putLong(NODE).putInt(0).put(new byte[6 * 8]).putInt(16);
        buffer.putShort((short) 0).putShort((short) 0).putShort((short) 2);
        buffer.putLong(2).put((byte) 2).putLong(3).put((byte) 2);
        buffer.put((byte) 0x05).putLong(NODE);
        flush(buffer, out);
        long address = 0x7_0000_0000L;
        for (int i = 0; i < segments; i++) {
            record(buffer, 0x1c, OBJECTS_A_SEGMENT * RECORD);
            for (int n = 0; n < OBJECTS_A_SEGMENT; n++, address += 24) {
                buffer.put((byte) 0x21).putLong(address).putInt(0).putLong(NODE).putInt(16);
                buffer.putLong(address + 24).putLong(0);
            }
            flush(buffer, out);
        }
        record(buffer, 0x2c, 0);
        flush(buffer, out);
    }

    private static void name(ByteBuffer buffer, long id, String text) {
        record(buffer, 0x01, 8 + text.length()).putLong(id).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer record(ByteBuffer buffer, int tag, int length) {
        return buffer.put((byte) tag).putInt(0).putInt(length);
    }

    private static void flush(ByteBuffer buffer, OutputStream out) throws IOException {
        byte[] bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        out.write(bytes);
        out.flush();
        buffer.clear();
    }

    private String child(Path plain, Path packed) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home", ""), "bin", "java")
                                .toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path", ""),
                        Child.class.getName(),
                        plain.toString(),
                        packed.toString()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(err)).isZero();
        return Files.readString(out);
    }

    /** What runs in the small heap. */
    static final class Child {
        private Child() {}

        public static void main(String[] files) throws IOException {
            for (String file : files) {
                try (DumpFile dump = DumpFile.open(Path.of(file), DumpOptions.DEFAULT.withThreads(2), Progress.NONE)) {
                    print(Objects.requireNonNull(dump.stream(Progress.NONE)));
                }
            }
            try (InputStream in = Files.newInputStream(Path.of(files[1]))) {
                print(DumpFile.stream(in, "pipe", DumpOptions.DEFAULT.withThreads(2), Progress.NONE));
            }
        }

        private static void print(StreamedTotals totals) {
            for (StreamedTotals.OfType of : totals.types()) {
                if (of.type().name().equals("Node")) {
                    System.out.println("Node " + of.objects() + " " + of.bytes());
                }
            }
        }
    }
}
