package dev.holdfast.dump.goheapdump;

import static dev.holdfast.testkit.GoHeapDumpWriter.HEAP;
import static dev.holdfast.testkit.GoHeapDumpWriter.Word.pointer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.DumpWarning;
import dev.holdfast.testkit.GoHeapDumpWriter;
import java.io.IOException;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans as the runtime fills them, written as {@code WriteHeapDump} writes them: to the span's last byte. */
class SpanTailsTest {
    private static final int PAGE = 8192;
    private static final int[] CLASSES = {8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 208, 288, 416, 480, 512};

    private long written;

    /** What {@code mheap.initSpan} computes. */
    private static int slotsOf(int size, boolean pointers, boolean markBits) {
        int reserved = (markBits && size >= 16 ? 128 : 0) + (pointers ? 128 : 0);
        return (PAGE - reserved) / size;
    }

    @ParameterizedTest
    @CsvSource({
        "go1.21.13, false, false",
        "go1.22.12, true, false",
        "go1.25.14, true, false",
        "go1.25.14 X:greenteagc, true, true",
        "go1.26.11, true, true",
        "go1.26.11 X:nogreenteagc, true, false"
    })
    void whatLiesBehindTheLastSlotIsLeftOutAndNoObjectIs(String version, boolean tails, boolean markBits)
            throws IOException {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            GoHeapDumpWriter dump = new GoHeapDumpWriter().parameters(version);
            Set<Long> expected = new TreeSet<>();
            written = 0;
            for (int page = 0; page < 60; page++) {
                span(dump, HEAP + (long) page * PAGE, tails, markBits, random, expected);
            }
            byte[] bytes =
                    dump.data(0x500000, 8).bss(0x600000, 8).statistics().end().bytes();
            try (DumpFile file = GoHeapDumpFormat.open(bytes, "dump", DumpOptions.DEFAULT)) {
                assertThat(CollectedGoDump.of(file).objects.keySet())
                        .as("seed %s", seed)
                        .containsExactlyElementsOf(expected);
                long dropped = file.warnings().stream()
                        .filter(warning -> warning.code().equals("not-objects"))
                        .mapToLong(DumpWarning::count)
                        .sum();
                assertThat(dropped).as("seed %s", seed).isEqualTo(written - expected.size());
            }
        }
    }

    private void span(
            GoHeapDumpWriter dump, long base, boolean tails, boolean markBits, Random random, Set<Long> expected) {
        int size = CLASSES[random.nextInt(CLASSES.length)];
        boolean pointers = random.nextBoolean();
        int slots = tails ? slotsOf(size, pointers, markBits) : PAGE / size;
        double full = random.nextDouble();
        boolean any = false;
        for (int slot = 0; slot < PAGE / size; slot++) {
            long address = base + (long) slot * size;
            boolean object = slot < slots;
            if (object && random.nextDouble() > full && (any || slot != slots - 1 || !pointers)) {
                continue;
            }
            any = true;
            written++;
            if (object) {
                expected.add(address);
            }
            // In spans of single words every word is marked as a pointer, up to the page's end.
            if (pointers && (object || size == 8)) {
                dump.object(address, size, pointer(random.nextInt(size / 8) * 8, HEAP));
            } else {
                dump.object(address, size);
            }
        }
    }
}
