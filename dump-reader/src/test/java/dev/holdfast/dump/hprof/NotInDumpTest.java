package dev.holdfast.dump.hprof;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.holdfast.dump.AddressSet;
import dev.holdfast.dump.DumpFile;
import dev.holdfast.dump.DumpOptions;
import dev.holdfast.dump.LayoutInfo;
import dev.holdfast.dump.Progress;
import dev.holdfast.dump.ShallowSizes;
import dev.holdfast.testkit.Fixtures;
import dev.holdfast.testkit.JvmHistogram;
import dev.holdfast.testkit.MatTables;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotInDumpTest {
    private static final long MIRROR = 112;
    private static final long START = 0x7_0000_0000L;

    private final TreeSet<Long> addresses = new TreeSet<>();
    private long end = START;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello17",
                "basic17",
                "basic17-nocoops",
                "refs17-all",
                "basic25-coh",
                "basic25-all",
                "loaders25",
                "vthreads25"
            })
    void theClassObjectsThatAreMissingAreFoundAsGaps(String name) throws Exception {
        Path folder = Fixtures.java().orElse(null);
        Assumptions.assumeTrue(folder != null, Fixtures.REASON);
        MatTables tables = MatTables.of(folder, name);
        List<JvmHistogram> histograms = tables.histograms();
        JvmHistogram.Row truth =
                requireNonNull(histograms.get(histograms.size() - 1).rows().get("java.lang.Class"));
        try (DumpFile file = DumpFile.open(tables.dump(), DumpOptions.DEFAULT.withThreads(2), Progress.NONE)) {
            CollectedDump all = CollectedDump.of(file);
            long dumped = 0;
            long dumpedBytes = 0;
            for (CollectedDump.Source source : all.sources.values()) {
                if (file.types().get(source.type()).name().equals("java.lang.Class")) {
                    dumped++;
                    dumpedBytes += all.sizes().of(source.type(), source.elements());
                }
            }
            LayoutInfo info = file.layoutInfo();

            assertThat(dumpedBytes + info.notInDumpBytes()).isEqualTo(truth.bytes());
            assertThat((double) info.notInDumpObjects())
                    .isCloseTo((double) (truth.objects() - dumped), within(0.1 * truth.objects()));
        }
    }

    @Test
    void gapsOfAHeapThatWasNotCompactedAreNoClassObjects() {
        for (int i = 0; i < 100; i++) {
            place(MIRROR, i % 4 == 0 ? 16 : 0);
            place(MIRROR, i % 10 == 0 ? 2 * MIRROR : 0);
        }

        assertThat(estimate()).isZero();
    }

    @Test
    void aFewGapsAreChance() {
        for (int i = 0; i < 100; i++) {
            place(MIRROR, i % 20 == 0 ? MIRROR : 0);
        }

        assertThat(estimate()).isZero();
    }

    @Test
    void gapsThatClassObjectsFitInCount() {
        for (int i = 0; i < 100; i++) {
            place(MIRROR, i % 4 == 0 ? MIRROR + 8 : 0);
        }
        end += 1 << 20;
        place(MIRROR, 0);

        assertThat(estimate()).isEqualTo(25 * (MIRROR + 8));
    }

    private void place(long size, long gapBehind) {
        addresses.add(end);
        end += size + gapBehind;
    }

    private long estimate() {
        ShallowSizes sizes = new ShallowSizes(new long[] {MIRROR}, new long[] {0}, 8);
        long[] mirrors = addresses.stream().mapToLong(Long::longValue).toArray();
        NotInDump notInDump = NotInDump.of(mirrors, MIRROR, MIRROR * mirrors.length, sizes, addressSet());
        NotInDump.Gaps even = notInDump.gaps();
        NotInDump.Gaps odd = notInDump.gaps();
        for (long address : mirrors) {
            (address % 16 == 0 ? even : odd).object(address, 0, 0);
        }
        even.add(odd);
        return even.bytes();
    }

    private AddressSet addressSet() {
        return new AddressSet() {
            @Override
            public int count() {
                return addresses.size();
            }

            @Override
            public long next(long address) {
                Long next = addresses.higher(address);
                return next == null ? address : next;
            }

            @Override
            public int indexOf(long address) {
                return addresses.contains(address) ? addresses.headSet(address).size() : -1;
            }
        };
    }
}
