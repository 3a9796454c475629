package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EveryRecordTest {
    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void holdsEveryTagOfTheFormatInLessThanFourKilobytes(int idSize) throws IllegalAccessException, IOException {
        byte[] dump = EveryRecord.dump(idSize);
        assertThat(dump.length).isLessThanOrEqualTo(4096);
        RecordWalker walker = new RecordWalker(dump);
        assertThat(walker.idSize).isEqualTo(idSize);

        Set<Integer> records = new TreeSet<>(Set.of(EveryRecord.UNKNOWN_TAG));
        Set<Integer> subRecords = new TreeSet<>();
        boolean heap = false;
        for (Field constant : HprofTag.class.getFields()) {
            heap |= constant.getName().startsWith("ROOT_");
            (heap ? subRecords : records).add(constant.getInt(null));
        }
        assertThat(walker.records.keySet()).isEqualTo(records);
        assertThat(walker.subRecords.keySet()).isEqualTo(subRecords);
        assertThat(walker.subRecords)
                .containsEntry(HprofTag.INSTANCE_DUMP, EveryRecord.INSTANCES)
                .containsEntry(HprofTag.CLASS_DUMP, EveryRecord.CLASSES)
                .containsEntry(HprofTag.PRIMITIVE_ARRAY_DUMP, EveryRecord.PRIMITIVE_ARRAYS - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void compressedItIsTheSameDump(int idSize) {
        for (Compression compression : Compression.values()) {
            byte[] packed = EveryRecord.dump(idSize, HprofWriter.V1_0_2, compression);
            assertThat(PprofDecoder.gunzip(packed)).as("%s", compression).isEqualTo(EveryRecord.dump(idSize));
        }
    }
}
