package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommittedDumpTest {
    @ParameterizedTest
    @EnumSource
    void holdsWhatTheHistogramSays(CommittedDump dump) {
        byte[] bytes = dump.bytes();
        RecordWalker walker = new RecordWalker(bytes);
        assertThat(walker.idSize).isEqualTo(8);
        long settled = dump.settled().entrySet().stream()
                .filter(row -> !row.getKey().equals("java.lang.Class"))
                .mapToLong(row -> row.getValue().objects())
                .sum();
        long inDump = walker.subRecords.getOrDefault(HprofTag.INSTANCE_DUMP, 0)
                + walker.subRecords.getOrDefault(HprofTag.OBJECT_ARRAY_DUMP, 0)
                + (long) walker.subRecords.getOrDefault(HprofTag.PRIMITIVE_ARRAY_DUMP, 0);
        // What is not settled is int[]: at most the last few hundred.
        assertThat(inDump - settled).isBetween(0L, 400L);
        JvmHistogram.Row empty = dump.settled().getOrDefault(LayoutClasses.Empty.class.getName(), none());
        assertThat(empty)
                .isEqualTo(new JvmHistogram.Row(
                        LayoutScenario.INSTANCES,
                        LayoutScenario.INSTANCES * (long) dump.layout().instanceSize(List.of())));
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).contains(LayoutScenario.canary());
        assertThat(dump.gzip().length).isLessThan(1 << 20);
    }

    private static JvmHistogram.Row none() {
        return new JvmHistogram.Row(0, 0);
    }
}
