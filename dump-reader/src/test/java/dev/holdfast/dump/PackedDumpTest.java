package dev.holdfast.dump;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.testkit.ElfWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as systemd-coredump and others leave them are refused with the command that unpacks them. */
class PackedDumpTest {
    @TempDir
    private Path folder;

    @Test
    void theToolThatUnpacksIsNamed() throws IOException {
        assertRefused("xz -d", 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0);
        assertRefused("zstd -d", 0x28, 0xb5, 0x2f, 0xfd, 4, 0);
        assertRefused("lz4 -d", 0x04, 0x22, 0x4d, 0x18, 0x64, 0);
        assertRefused("bzip2 -d", 0x42, 0x5a, 0x68, 0x39, 0x31, 0);
        assertRefused("zip archive", 0x50, 0x4b, 3, 4, 0x14, 0);
    }

    @Test
    void aCoreInGzipIsOneToUnpack() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(ElfWriter.amd64(ElfWriter.CORE).bytes());
        }
        assertRefused(Files.write(folder.resolve("core.gz"), packed.toByteArray()), "gzip -d");
    }

    private void assertRefused(String tool, int... bytes) throws IOException {
        byte[] head = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            head[i] = (byte) bytes[i];
        }
        assertRefused(Files.write(folder.resolve("core"), head), tool);
    }

    private static void assertRefused(Path file, String tool) {
        assertThatThrownBy(() -> DumpFile.open(file, DumpOptions.DEFAULT, Progress.NONE))
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("unpack it first")
                .hasMessageContaining(tool);
    }
}
