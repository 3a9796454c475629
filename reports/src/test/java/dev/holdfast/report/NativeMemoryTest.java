package dev.holdfast.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.heap.HeapObject;
import dev.holdfast.heap.HeapSnapshot;
import dev.holdfast.heap.HeapType;
import dev.holdfast.heap.Holdfast;
import dev.holdfast.testkit.LiveJvm;
import dev.holdfast.testkit.NativeMemoryScenario;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory outside the heap against what the JVM itself said of it, which the program keeps in static fields. */
class NativeMemoryTest {
    @TempDir
    Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(ints = {8, 11, 17, 21, 25})
    void buffersAndMappedFilesAreWhatTheJvmCounts(int feature) throws IOException {
        LiveJvm jvm = LiveJvm.ofFeature(feature).orElse(null);
        assumeTrue(jvm != null, "no JDK " + feature + " on this machine");
        if (jvm == null) {
            return;
        }
        LiveJvm.Dump dump = jvm.dump(NativeMemoryScenario.class, folder, "native", List.of());

        try (HeapSnapshot heap = Holdfast.open(dump.file())) {
            NativeMemory memory = NativeMemory.of(heap).orElseThrow();
            HeapObject said = heap.type(NativeMemoryScenario.class.getName())
                    .flatMap(HeapType::classObject)
                    .orElseThrow();
            assertThat(memory.directBuffers())
                    .isEqualTo(said.field("directCount").asLong())
                    .isGreaterThanOrEqualTo(3);
            assertThat(memory.directBytes())
                    .isEqualTo(said.field("directBytes").asLong())
                    .isGreaterThanOrEqualTo(105_096);
            assertThat(memory.reservedBytes()).isEqualTo(memory.directBytes());
            assertThat(memory.mappedFiles())
                    .isEqualTo(said.field("mappedCount").asLong())
                    .isEqualTo(1);
            assertThat(memory.mappedBytes())
                    .isEqualTo(said.field("mappedBytes").asLong())
                    .isEqualTo(NativeMemoryScenario.FILE);
        }
    }
}
