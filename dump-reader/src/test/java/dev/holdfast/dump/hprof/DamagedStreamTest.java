package dev.holdfast.dump.hprof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.StreamedTotals;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.EveryRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting of damaged dumps, from a file and from a pipe: forged counts among them. */
class DamagedStreamTest {
    /** A pipe takes 6 MiB and two threads, a thousand of them too long. */
    private static final int EVERY = 31;

    private static final DumpOptions LENIENT = DumpOptions.DEFAULT.withThreads(1);

    private static StreamedTotals ofFile(byte[] dump) throws IOException {
        try (DumpFile file = HprofFormat.open(dump, "damaged", LENIENT)) {
            return Objects.requireNonNull(file.stream(Progress.NONE));
        }
    }

    private static StreamedTotals ofPipe(byte[] dump) throws IOException {
        return DumpFile.stream(new ByteArrayInputStream(dump), "damaged", LENIENT, Progress.NONE);
    }

    /** The objects counted, -1 if the dump was refused as documented. */
    private static long objects(byte[] dump, boolean pipe) throws IOException {
        try {
            return (pipe ? ofPipe(dump) : ofFile(dump)).objects();
        } catch (DumpFormatException e) {
            assertThat(e.getMessage()).contains("damaged");
            return -1;
        }
    }

    /** As many as the pass of the graph delivers, repeated addresses counted each time; -1 if it refuses the dump. */
    private static long delivered(byte[] dump) throws IOException {
        try (DumpFile file = HprofFormat.open(dump, "damaged", LENIENT)) {
            return CollectedDump.of(file).addresses.size();
        } catch (DumpFormatException e) {
            return -1;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void everyPrefixIsCountedAsTheGraphCountsIt(int idSize) {
        Damage.prefixes(EveryRecord.dump(idSize))
                .forEach(prefix -> assertThatCode(() -> {
                            long expected = delivered(prefix.bytes());
                            assertThat(objects(prefix.bytes(), false)).isEqualTo(expected);
                            if (prefix.bytes().length % EVERY == 0) {
                                assertThat(objects(prefix.bytes(), true)).isEqualTo(expected);
                            }
                        })
                        .as("%s", prefix)
                        .doesNotThrowAnyException());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8})
    void mutationsOfBytesAreCountedOrRefused(int idSize) {
        AtomicInteger number = new AtomicInteger();
        Damage.mutations(EveryRecord.dump(idSize))
                .filter(mutant -> number.incrementAndGet() % EVERY == 0)
                .forEach(mutant -> assertThatCode(() -> objects(mutant.bytes(), false))
                        .as("%s", mutant)
                        .doesNotThrowAnyException());
    }

    @Test
    void whatIsNoDumpIsRefusedOnAPipe() {
        byte[] core = "\u007fELF and so on".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ofPipe(core)).isInstanceOf(DumpFormatException.class);
    }
}
