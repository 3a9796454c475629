package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.dump.InsufficientResourcesException;
import dev.holdfast.dump.ScratchFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class ScratchFilesTest {
    private static final Path IN_MEMORY = Path.of("/dev/shm");

    @TempDir
    Path folder;

    @Test
    void mapsZerosThatCanBeWritten() throws IOException {
        try (ScratchFiles files = new ScratchFiles(folder)) {
            ByteBuffer file = files.map((1 << 20) + 12345);
            assertThat(file.capacity()).isEqualTo((1 << 20) + 12345);
            for (int i = 0; i < file.capacity(); i++) {
                assertThat(file.get(i)).isZero();
            }
            file.put(file.capacity() - 1, (byte) 7);
            assertThat(file.get(file.capacity() - 1)).isEqualTo((byte) 7);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only there what is open can be deleted for sure")
    void aFileIsGoneBeforeItIsUsed() throws IOException {
        try (ScratchFiles files = new ScratchFiles(folder);
                Stream<Path> left = Files.list(folder)) {
            files.map(4096);
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderThatIsGoneIsNamed() {
        Path gone = folder.resolve("gone");
        assertThatThrownBy(() -> new ScratchFiles(gone).map(10))
                .isInstanceOf(CapacityException.class)
                .hasMessageContaining(gone.toString());
    }

    @Test
    void scratchFilesInMemoryAreRefused() {
        assumeTrue(Files.isDirectory(IN_MEMORY), "there is no " + IN_MEMORY);
        assumeTrue(ScratchFolder.inMemory(IN_MEMORY), IN_MEMORY + " is not in memory");
        assertThat(ScratchFolder.inMemory(IN_MEMORY.resolve("not/there/yet"))).isTrue();
        MemoryPlan plan = new MemoryPlan(SnapshotOptions.DEFAULT
                .withMemory(SnapshotOptions.Memory.MAPPED)
                .withWorkDir(IN_MEMORY));
        assertThatThrownBy(() -> plan.graphStore(1000, 1000))
                .isInstanceOf(InsufficientResourcesException.class)
                .hasMessageContaining(IN_MEMORY.toString())
                .hasMessageContaining("--work-dir");
    }

    @Test
    void anAskedForFolderIsTaken() {
        assertThat(ScratchFolder.of(folder)).isEqualTo(folder);
    }
}
