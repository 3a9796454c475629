package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForgedLengthsTest {
    @TempDir
    private Path folder = Path.of("");

    /** Lengths of 2^31-1, 2^31, 2^32-1, 2^63-1 and 2^63, in a heap of 48 MB. */
    @ParameterizedTest
    @CsvSource({"4, NONE", "8, NONE", "8, HOTSPOT_GZIP"})
    void noForgedLengthIsAllocated(String idSize, String compression) throws Exception {
        ChildJvm run = ChildJvm.run(folder, "48m", ProfileForged.class, folder.toString(), idSize, compression);

        System.out.println("forged lengths, ids of " + idSize + " bytes, " + compression + ": " + run.out());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("codes ").contains("3=").contains("4=");
    }
}
