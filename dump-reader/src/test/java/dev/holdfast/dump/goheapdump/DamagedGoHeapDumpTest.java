package dev.holdfast.dump.goheapdump;

import static dev.holdfast.testkit.GoHeapDumpWriter.HEAP;
import static dev.holdfast.testkit.GoHeapDumpWriter.Word.number;
import static dev.holdfast.testkit.GoHeapDumpWriter.Word.pointer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpFormatException;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.testkit.Damage;
import dev.holdfast.testkit.GoHeapDumpWriter;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DamagedGoHeapDumpTest {
    private static final DumpOptions LENIENT = DumpOptions.DEFAULT.withThreads(1);

    /** Every kind of record, objects of every kind of slot. */
    static byte[] everyRecord() {
        GoHeapDumpWriter dump = new GoHeapDumpWriter()
                .parameters("go1.26.11")
                .type(0x480000, 16, "main.errorText")
                .itab(0x490000, 0x480000);
        for (int i = 0; i < 20; i++) {
            dump.object(HEAP + 16L * i, 16, pointer(8, HEAP + 16L * (19 - i)));
        }
        for (int i = 0; i < 16; i++) {
            dump.object(HEAP + 16L * (496 + i), 16);
        }
        return dump.object(HEAP + 0x4000, 640, number(0, 0x480000), pointer(16, HEAP))
                .object(HEAP + 0x8000, 480, number(0, HEAP + 0xa000), number(8, HEAP + 0xc000))
                .object(HEAP + 0x20000, 40960, pointer(0, HEAP), pointer(40952, HEAP + 0x4008))
                .goroutine(HEAP + 0x8000, HEAP + 0xa100, 1, "select")
                .frame(HEAP + 0xa100, 0, "main.wait", 0x401000, 0x401010, 32, pointer(8, HEAP))
                .frame(HEAP + 0xa120, 1, "runtime.goexit", 0x402000, 0x402001, 8)
                .deferred(HEAP + 16, HEAP + 0x8000, HEAP + 32)
                .panic(0x500000, HEAP + 0x8000, HEAP + 48)
                .thread(HEAP + 0x4008)
                .data(0x500000, 64, pointer(0, HEAP), pointer(56, HEAP + 0x20000))
                .bss(0x600000, 64, pointer(8, HEAP + 0x4000))
                .otherRoot("root", HEAP)
                .finalizer(false, HEAP + 64, HEAP + 80)
                .finalizer(true, HEAP + 96, HEAP + 112)
                .statistics(number(2, 77), number(11, 24))
                .bucket(0x700000, 16, "main.fill", "main.go", 12)
                .sample(HEAP + 16, 0x700000)
                .end()
                .bytes();
    }

    /** Reads all that a dump gives; the only exception allowed is the documented one. */
    private static void readAll(byte[] dump, DumpOptions options) throws IOException {
        try (DumpFile file = GoHeapDumpFormat.open(dump, "damaged", options)) {
            CollectedGoDump all = CollectedGoDump.of(file);
            for (long address : all.objects.keySet()) {
                file.read(address);
                file.readReferences(address, 100);
            }
            all.objects.forEach(
                    (address, object) -> object.slots().forEach(slot -> file.referenceName(address, 1, slot)));
            file.threads();
            file.memoryClasses();
            file.identities();
            file.allocationSites();
            file.runtimeFacts();
            file.warnings();
            file.rootsLost();
        } catch (DumpFormatException e) {
            assertThat(e.getMessage()).contains("damaged");
        }
    }

    private static boolean insideTheLargestObject(int at, byte[] dump) {
        // Its contents are 40 kilobytes of zeros; a few hundred bytes of them are enough.
        int zeros = 0;
        for (int i = at; i >= 0 && dump[i] == 0; i--) {
            zeros++;
        }
        return zeros > 300;
    }

    @Test
    void everyPrefixIsReadOrRefused() {
        byte[] dump = everyRecord();
        for (int length = 0; length <= dump.length; length++) {
            if (length < dump.length && insideTheLargestObject(length, dump)) {
                continue;
            }
            Damage prefix = Damage.cut(dump, length);
            assertThatCode(() -> readAll(prefix.bytes(), LENIENT))
                    .as("%s", prefix)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void mutationsOfEveryByteAreReadOrRefused() {
        byte[] dump = everyRecord();
        for (int at = 0; at < dump.length; at++) {
            for (int kind = at % 2; kind < Damage.KINDS && !insideTheLargestObject(at, dump); kind += 2) {
                Damage mutant = Damage.mutate(dump, at, kind);
                assertThatCode(() -> readAll(mutant.bytes(), LENIENT))
                        .as("%s", mutant)
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void strictReadingOfDamageEndsWithTheOffset() {
        byte[] dump = everyRecord();
        assertThatCode(() -> readAll(dump, LENIENT.withStrict(true))).doesNotThrowAnyException();
        Damage.sampled(dump, 4, 2000)
                .forEach(damage -> assertThatCode(() -> readAll(damage.bytes(), LENIENT.withStrict(true)))
                        .as("%s", damage)
                        .doesNotThrowAnyException());
    }

    @Test
    void forgedLengthsTakeNoMemory() {
        byte[] head = new GoHeapDumpWriter().parameters("go1.26.11").bytes();
        for (int tag = 0; tag < 20; tag++) {
            // Numbers of nine bytes: lengths, counts and addresses that are as large as a long can be.
            byte[] forged = Arrays.copyOf(head, head.length + 4000);
            Arrays.fill(forged, head.length, forged.length, (byte) 0xff);
            for (int i = head.length; i + 9 < forged.length; i += 9) {
                forged[i + 8] = 0x7f;
            }
            forged[head.length] = (byte) tag;
            String what = "record " + tag;
            assertThatCode(() -> readAll(forged, LENIENT)).as(what).doesNotThrowAnyException();
        }
    }
}
