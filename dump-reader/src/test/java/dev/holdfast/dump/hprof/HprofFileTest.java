package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.RecordedObject;
import dev.holdfast.testkit.Compression;
import dev.holdfast.testkit.EveryRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HprofFileTest {
    private static final DumpOptions OPTIONS = DumpOptions.DEFAULT.withThreads(2);

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void allObjectsOfEveryRecordAreDelivered(int idSize) throws Exception {
        try (DumpFile file = HprofFormat.open(EveryRecord.dump(idSize), "every", OPTIONS)) {
            CollectedDump all = CollectedDump.of(file);
            int expected = EveryRecord.INSTANCES + EveryRecord.PRIMITIVE_ARRAYS + EveryRecord.CLASSES;
            assertThat(all.addresses.size()).isGreaterThanOrEqualTo(expected);
            assertThat(all.sources.keySet()).containsExactlyElementsOf(all.addresses);
            assertThat(file.info().identifierBytes()).isEqualTo(idSize);
        }
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressionChangesNothing(Compression compression, @TempDir Path folder) throws Exception {
        Path plain = folder.resolve("plain");
        Path packed = folder.resolve("packed");
        Files.write(plain, EveryRecord.dump(8));
        Files.write(packed, EveryRecord.dump(8, "JAVA PROFILE 1.0.2", compression));
        try (DumpFile a = DumpFile.open(plain, OPTIONS, Progress.NONE);
                DumpFile b = DumpFile.open(packed, OPTIONS, Progress.NONE)) {
            CollectedDump expected = CollectedDump.of(a);
            CollectedDump actual = CollectedDump.of(b);
            assertThat(actual.sources).isEqualTo(expected.sources);
            assertThat(b.threads()).isEqualTo(a.threads());
            assertThat(b.info().dumpBytes()).isEqualTo(a.info().dumpBytes());
        }
    }

    @Test
    void everyObjectIsFoundAgainAtRandom() throws Exception {
        try (DumpFile file = HprofFormat.open(EveryRecord.dump(8), "every", OPTIONS)) {
            CollectedDump all = CollectedDump.of(file);
            all.sources.forEach((address, source) -> {
                try {
                    assertThat(file.read(address))
                            .as("0x%x", address)
                            .isNotNull()
                            .extracting(RecordedObject::type)
                            .isEqualTo(source.type());
                } catch (java.io.IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(file.read(12345)).isNull();
        }
    }
}
