package dev.holdfast.dump.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ScratchFolder;
import dev.holdfast.dump.Warnings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A chain of members by the ways in which it is read: skimmed, at random, by several threads, and unpacked before. */
class GzipMembersTest {
    private static final int MEMBERS = 60;

    @TempDir
    Path folder = Path.of("");

    private final byte[][] contents = new byte[MEMBERS][];
    private byte[] content = {};
    private GzipFile file = new GzipFile();

    @BeforeEach
    void make() throws IOException {
        Random random = new Random(4711);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < MEMBERS; i++) {
            contents[i] = GzipFile.content(1 + random.nextInt(40_000), i);
            all.writeBytes(contents[i]);
        }
        content = all.toByteArray();
        file = new GzipFile().hotSpot(contents);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void severalThreadsReadWhatStandsThere(int passes) throws IOException {
        try (ByteSource source = open(file.bytes(), folder, false, new Warnings())) {
            source.prepare(passes, Progress.NONE);
            Workers.run(400, 4, () -> seed -> {
                Random random = new Random(seed);
                int at = random.nextInt(content.length);
                byte[] part = new byte[1 + random.nextInt(1 << random.nextInt(18))];
                int n = source.read(at, part, 0, part.length);
                assertThat(n).as("seed %d", seed).isEqualTo(Math.min(part.length, content.length - at));
                assertThat(Arrays.copyOf(part, n))
                        .as("seed %d", seed)
                        .isEqualTo(Arrays.copyOfRange(content, at, at + n));
            });
        }
        assertThat(left()).containsExactly("members.gz");
    }

    @Test
    void skimmingTheStartOfEachMemberUnpacksNoneWhole() throws IOException {
        Warnings warnings = new Warnings();
        byte[] damaged = file.bytes().clone();
        for (int i = 0; i < MEMBERS - 1; i++) {
            damaged[file.end(i) - 8] ^= 1;
        }
        try (ByteSource source = open(damaged, folder, false, warnings)) {
            long position = 0;
            byte[] head = new byte[4096];
            for (byte[] one : contents) {
                int n = source.read(position, head, 0, Math.min(one.length, head.length));
                assertThat(Arrays.copyOf(head, n)).isEqualTo(Arrays.copyOf(one, n));
                position += one.length;
            }
            long shorter = Arrays.stream(contents)
                    .limit(MEMBERS - 1L)
                    .filter(one -> one.length <= head.length)
                    .count();
            // Checksums tell which were unpacked whole.
            assertThat(warnings.list().stream().mapToLong(w -> w.count()).sum()).isEqualTo(shorter);
        }
    }

    @Test
    void whereTheMiddlesOfMembersAreSkimmedAllIsUnpackedOnce() throws IOException {
        try (ByteSource source = open(file.bytes(), folder, false, new Warnings())) {
            byte[] head = new byte[10];
            for (int at = 5_000; at + 10 < content.length; at += 5_000) {
                assertThat(source.read(at, head, 0, 10)).isEqualTo(10);
                assertThat(head).isEqualTo(Arrays.copyOfRange(content, at, at + 10));
            }
            // Its file is not needed any more.
            Files.write(folder.resolve("members.gz"), new byte[0]);
            byte[] all = new byte[content.length];
            assertThat(source.read(0, all, 0, all.length)).isEqualTo(all.length);
            assertThat(all).isEqualTo(content);
        }
        assertThat(left()).containsExactly("members.gz");
    }

    @Test
    void damageIsReportedOnceByUnpackingAndIsWhatReadingMembersReports() throws IOException {
        byte[] damaged = file.flipped(file.end(7) - 8, 1);
        damaged[file.end(20) - 8] ^= 1;
        damaged[(file.start(40) + file.end(40)) / 2] ^= 4;
        Warnings[] warnings = {new Warnings(), new Warnings()};
        byte[][] read = new byte[2][content.length];
        for (int i = 0; i < 2; i++) {
            try (ByteSource source = open(damaged, folder, false, warnings[i])) {
                source.prepare(i + 1, Progress.NONE);
                assertThat(source.read(0, read[i], 0, content.length)).isEqualTo(content.length);
                assertThat(source.read(0, read[i], 0, content.length)).isEqualTo(content.length);
            }
        }
        assertThat(read[1]).isEqualTo(read[0]);
        assertThat(warnings[1].list()).containsExactlyInAnyOrderElementsOf(warnings[0].list());
        assertThat(warnings[0].list()).isNotEmpty();
        assertThatThrownBy(() -> {
                    try (ByteSource source = open(damaged, folder, true, new Warnings())) {
                        source.prepare(2, Progress.NONE);
                    }
                })
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("members.gz");
        assertThat(left()).containsExactly("members.gz");
    }

    @Test
    void nothingIsUnpackedIntoAFolderThatIsMemory() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(ScratchFolder.inMemory(memory), memory + " is not in memory");
        try (ByteSource source = open(file.bytes(), memory, true, new Warnings())) {
            source.prepare(2, Progress.NONE);
            Files.write(folder.resolve("members.gz"), new byte[0]);
            byte[] all = new byte[content.length];
            // Its file is still needed.
            assertThatThrownBy(() -> source.read(0, all, 0, all.length)).isInstanceOf(IOException.class);
        }
    }

    private ByteSource open(byte[] bytes, Path workDir, boolean strict, Warnings warnings) throws IOException {
        DumpOptions options =
                DumpOptions.DEFAULT.withThreads(2).withWorkDir(workDir).withStrict(strict);
        ByteSource source =
                Sources.open(Files.write(folder.resolve("members.gz"), bytes), options, warnings, Progress.NONE);
        assertThat(source).isInstanceOf(GzipMembers.class);
        return source;
    }

    private List<String> left() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(path -> String.valueOf(path.getFileName())).toList();
        }
    }
}
