package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForgedLengthsTest {
    @TempDir
    private Path folder = Path.of("");

    /** Lengths of 2^31-1, 2^31, 2^32-1, 2^63-1 and 2^63, in a heap of 48 MB. */
    @ParameterizedTest
    @ValueSource(strings = {"4", "8"})
    void noForgedLengthIsAllocated(String idSize) throws Exception {
        ChildJvm run = ChildJvm.run(folder, "48m", ProfileForged.class, folder.toString(), idSize);

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out())
                .as("codes and runs")
                .startsWith("codes ")
                .contains("3=")
                .contains("4=");
    }
}
