package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void createsTheFolderAndReplacesTheFile() throws IOException {
        Path file = folder.resolve("new/deep/file.txt");
        AtomicFiles.write(file, out -> out.write('1'));
        AtomicFiles.write(file, out -> out.write('2'));

        assertThat(file).hasContent("2");
        assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
    }

    @Test
    void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
        Path file = folder.resolve("file.txt");
        Files.writeString(file, "old");

        assertThatThrownBy(() -> AtomicFiles.write(file, out -> {
                    out.write('n');
                    throw new IOException("no");
                }))
                .hasMessage("no");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining(other -> !other.equals(file));
    }
}
