package dev.holdfast.heap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.ClassDump;
import dev.holdfast.testkit.Compression;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.EveryRecord;
import dev.holdfast.testkit.HprofType;
import dev.holdfast.testkit.HprofWriter;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A small dump with every kind of record, cut anywhere and with any byte changed, through to dominators and reads. */
class DamagedHeapTest {
    private static final long MOST_BYTES = 1L << 20;

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyPrefixOpensOrIsRefused(int idSize) {
        byte[] dump = EveryRecord.dump(idSize);
        HostileDump.Outcome outcome = HostileDump.openAll(Damage.prefixes(dump), HostileDump.LENIENT, MOST_BYTES);
        // The first object is in the last third of the file, and from there on all prefixes have something to show.
        assertThat(outcome.opened()).isGreaterThan(dump.length / 4);
        assertThat(outcome.refused()).isGreaterThan(dump.length / 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyMutationOfAByteOpensOrIsRefused(int idSize) {
        byte[] dump = EveryRecord.dump(idSize);
        HostileDump.Outcome outcome = HostileDump.openAll(Damage.mutations(dump), HostileDump.LENIENT, MOST_BYTES);
        assertThat(outcome.opened()).isGreaterThan(dump.length * Damage.KINDS * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void theModelOfMatStandsTheSameDamage(int idSize) {
        HostileDump.openAll(every(EveryRecord.dump(idSize), 7), HostileDump.LENIENT.withMat(true), MOST_BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void strictReadingStandsTheSameDamage(int idSize) {
        HostileDump.openAll(every(EveryRecord.dump(idSize), 11), HostileDump.LENIENT.withStrict(true), MOST_BYTES);
    }

    /** Found by fuzzing: MAT's alignment is the divisor of all distances; 129 was an IllegalArgumentException. */
    @ParameterizedTest
    @ValueSource(longs = {9, 24, 129, 255, 384})
    void distancesThatNoJvmMakesGiveTheModelOfMatSizesAllTheSame(long distance) {
        HprofWriter out = HprofWriter.inMemory(8, Compression.NONE).header(HprofWriter.V1_0_2, 0);
        out.utf8(1, "java/lang/Object").loadClass(1, distance, 1, 1).trace(1, 0).beginHeapDump();
        out.classDump(ClassDump.of(distance, 0, 0, 0, List.of(), List.of())).rootStickyClass(distance);
        for (int i = 2; i < 9; i++) {
            out.instance(i * distance, 1, distance, new byte[0]);
        }
        Damage dump = Damage.none(out.endSegment().heapDumpEnd().toByteArray());

        assertThat(HostileDump.use(dump, HostileDump.LENIENT.withMat(true))).isTrue();
    }

    /** A class that is its own superclass, two that are each other's, and one that is far below itself. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void hierarchiesOfClassesInACircleEnd(int classes) {
        HprofWriter out = HprofWriter.inMemory(8, Compression.NONE).header(HprofWriter.V1_0_2, 0);
        out.utf8(1, "A").utf8(2, "field");
        for (int i = 0; i < classes; i++) {
            out.loadClass(1 + i, 0x1000 + 16 * i, 1, 1);
        }
        out.trace(1, 0).beginHeapDump();
        List<ClassDump.Field> fields = List.of(new ClassDump.Field(2, HprofType.OBJECT));
        for (int i = 0; i < classes; i++) {
            long above = 0x1000 + 16L * ((i + 1) % classes);
            out.classDump(ClassDump.of(0x1000 + 16L * i, above, 0, 8, List.of(), fields))
                    .rootStickyClass(0x1000 + 16L * i);
        }
        for (int i = 0; i < 8; i++) {
            out.instance(0x9000 + 16 * i, 1, 0x1000, new byte[8]);
        }
        Damage dump = Damage.none(out.endSegment().heapDumpEnd().toByteArray());
        assertThat(HostileDump.use(dump, HostileDump.LENIENT)).isTrue();
        assertThat(HostileDump.use(dump, HostileDump.LENIENT.withMat(true))).isTrue();
    }

    private static Stream<Damage> every(byte[] dump, int step) {
        return Stream.concat(
                IntStream.range(0, dump.length / step).mapToObj(i -> Damage.cut(dump, i * step)),
                IntStream.range(0, dump.length * Damage.KINDS / step)
                        .mapToObj(i -> Damage.mutate(dump, i * step / Damage.KINDS, i * step % Damage.KINDS)));
    }
}
