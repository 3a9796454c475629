package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PprofWriterTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void theFileIsTheProfileCompressedWithoutTimeOrSystem() throws IOException {
        Path file = folder.resolve("roots.pb.gz");

        PprofWriter.write(profile(7), file);

        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
        assertThat(bytes).isEqualTo(PprofWriter.gzip(profile(7)));
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(gzip.readAllBytes()).isEqualTo(profile(7).toByteArray());
        }
    }

    @Test
    void aFileIsReplacedAndNothingElseIsLeft() throws IOException {
        Path file = folder.resolve("roots.pb.gz");
        PprofWriter.write(profile(1), file);
        PprofWriter.write(profile(2), file);

        assertThat(Files.readAllBytes(file)).isEqualTo(PprofWriter.gzip(profile(2)));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whatCannotBeReplacedStaysAsItWas() throws IOException {
        Path file = folder.resolve("roots.pb.gz");
        Files.createDirectories(file.resolve("in the way"));

        assertThatThrownBy(() -> PprofWriter.write(profile(1), file)).isInstanceOf(IOException.class);

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> PprofWriter.write(profile(1), folder.resolve("absent/roots.pb.gz")))
                .isInstanceOf(NoSuchFileException.class);
    }

    private static Profile profile(int objects) {
        ProfileBuilder builder = ProfileBuilder.inUse();
        builder.sample(builder.frame(ProfileBuilder.ROOT, "frame"), Labels.NONE, objects, 8);
        return builder.build(ProfileLimits.DEFAULT);
    }
}
