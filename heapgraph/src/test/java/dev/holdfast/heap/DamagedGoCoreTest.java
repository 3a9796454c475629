package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.Progress;
import dev.holdfast.testkit.GoFixture;
import dev.holdfast.testkit.GoFixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cores and executables that were cut or changed anywhere: a documented result in bounded time, whatever the bytes.
 *
 * <p>{@code -Dholdfast.mutations=N} tries more than the default.
 */
final class DamagedGoCoreTest {
    private static final int MUTATIONS = Integer.getInteger("holdfast.mutations", 60);
    private static final int CUTS = 24;
    private static final long BLOCK = 4096;

    /** A hundred times what the whole takes on an idle machine; only a loop without end takes so long. */
    private static final long MOST_SECONDS = 120;

    @TempDir
    Path folder;

    private Path core = Path.of("");
    private Path executable = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        GoFixture fixture = GoFixtures.named("1.26.11-kernel").orElseThrow();
        core = folder.resolve("core");
        executable = folder.resolve("exe");
        Files.copy(fixture.core(), core);
        Files.copy(fixture.executable(), executable);
        core.toFile().setWritable(true);
        executable.toFile().setWritable(true);
    }

    @Test
    void everyPrefixOfACoreGivesADocumentedResult() throws IOException {
        long size = Files.size(core);
        try (FileChannel file = FileChannel.open(core, StandardOpenOption.WRITE)) {
            // From the end: what was cut off need not be copied again.
            for (int cut = CUTS; cut >= 0; cut--) {
                file.truncate(cut < 4 ? cut * 100L : size * cut / CUTS - cut % 3);
                open("cut to " + file.size());
            }
        }
    }

    @Test
    void changedCoresGiveADocumentedResult() throws IOException {
        mutate(core, MUTATIONS, 20261121);
    }

    @Test
    void changedExecutablesGiveADocumentedResult() throws IOException {
        mutate(executable, MUTATIONS, 11212026);
    }

    private void mutate(Path victim, int times, long firstSeed) throws IOException {
        long[] blocks = blocksWithContents(victim);
        try (FileChannel file = FileChannel.open(victim, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int i = 0; i < times; i++) {
                SplittableRandom random = new SplittableRandom(firstSeed + i);
                int changes = 1 << random.nextInt(8);
                List<long[]> undo = new ArrayList<>();
                for (int change = 0; change < changes; change++) {
                    long at = blocks[random.nextInt(blocks.length)] + random.nextInt((int) BLOCK / 8) * 8L;
                    ByteBuffer before = ByteBuffer.allocate(8);
                    if (file.read(before, at) == 8) {
                        undo.add(new long[] {at, before.getLong(0)});
                        file.write(changed(before.getLong(0), random), at);
                    }
                }
                open("seed " + (firstSeed + i) + " of " + victim.getFileName());
                for (int change = undo.size() - 1; change >= 0; change--) {
                    file.write(ByteBuffer.allocate(8).putLong(0, undo.get(change)[1]), undo.get(change)[0]);
                }
            }
        }
    }

    /** A flipped bit, all zeros or ones, a small or a neighbouring number, or anything. */
    private static ByteBuffer changed(long word, SplittableRandom random) {
        long little = Long.reverseBytes(word);
        long value = switch (random.nextInt(6)) {
            case 0 -> little ^ 1L << random.nextInt(64);
            case 1 -> 0;
            case 2 -> -1;
            case 3 -> random.nextInt(4096);
            case 4 -> little + random.nextInt(-64, 65) * 8L;
            default -> random.nextLong();
        };
        return ByteBuffer.allocate(8).putLong(0, Long.reverseBytes(value));
    }

    private static long[] blocksWithContents(Path path) throws IOException {
        List<Long> found = new ArrayList<>();
        ByteBuffer block = ByteBuffer.allocate((int) BLOCK);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            for (long at = 0; at + BLOCK <= file.size(); at += BLOCK) {
                block.clear();
                file.read(block, at);
                for (int i = 0; i < BLOCK; i += 8) {
                    if (block.getLong(i) != 0) {
                        found.add(at);
                        break;
                    }
                }
            }
        }
        assertThat(found).isNotEmpty();
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private void open(String what) {
        long start = System.nanoTime();
        DumpOptions options = DumpOptions.DEFAULT.withExecutable(executable);
        try (HeapSnapshot heap = HeapSnapshot.open(
                DumpFile.open(core, options, Progress.NONE), SnapshotOptions.DEFAULT, Progress.NONE)) {
            assertThat(heap.totals().reachableObjects()).as(what).isNotNegative();
            for (int object = 0; object < heap.graph().objectCount(); object += 499) {
                heap.dump().read(heap.graph().addressOf(object));
                heap.dump().readReferences(heap.graph().addressOf(object), 100);
                heap.dump().evidence(object);
            }
            assertThat(heap.dump().threads()).as(what).isNotNull();
            assertThat(heap.dump().recordedProfiles()).as(what).isNotNull();
        } catch (DumpFormatException | InsufficientResourcesException e) {
            assertThat(e).as(what).hasMessageNotContaining("null");
        } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError e) {
            fail(what + ": " + e, e);
        }
        assertThat((System.nanoTime() - start) / 1_000_000_000).as(what).isLessThan(MOST_SECONDS);
    }
}
