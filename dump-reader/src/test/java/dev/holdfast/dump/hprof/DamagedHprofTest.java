package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
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
        byte[] dump = EveryRecord.dump(idSize);
        for (int length = 0; length <= dump.length; length++) {
            byte[] prefix = Arrays.copyOf(dump, length);
            assertThatCode(() -> readAll(prefix, LENIENT))
                    .as("prefix of %d bytes", length)
                    .doesNotThrowAnyException();
            assertThatCode(() -> readAll(prefix, LENIENT.withMat(true)))
                    .as("prefix of %d bytes, mat", length)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyMutationOfAByteIsReadOrRefused(int idSize) {
        byte[] dump = EveryRecord.dump(idSize);
        for (int at = 0; at < dump.length; at++) {
            for (int kind = 0; kind < 8; kind++) {
                byte[] mutant = dump.clone();
                mutant[at] = mutate(mutant[at], kind);
                String what = "byte " + at + " mutated by rule " + kind;
                assertThatCode(() -> readAll(mutant, LENIENT)).as(what).doesNotThrowAnyException();
            }
        }
    }

    private static byte mutate(byte b, int kind) {
        return switch (kind) {
            case 0 -> 0;
            case 1 -> (byte) 0xff;
            case 2 -> (byte) 0x7f;
            case 3 -> (byte) 0x80;
            case 4 -> (byte) (b + 1);
            case 5 -> (byte) (b - 1);
            case 6 -> (byte) (b ^ 0x10);
            default -> (byte) ~b;
        };
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
