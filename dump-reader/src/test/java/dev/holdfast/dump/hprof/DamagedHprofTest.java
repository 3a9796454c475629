package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.EveryRecord;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedHprofTest {
    private static final DumpOptions LENIENT = DumpOptions.DEFAULT.withThreads(1);

    /** Reads all that a dump gives; the only exception allowed is the documented one. */
    private static void readAll(byte[] dump, DumpOptions options) throws IOException {
        try (DumpFile file = HprofFormat.open(dump, "damaged", options)) {
            CollectedDump all = CollectedDump.of(file);
            for (long address : all.addresses) {
                file.read(address);
                file.readReferences(address, 100);
            }
            all.sources.forEach((address, source) -> source.references()
                    .forEach(r -> file.referenceName(address, source.type(), Math.min(r.slot(), 254))));
            file.threads();
            file.roots();
            file.warnings();
        } catch (DumpFormatException e) {
            assertThat(e.getMessage()).contains("damaged");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyPrefixOfADumpIsReadOrRefused(int idSize) {
        Damage.prefixes(EveryRecord.dump(idSize)).forEach(prefix -> {
            assertThatCode(() -> readAll(prefix.bytes(), LENIENT))
                    .as("%s", prefix)
                    .doesNotThrowAnyException();
            assertThatCode(() -> readAll(prefix.bytes(), LENIENT.withMat(true)))
                    .as("%s, mat", prefix)
                    .doesNotThrowAnyException();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyMutationOfAByteIsReadOrRefused(int idSize) {
        Damage.mutations(EveryRecord.dump(idSize))
                .forEach(mutant -> assertThatCode(() -> readAll(mutant.bytes(), LENIENT))
                        .as("%s", mutant)
                        .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void strictReadingEndsAtTheFirstDamageWithFileAndOffset(int idSize) {
        byte[] dump = EveryRecord.dump(idSize);
        byte[] cut = Arrays.copyOf(dump, dump.length - 40);
        assertThatThrownBy(() -> {
                    try (DumpFile file = HprofFormat.open(cut, "cut.hprof", LENIENT.withStrict(true))) {
                        CollectedDump.of(file);
                    }
                })
                .isInstanceOf(DumpFormatException.class)
                .hasMessageContaining("cut.hprof")
                .hasMessageContaining("at offset");
    }
}
