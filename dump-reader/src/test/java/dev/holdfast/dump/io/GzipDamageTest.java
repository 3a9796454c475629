package dev.holdfast.dump.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.Warnings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of whole and of damaged gzip files, and what is said about it; java.util.zip is the second decoder. */
class GzipDamageTest {
    private static final byte[] A = GzipFile.content(300_000, 1);
    private static final byte[] B = GzipFile.content(40_000, 2);
    private static final byte[] C = GzipFile.content(5_000, 3);
    /** Ten bytes, the comment {@code HPROF BLOCKSIZE=1048576} and its zero. */
    private static final int COMMENTED_HEADER = 34;

    private static final byte[] NONE = {};
    private static final byte[] ABC = concat(A, B, C);

    @TempDir
    Path folder = Path.of("");

    /** A file, what lenient reading gives, and the damage it reports: each as code, offset in the file and count. */
    private static final class Case {
        private final String name;
        private final byte[] file;
        private final byte[] content;
        private final List<String> damage;

        Case(String name, byte[] file, byte[] content, List<String> damage) {
            this.name = name;
            this.file = file;
            this.content = content;
            this.damage = damage;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Case> whole() throws IOException {
        GzipFile padded = new GzipFile().ordinary(A);
        int end = padded.end(0);
        GzipFile hotSpotPadded = new GzipFile().hotSpot(A, B);
        int hotSpotEnd = hotSpotPadded.end(1);
        return Stream.of(
                whole("one member", new GzipFile().ordinary(A), A),
                whole("several members", new GzipFile().ordinary(A, B, C), ABC),
                whole("an empty member", new GzipFile().ordinary(A, NONE, B, C), ABC),
                whole("only an empty member", new GzipFile().ordinary(NONE), NONE),
                whole("HotSpot's members", new GzipFile().hotSpot(A, B, C), ABC),
                whole(
                        "HotSpot's, an ordinary one last",
                        new GzipFile().hotSpot(A, B).ordinary(C),
                        ABC),
                whole(
                        "HotSpot's, an empty one last",
                        new GzipFile().hotSpot(A, B, C).ordinary(NONE),
                        ABC),
                whole(
                        "HotSpot's, an ordinary one within",
                        new GzipFile().hotSpot(A).ordinary(C).hotSpot(B),
                        A,
                        C,
                        B),
                whole(
                        "HotSpot's, an empty one within",
                        new GzipFile().hotSpot(A).ordinary(NONE).hotSpot(B),
                        A,
                        B),
                whole("two of HotSpot's files", new GzipFile().hotSpot(A, B).hotSpot(C), ABC),
                whole(
                        "an ordinary one, then HotSpot's",
                        new GzipFile().ordinary(A).hotSpot(B, C),
                        ABC),
                new Case(
                        "zeros after",
                        padded.plain(new byte[70_000]).bytes(),
                        A,
                        List.of("gzip-padding " + end + " 70000")),
                new Case(
                        "zeros after HotSpot's",
                        hotSpotPadded.plain(new byte[3]).bytes(),
                        concat(A, B),
                        List.of("gzip-padding " + hotSpotEnd + " 3")));
    }

    private static Case whole(String name, GzipFile file, byte[]... contents) {
        return new Case(name, file.bytes(), concat(contents), List.of());
    }

    private static Stream<Case> damaged() throws IOException {
        GzipFile plain = new GzipFile().ordinary(A, B, C);
        GzipFile hotSpot = new GzipFile().hotSpot(A, B, C);
        int plainC = plain.start(2);
        int hotSpotC = hotSpot.start(2);
        byte[] garbage = {0, 0, 7, 9};
        return Stream.of(
                damaged("cut in the trailer", plain.without(5), ABC, "gzip-truncated " + plainC + " 1"),
                damaged("HotSpot's, cut in the trailer", hotSpot.without(5), ABC, "gzip-truncated " + hotSpotC + " 1"),
                damaged(
                        "cut in the header",
                        plain.without(plain.end(2) - plainC - 7),
                        concat(A, B),
                        "gzip-unread " + plainC + " 7"),
                damaged(
                        "wrong checksum",
                        plain.flipped(plain.end(1) - 8, 1),
                        ABC,
                        "gzip-checksum " + plain.start(1) + " 1"),
                damaged(
                        "HotSpot's, wrong checksum",
                        hotSpot.flipped(hotSpot.end(1) - 5, 64),
                        ABC,
                        "gzip-checksum " + hotSpot.start(1) + " 1"),
                damaged(
                        "HotSpot's, wrong checksum last",
                        hotSpot.flipped(hotSpot.end(2) - 5, 64),
                        ABC,
                        "gzip-checksum " + hotSpotC + " 1"),
                damaged("wrong size", plain.flipped(plain.end(0) - 4, 1), ABC, "gzip-size 0 1"),
                damaged(
                        "HotSpot's, size one too great",
                        hotSpot.flipped(hotSpot.end(1) - 4, 1),
                        concat(A, B, new byte[1], C),
                        "gzip-missing " + hotSpot.start(1) + " 1",
                        "gzip-size " + hotSpot.start(1) + " 1"),
                damaged(
                        "HotSpot's, size less",
                        hotSpot.flipped(hotSpot.end(1) - 4, 64),
                        concat(A, Arrays.copyOf(B, B.length - 64), C),
                        "gzip-size " + hotSpot.start(1) + " 1"),
                damaged(
                        "HotSpot's, wrong size last",
                        hotSpot.flipped(hotSpot.end(2) - 4, 1),
                        ABC,
                        "gzip-size " + hotSpotC + " 1"),
                damaged(
                        "HotSpot's, absurd size",
                        hotSpot.flipped(hotSpot.end(1) - 1, 1),
                        ABC,
                        "gzip-size " + hotSpot.start(1) + " 1"),
                damaged(
                        "garbage after",
                        new GzipFile().ordinary(A, B).plain(garbage).bytes(),
                        concat(A, B),
                        "gzip-unread " + plainC + " 4"),
                damaged(
                        "HotSpot's, garbage after",
                        new GzipFile().hotSpot(A, B).plain(garbage).bytes(),
                        concat(A, B),
                        "gzip-unread " + hotSpotC + " 4"),
                damaged(
                        "HotSpot's, garbage within",
                        new GzipFile()
                                .hotSpot(A)
                                .plain(GzipFile.content(9000, 4))
                                .plain(new byte[] {4, 0, 0, 0})
                                .hotSpot(B)
                                .bytes(),
                        A,
                        "gzip-unread " + hotSpot.start(1) + " "
                                + (9004 + new GzipFile().hotSpot(B).end(0))));
    }

    private static Case damaged(String name, byte[] file, byte[] content, String... damage) {
        return new Case(name, file, content, List.of(damage));
    }

    @ParameterizedTest
    @MethodSource("whole")
    void wholeFilesAreReadAsTheJdkReadsThem(Case given) throws IOException {
        assertThat(jdk(given.file)).isEqualTo(given.content);
        for (boolean strict : new boolean[] {false, true}) {
            Warnings warnings = new Warnings();
            assertThat(read(given.file, strict, warnings)).isEqualTo(given.content);
            assertThat(told(warnings)).isEqualTo(given.damage);
            assertThat(warnings.list()).noneMatch(DumpWarning::loss);
        }
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void lenientReadingKeepsWhatUnpacksAndSaysWhatIsWrongAndWhere(Case given) throws IOException {
        Warnings warnings = new Warnings();
        assertThat(read(given.file, false, warnings)).isEqualTo(given.content);
        assertThat(told(warnings)).isEqualTo(given.damage);
        assertThat(warnings.list()).allMatch(DumpWarning::loss);
    }

    @ParameterizedTest
    @MethodSource("damaged")
    void strictReadingFailsAtTheDamage(Case given) throws IOException {
        DumpFormatException e = strictFailure(given.file);
        assertThat(e == null ? -1 : e.offset())
                .isEqualTo(Long.parseLong(given.damage.get(0).split(" ")[1]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofAFileCutAnywhereAllThatTheJdkGivesIsKept(boolean hotSpot) throws IOException {
        byte[][] parts = {GzipFile.content(300, 5), GzipFile.content(50, 6)};
        GzipFile file = hotSpot ? new GzipFile().hotSpot(parts) : new GzipFile().ordinary(parts);
        byte[] expected = concat(parts);
        for (int length = 2; length < file.bytes().length; length++) {
            byte[] cut = Arrays.copyOf(file.bytes(), length);
            Warnings warnings = new Warnings();
            byte[] actual = read(cut, false, warnings);
            assertThat(startsWith(expected, actual)).as("cut at %d", length).isTrue();
            assertThat(startsWith(actual, jdk(cut))).as("cut at %d", length).isTrue();
            boolean atMember = length == file.start(1);
            assertThat(warnings.list().stream().anyMatch(DumpWarning::loss)).isEqualTo(!atMember);
            assertThat(strictFailure(cut) == null).isEqualTo(atMember);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noFlippedBitChangesTheContentInSilence(boolean hotSpot) throws IOException {
        byte[][] parts = {GzipFile.content(80, 7), GzipFile.content(40, 8), GzipFile.content(20, 9)};
        GzipFile file = hotSpot ? new GzipFile().hotSpot(parts) : new GzipFile().ordinary(parts);
        byte[] expected = concat(parts);
        for (int bit = 16; bit < file.bytes().length * 8; bit++) {
            byte[] flipped = file.flipped(bit / 8, 1 << bit % 8);
            Warnings warnings = new Warnings();
            byte[] actual = read(flipped, false, warnings);
            boolean loss = warnings.list().stream().anyMatch(DumpWarning::loss);
            assertThat(loss || Arrays.equals(actual, expected))
                    .as("bit %d", bit)
                    .isTrue();
            assertThat(strictFailure(flipped) != null).as("bit %d", bit).isEqualTo(loss);
            assertThat(warnings.list()).as("bit %d", bit).allMatch(w -> w.offset() >= 0 && w.offset() < flipped.length);
        }
    }

    @Test
    void damageIsCountedOnceAMemberHoweverOftenItIsUnpacked() throws IOException {
        byte[][] parts = new byte[20][];
        Arrays.setAll(parts, i -> GzipFile.content(10_000, i));
        GzipFile file = new GzipFile().hotSpot(parts);
        Warnings warnings = new Warnings();
        byte[] bytes = file.flipped(file.end(3) - 8, 1);
        bytes[file.end(19) - 8] ^= 1;
        try (ByteSource source = open(bytes, false, warnings)) {
            assertThat(source).isInstanceOf(GzipMembers.class);
            for (int i = 0; i < 3; i++) {
                source.read(0, new byte[200_000], 0, 200_000);
            }
        }
        assertThat(told(warnings)).containsExactly("gzip-checksum " + file.start(3) + " 2");
    }

    @Test
    void strictReadingFailsAtADamagedMemberEachTime() throws IOException {
        GzipFile file = new GzipFile().hotSpot(A, B, C);
        try (ByteSource source = open(file.flipped(file.end(0) - 8, 1), true, new Warnings())) {
            for (int i = 0; i < 2; i++) {
                assertThat(catchThrowableOfType(
                                DumpFormatException.class, () -> source.read(0, new byte[ABC.length], 0, ABC.length)))
                        .hasMessageContaining("checksum")
                        .hasMessageContaining("at offset 0");
            }
        }
    }

    /** A hundred megabytes of zeros in one member: last or first, with its true size or one that HotSpot could write. */
    @ParameterizedTest
    @ValueSource(strings = {"ordinary", "last", "first", "first, forged size"})
    void aBombTakesNoMemory(String where) throws IOException {
        byte[] packed = new GzipFile().ordinary(new byte[100 << 20]).bytes();
        byte[] body = Arrays.copyOfRange(packed, 10, packed.length);
        boolean forged = where.endsWith("forged size");
        if (forged) {
            System.arraycopy(new byte[] {0, 0, 16, 0}, 0, body, body.length - 4, 4);
        }
        GzipFile c = new GzipFile().hotSpot(C);
        byte[] header = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 4, 0};
        byte[] bytes = where.equals("ordinary")
                ? packed
                : where.equals("last")
                        ? concat(c.bytes(), header, body)
                        : concat(Arrays.copyOf(c.bytes(), COMMENTED_HEADER), body, header, c.from(COMMENTED_HEADER));
        long size = (forged ? 1L << 20 : 100L << 20) + (where.equals("ordinary") ? 0 : C.length);
        Path path = Files.write(folder.resolve("bomb.gz"), bytes);
        Warnings warnings = new Warnings();
        byte[] buffer = new byte[1 << 16];
        long before = allocated();
        try (ByteSource source = Sources.open(path, options(false), warnings, Progress.NONE)) {
            assertThat(source.size()).isEqualTo(size);
            for (long at = 0; at < size; at += buffer.length) {
                assertThat(source.read(at, buffer, 0, buffer.length)).isPositive();
            }
        }
        assertThat(allocated() - before).isLessThan(16L << 20);
        assertThat(warnings.list().isEmpty()).isEqualTo(!forged);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(path);
        }
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    private DumpOptions options(boolean strict) {
        return DumpOptions.DEFAULT.withThreads(2).withWorkDir(folder).withStrict(strict);
    }

    private ByteSource open(byte[] file, boolean strict, Warnings warnings) throws IOException {
        return Sources.open(Files.write(folder.resolve("a.gz"), file), options(strict), warnings, Progress.NONE);
    }

    private byte[] read(byte[] file, boolean strict, Warnings warnings) throws IOException {
        try (ByteSource source = open(file, strict, warnings)) {
            byte[] content = new byte[(int) source.size()];
            assertThat(source.read(0, content, 0, content.length)).isEqualTo(content.length);
            return content;
        }
    }

    private @Nullable DumpFormatException strictFailure(byte[] file) throws IOException {
        try {
            read(file, true, new Warnings());
            return null;
        } catch (DumpFormatException e) {
            return e;
        }
    }

    private static List<String> told(Warnings warnings) {
        return warnings.list().stream()
                .map(w -> w.code() + " " + w.offset() + " " + w.count())
                .toList();
    }

    /** All that the JDK's decoder gives, up to the end or to damage. */
    private static byte[] jdk(byte[] file) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            int value;
            while ((value = in.read()) >= 0) {
                content.write(value);
            }
        } catch (IOException e) {
            // What it gave before is the answer.
        }
        return content.toByteArray();
    }

    private static boolean startsWith(byte[] whole, byte[] start) {
        return whole.length >= start.length && Arrays.equals(whole, 0, start.length, start, 0, start.length);
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
